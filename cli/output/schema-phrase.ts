/** JSON Schema, as far as it is put in words. What an API answers may be any. */
export type Schema = Readonly<Record<string, unknown>>;

export function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The schemas of a keyword that is a list of them. */
export function schemasOf(value: unknown): readonly Schema[] {
  return Array.isArray(value) ? value.filter(isSchema) : [];
}

/** The alternatives of a value, one of which it is. */
export function alternativesOf({ oneOf, anyOf }: Schema): readonly Schema[] {
  return schemasOf(oneOf ?? anyOf);
}

/** Longer ones tell a reader less than trying does. */
const LONGEST_PATTERN = 40;

/** What a value is and how far it may go, such as `text of 1 to 200 characters`; its members are not among it. */
export function schemaPhrase(schema: Schema): string {
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 0) return inWords([...new Set(alternatives.map(schemaPhrase))]);
  if ("const" in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return inWords(schema.enum.map((value) => JSON.stringify(value)));
  if (typeof schema.$ref === "string") return schema.$ref.split("/").at(-1) ?? schema.$ref;
  const types = [schema.type].flat().filter((type) => typeof type === "string");
  return types.length === 0 ? "any value" : inWords(types.map((type) => TYPES[type]?.(schema) ?? type));
}

const TYPES: Readonly<Record<string, (schema: Schema) => string>> = {
  string: (schema) => {
    const { format, pattern, minLength, maxLength } = schema;
    const kind = typeof format === "string" ? `text (${format})` : "text";
    const isShort = typeof pattern === "string" && pattern.length <= LONGEST_PATTERN && format === undefined;
    return `${kind}${span(minLength, maxLength, "character")}${isShort ? ` like ${pattern}` : ""}`;
  },
  number: (schema) => `number${limits(schema)}`,
  integer: (schema) => `whole number${limits(schema)}`,
  boolean: () => "true or false",
  null: () => "null",
  array: ({ items, minItems, maxItems }) => {
    const each = isSchema(items) ? `, each ${schemaPhrase(items)}` : "";
    return `list${span(minItems, maxItems, "item")}${each}`;
  },
  object: ({ properties, additionalProperties }) => {
    const isMap = isSchema(additionalProperties) && Object.keys(additionalProperties).length > 0;
    return `object${properties === undefined && isMap ? `, each member ${schemaPhrase(additionalProperties)}` : ""}`;
  },
};

function limits({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: Schema): string {
  const [min, max] = [bound(minimum), bound(maximum)];
  const [above, below] = [bound(exclusiveMinimum), bound(exclusiveMaximum)];
  const said = [
    min !== undefined && max !== undefined ? `from ${min} to ${max}` : undefined,
    min !== undefined && max === undefined ? `of at least ${min}` : undefined,
    max !== undefined && min === undefined ? `of at most ${max}` : undefined,
    above === undefined ? undefined : `above ${above}`,
    below === undefined ? undefined : `below ${below}`,
    typeof multipleOf === "number" ? `in steps of ${multipleOf}` : undefined,
  ].filter((text) => text !== undefined);
  return said.length === 0 ? "" : ` ${said.join(" and ")}`;
}

/** What every whole number of JavaScript keeps says nothing. */
function bound(value: unknown): string | undefined {
  return typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? count(value) : undefined;
}

function span(min: unknown, max: unknown, unit: string): string {
  const [least, most] = [typeof min === "number" && min > 0 ? min : undefined, typeof max === "number" ? max : undefined];
  if (least === undefined && most === undefined) return "";
  const units = (most ?? least) === 1 ? unit : `${unit}s`;
  if (most === undefined) return ` of at least ${count(least)} ${units}`;
  if (least === undefined) return ` of at most ${count(most)} ${units}`;
  return least === most ? ` of ${count(most)} ${units}` : ` of ${count(least)} to ${count(most)} ${units}`;
}

function count(value: number | undefined): string {
  return (value ?? 0).toLocaleString("en-US", { maximumFractionDigits: 20 });
}

function inWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
