import type * as z from "zod";

/** What zod tells of a schema (`schema.def`), as far as it holds values, or other schemas. */
interface Definition {
  readonly type?: string;
  /** Of `default` and `prefault`: zod copies its first level. */
  defaultValue?: unknown;
  /** Of `catch`. */
  catchValue?: (context: unknown) => unknown;
}

/** A schema's inside. */
interface Inside {
  readonly def: Definition;
  /** Of `lazy`: made when it is first asked for. */
  readonly innerType?: unknown;
}

const prepared = new WeakSet<object>();

/**
 * Has a schema make a copy of its defaults for each input: a handler may change its input, and the next job must not find that. Each
 * schema is changed once; where it has no defaults, nothing is.
 */
export function giveOwnDefaults(schema: z.ZodType): void {
  if (!isSchema(schema) || prepared.has(schema)) return;
  prepared.add(schema);
  const inside = schema._zod as unknown as Inside;
  const { def } = inside;
  if (def.type === "default" || def.type === "prefault") {
    const original = Object.getOwnPropertyDescriptor(def, "defaultValue");
    const read = (): unknown => (original?.get === undefined ? original?.value : original.get.call(def));
    Object.defineProperty(def, "defaultValue", { get: () => copied(read()), configurable: true, enumerable: true });
  }
  if (def.type === "catch") {
    const { catchValue } = def;
    def.catchValue = (context) => copied(catchValue?.(context));
  }
  if (def.type === "lazy") prepare(inside.innerType);
  for (const [name, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(def))) {
    // Reading a default may make one.
    if (name !== "defaultValue") prepare(get === undefined ? value : get.call(def));
  }
}

/** A schema, some in a list, or by their names. */
function prepare(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) prepare(item);
  else if (isSchema(value)) giveOwnDefaults(value);
  else if (isPlain(value)) for (const member of Object.values(value)) if (isSchema(member)) giveOwnDefaults(member);
}

/** What is neither a plain object nor an array, such as a `Date`, stays as it is. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copied(member)]));
}

function isSchema(value: unknown): value is z.ZodType {
  return typeof value === "object" && value !== null && "_zod" in value;
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}
