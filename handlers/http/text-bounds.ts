import { allSchemas, type JsonSchema, subschemas } from "@autoscaling-job-queues/domain/json-schema";

/** What says nothing about how long a text may be. */
const ANY_LENGTH = Number.POSITIVE_INFINITY;

/** Where a reference leads to; undefined where there is none. */
type Follow = (schema: JsonSchema) => JsonSchema | undefined;

/**
 * For each schema within a schema, how many characters a text may have for this schema to matter: for any longer one,
 * `maxLength` has failed already, here or in a schema around that asks for both. A pattern need not, and so must not, be run on it.
 *
 * A schema that is referred to from several places has the largest of their bounds. Where a reference is not a JSON pointer, it is
 * unknown what is referred to from where: then schemas around, and references, do not count.
 */
export function textBounds(root: JsonSchema): ReadonlyMap<JsonSchema, number> {
  const all = allSchemas(root).map(({ schema }) => schema);
  const isClear = all.every((schema) => isFollowable(schema, root));
  const follow: Follow = (schema) => (isClear ? referred(schema, root) : undefined);
  const longest = new Map<JsonSchema, number>();
  const bounds = new Map<JsonSchema, number>();
  const visit = (schema: JsonSchema, around: number): void => {
    const bound = Math.min(around, longestOf(schema, follow, longest));
    // Only a larger bound can change anything further in, so schemas that refer to themselves end.
    if ((bounds.get(schema) ?? -1) >= bound) return;
    bounds.set(schema, bound);
    for (const { schema: inner, path, inPlace } of subschemas(schema)) {
      const isDefinition = path[0] === "$defs" || path[0] === "definitions";
      if (!isDefinition) visit(inner, inPlace ? bound : ANY_LENGTH);
    }
    const target = follow(schema);
    if (target !== undefined) visit(target, bound);
  };
  if (!isClear) return new Map(all.map((schema) => [schema, longestOf(schema, follow, longest)]));
  visit(root, ANY_LENGTH);
  return bounds;
}

/** The most characters that a schema allows: by itself, by all of its `allOf`, and by what it refers to. */
function longestOf(schema: JsonSchema, follow: Follow, known: Map<JsonSchema, number>): number {
  const found = known.get(schema);
  if (found !== undefined) return found;
  // What is met again on the way says nothing new.
  known.set(schema, ANY_LENGTH);
  const { maxLength, allOf } = schema;
  const target = follow(schema);
  const required = [...(Array.isArray(allOf) ? allOf.filter(isSchema) : []), ...(target === undefined ? [] : [target])];
  const own = typeof maxLength === "number" ? maxLength : ANY_LENGTH;
  const bound = Math.min(own, ...required.map((one) => longestOf(one, follow, known)));
  known.set(schema, bound);
  return bound;
}

function isFollowable(schema: JsonSchema, root: JsonSchema): boolean {
  const { $ref, $dynamicRef, $recursiveRef, $id } = schema;
  if ($dynamicRef !== undefined || $recursiveRef !== undefined || ($id !== undefined && schema !== root)) return false;
  return $ref === undefined || referred(schema, root) !== undefined;
}

/** The schema that `$ref` points to by JSON pointer. */
function referred({ $ref }: JsonSchema, root: JsonSchema): JsonSchema | undefined {
  if (typeof $ref !== "string" || !/^#(?:\/|$)/.test($ref)) return undefined;
  let at: unknown = root;
  for (const name of decodeURIComponent($ref.slice(1)).split("/").slice(1)) {
    const key = name.replaceAll("~1", "/").replaceAll("~0", "~");
    at = isObject(at) && Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined;
  }
  return isSchema(at) ? at : undefined;
}

function isSchema(value: unknown): value is JsonSchema {
  return isObject(value) && !Array.isArray(value);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
