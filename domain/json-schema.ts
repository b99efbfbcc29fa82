/** JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A schema within another. */
export interface Subschema {
  readonly schema: JsonSchema;
  /** Keywords and names from the outer schema to it. */
  readonly path: readonly string[];
  /** Whether it judges the value that the outer schema judges, and not a part of it. */
  readonly inPlace: boolean;
}

interface Applicator {
  /** What stands under the keyword: one schema, a list of them, or schemas by name. */
  readonly holds: "schema" | "list" | "map";
  readonly inPlace?: boolean;
}

/** The keywords that hold schemas. Under all others stands data, which may look like a schema but is not. */
const APPLICATORS: Readonly<Record<string, Applicator>> = {
  allOf: { holds: "list", inPlace: true },
  anyOf: { holds: "list", inPlace: true },
  oneOf: { holds: "list", inPlace: true },
  not: { holds: "schema", inPlace: true },
  if: { holds: "schema", inPlace: true },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { holds: "schema", inPlace: true },
  else: { holds: "schema", inPlace: true },
  dependentSchemas: { holds: "map", inPlace: true },
  // Of older drafts; ajv knows it still.
  dependencies: { holds: "map", inPlace: true },
  properties: { holds: "map" },
  patternProperties: { holds: "map" },
  additionalProperties: { holds: "schema" },
  unevaluatedProperties: { holds: "schema" },
  propertyNames: { holds: "schema" },
  items: { holds: "schema" },
  prefixItems: { holds: "list" },
  contains: { holds: "schema" },
  unevaluatedItems: { holds: "schema" },
  contentSchema: { holds: "schema" },
  $defs: { holds: "map" },
  definitions: { holds: "map" },
};

/** The schemas that stand directly in a schema. */
export function subschemas(schema: JsonSchema): Subschema[] {
  return Object.entries(schema).flatMap(([keyword, content]) => {
    const applicator = Object.hasOwn(APPLICATORS, keyword) ? APPLICATORS[keyword] : undefined;
    if (applicator === undefined || !isObject(content)) return [];
    const { holds, inPlace = false } = applicator;
    const held = holds === "schema" ? [[keyword, content]] : Object.entries(content);
    return held.flatMap(([name, inner]) => {
      const path = holds === "schema" ? [keyword] : [keyword, name as string];
      return isObject(inner) && !Array.isArray(inner) ? [{ schema: inner as JsonSchema, path, inPlace }] : [];
    });
  });
}

/** A schema and all within it, each with the way to it. */
export function allSchemas(schema: JsonSchema, path: readonly string[] = []): { schema: JsonSchema; path: readonly string[] }[] {
  const inner = subschemas(schema).flatMap((one) => allSchemas(one.schema, [...path, ...one.path]));
  return [{ schema, path }, ...inner];
}

/**
 * A pattern as the API runs it: with the flag `u`, as JSON Schema asks for. Some patterns that JavaScript takes without the flag are
 * errors with it, such as an escaped underscore.
 *
 * @throws SyntaxError when it is not a regular expression either way.
 */
export function patternRegExp(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return new RegExp(pattern);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
