import fc from "fast-check";
import type { Schema } from "./description.ts";
import { hostileJson, hostileName } from "./hostile-values.ts";

/** Letters of one to four bytes. */
const letters = fc.constantFrom(..."abcXYZ019 _-.é數据💥");

/** Longer strings and lists are left to the values at the bounds. */
const SHORT = 12;

/** Times as they may be written, and not. */
const TIMES = [
  ..."2026-11-02T09:00:00Z 2026-11-02T09:00:00.5+05:30 2026-02-29T00:00:00Z 2028-02-29T00:00:00Z 2026-11-31T00:00:00Z".split(" "),
  ..."2026-11-02 2026-11-02T09:00Z 2026-11-02T09:00:00 2026-11-02T24:00:00Z 2026-13-01T00:00:00Z 2026-11-02T09:60:00Z now".split(
    " ",
  ),
];

/** Values that meet a schema; a few may miss it, where it asks for more than these keywords say. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const branches = schema.oneOf ?? schema.anyOf;
  if (branches !== undefined) return fc.oneof(...branches.map(valuesOf));
  switch (schema.type) {
    case "string":
      return strings(schema);
    case "integer":
      return fc.integer({ min: schema.minimum ?? -1_000, max: Math.min(schema.maximum ?? 1_000, 2 ** 31 - 1) });
    case "number":
      return fc.double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(valuesOf(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? SHORT, 4)),
      });
    case "object":
      return objects(schema);
    default:
      return hostileJson;
  }
}

/**
 * Values at and just past the bounds of a schema, of the wrong type, or with members too many or too few: one part of each
 * value is so, the rest is as the schema asks.
 */
export function boundariesOf(schema: Schema): fc.Arbitrary<unknown> {
  const branches = schema.oneOf ?? schema.anyOf;
  if (branches !== undefined) return fc.oneof(...branches.map(boundariesOf));
  const own = edges(schema);
  const parts = [hostileJson, ...(own.length > 0 ? [fc.constantFrom(...own)] : [])];
  if (schema.type === "array" && schema.items !== undefined) {
    parts.push(fc.tuple(boundariesOf(schema.items)), ...lists(schema, schema.items));
  }
  if (schema.type === "object") parts.push(...brokenObjects(schema));
  return fc.oneof(...parts);
}

function strings({ pattern, format, minLength = 0, maxLength = SHORT }: Schema): fc.Arbitrary<string> {
  if (format === "date-time")
    return fc.oneof(
      fc.date({ noInvalidDate: true }).map((time) => time.toISOString()),
      fc.constantFrom(...TIMES),
    );
  if (pattern !== undefined) {
    const regExp = new RegExp(pattern, "u");
    try {
      return fc.stringMatching(regExp, { size: "-1" }).filter((text) => text.length <= 300);
    } catch {
      // Classes such as \p{Cc}, and look-aheads, are beyond the generator.
      return fc.string({ unit: letters, minLength, maxLength: Math.min(maxLength, SHORT) }).filter((text) => regExp.test(text));
    }
  }
  return fc.string({ unit: letters, minLength, maxLength: Math.max(minLength, Math.min(maxLength, SHORT)) });
}

function objects(schema: Schema): fc.Arbitrary<unknown> {
  const { properties, required = [], additionalProperties, propertyNames = {}, maxProperties = 4 } = schema;
  if (properties !== undefined) {
    const members = Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, valuesOf(property)]));
    return fc.record(members, { requiredKeys: [...required], noNullPrototype: true });
  }
  const values = typeof additionalProperties === "object" ? valuesOf(additionalProperties) : hostileJson;
  return fc
    .array(fc.tuple(strings(propertyNames), values), { maxLength: Math.min(maxProperties, 4) })
    .map((members) => Object.fromEntries(members));
}

function edges({ type, minimum, maximum, minLength, maxLength, pattern }: Schema): unknown[] {
  const numbers = [minimum, maximum].flatMap((bound) =>
    bound === undefined ? [] : [bound - 1, bound, bound + 1, bound + 0.5, String(bound), [bound]],
  );
  const lengths = [minLength, maxLength]
    .flatMap((bound) => (bound === undefined || bound > 5_000 ? [] : [bound - 1, bound, bound + 1]))
    .filter((length) => length >= 0);
  const patterned = pattern === undefined ? [] : [0, 1, 2, 26, 27, 32, 33, 128, 129, 256, 257];
  const texts =
    type === "string" ? [...lengths, ...patterned].flatMap((length) => ["a".repeat(length), "💥".repeat(length)]) : [];
  return [...numbers, ...texts];
}

function lists({ minItems = 0, maxItems }: Schema, items: Schema): fc.Arbitrary<unknown>[] {
  return [minItems - 1, minItems, maxItems, maxItems === undefined ? undefined : maxItems + 1]
    .filter((length): length is number => length !== undefined && length >= 0 && length <= 250)
    .map((length) => valuesOf(items).map((item) => Array.from({ length }, () => item)));
}

function brokenObjects(schema: Schema): fc.Arbitrary<unknown>[] {
  const { properties = {}, required = [], maxProperties, additionalProperties, propertyNames } = schema;
  const valid = objects(schema) as fc.Arbitrary<Record<string, unknown>>;
  const swapped = Object.entries(properties).map(([name, property]) =>
    fc.tuple(valid, boundariesOf(property)).map(([object, value]) => ({ ...object, [name]: value })),
  );
  const lacking = required.map((name) =>
    valid.map((object) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))),
  );
  const additional = fc
    .tuple(valid, hostileName, typeof additionalProperties === "object" ? boundariesOf(additionalProperties) : hostileJson)
    .map(([object, name, value]) => Object.fromEntries([...Object.entries(object), [name, value]]));
  const named =
    propertyNames === undefined
      ? []
      : [
          fc
            .tuple(boundariesOf(propertyNames), fc.string())
            .map(([name, value]) => Object.fromEntries([[typeof name === "string" ? name : JSON.stringify(name), value]])),
        ];
  const counted = [maxProperties, maxProperties === undefined ? undefined : maxProperties + 1]
    .filter((count) => count !== undefined)
    .map((count) => fc.constant(Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]))));
  return [...swapped, ...lacking, additional, ...named, ...counted];
}
