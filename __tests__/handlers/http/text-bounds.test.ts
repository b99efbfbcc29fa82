import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allSchemas, type JsonSchema } from "../../../domain/json-schema.ts";
import { textBounds } from "../../../handlers/http/text-bounds.ts";
import { Validator } from "../../../handlers/http/validator.ts";
import { runs } from "../../support/property-runs.ts";

/** The bound of each schema with a pattern, by the pattern. */
function boundsOf(root: JsonSchema): Record<string, number | undefined> {
  const bounds = textBounds(root);
  const patterned = allSchemas(root).filter(({ schema }) => "pattern" in schema);
  return Object.fromEntries(patterned.map(({ schema }) => [schema.pattern, bounds.get(schema)]));
}

const ANY = Number.POSITIVE_INFINITY;

describe("the texts that a pattern need not see", () => {
  it.each<[string, JsonSchema, Record<string, number>]>([
    ["beside it", { maxLength: 5, pattern: "a" }, { a: 5 }],
    ["nowhere", { minLength: 5, pattern: "a" }, { a: ANY }],
    ["around it", { maxLength: 5, anyOf: [{ pattern: "a" }, { maxLength: 3, pattern: "b" }] }, { a: 5, b: 3 }],
    ["in what is asked for with it", { allOf: [{ maxLength: 5 }, { pattern: "a" }] }, { a: 5 }],
    ["in what is asked for with what is around it", { allOf: [{ maxLength: 5 }], not: { pattern: "a" } }, { a: 5 }],
    ["in another branch only", { anyOf: [{ maxLength: 5 }, { pattern: "a" }] }, { a: ANY }],
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    ["in a condition only", { if: { maxLength: 5 }, then: { pattern: "a" } }, { a: ANY }],
    ["of the list, not of its items", { maxLength: 5, items: { pattern: "a" } }, { a: ANY }],
    ["of names", { propertyNames: { maxLength: 5, pattern: "a" } }, { a: 5 }],
    ["where it is referred to", { maxLength: 5, $ref: "#/$defs/x", $defs: { x: { pattern: "a" } } }, { a: 5 }],
    ["in what it refers to", { $ref: "#/$defs/x", pattern: "a", $defs: { x: { maxLength: 5 } } }, { a: 5 }],
    [
      "the largest of where it is referred to",
      {
        properties: { a: { maxLength: 5, $ref: "#/$defs/x" }, b: { maxLength: 7, $ref: "#/$defs/x" } },
        $defs: { x: { pattern: "a" } },
      },
      { a: 7 },
    ],
    [
      "nowhere, where it is referred to without",
      { properties: { a: { maxLength: 5, $ref: "#/$defs/x" }, b: { $ref: "#/$defs/x" } }, $defs: { x: { pattern: "a" } } },
      { a: ANY },
    ],
    ["beside it, where it refers to itself", { maxLength: 5, pattern: "a", anyOf: [{ $ref: "#" }] }, { a: 5 }],
    [
      "beside it only, where references cannot be followed",
      { maxLength: 9, $dynamicRef: "#x", anyOf: [{ pattern: "a", maxLength: 5 }] },
      { a: 5 },
    ],
    [
      "not around it, where references cannot be followed",
      { maxLength: 9, $dynamicRef: "#x", anyOf: [{ pattern: "a" }] },
      { a: ANY },
    ],
  ])("are longer than a bound %s", (_, schema, expected) => {
    expect(boundsOf(schema)).toEqual(expected);
  });

  it("are found in schemas that refer to each other many times over", () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 60 }, (_, level) => {
        const next = { $ref: `#/$defs/d${level + 1}` };
        return [`d${level}`, level === 59 ? { maxLength: 5, pattern: "a" } : { allOf: [next, next] }];
      }),
    );
    expect(boundsOf({ $ref: "#/$defs/d0", $defs })).toEqual({ a: 5 });
  });
});

const leaves: fc.Arbitrary<JsonSchema> = fc.constantFrom<JsonSchema>(
  { maxLength: 1 },
  { maxLength: 3 },
  { pattern: "^a" },
  { pattern: "b" },
  { maxLength: 2, pattern: "a" },
  { minLength: 2 },
);
const { schemas } = fc.letrec<{ schemas: JsonSchema }>((tie) => {
  const list = fc.array(tie("schemas"), { minLength: 1, maxLength: 3 });
  return {
    schemas: fc.oneof(
      { depthSize: "small" },
      leaves,
      fc.record({ maxLength: fc.constantFrom(1, 2, 4), anyOf: list }),
      fc.record({ allOf: list }),
      fc.record({ oneOf: list }),
      fc.record({ not: tie("schemas") }),
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      fc.record({ if: tie("schemas"), then: tie("schemas"), else: tie("schemas") }, { requiredKeys: ["if"] }),
      fc.record({ maxLength: fc.constantFrom(1, 3), $ref: fc.constantFrom("#/$defs/x", "#/$defs/y") }),
      fc.record({ items: tie("schemas") }),
    ),
  };
});
const values = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "🦜"), maxLength: 6 }),
  fc.array(fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 4 }), { maxLength: 3 }),
);

describe("a value", () => {
  it("is valid by the same rules as where every pattern sees every text", async () => {
    const validator = new Validator();
    await fc.assert(
      fc.asyncProperty(schemas, schemas, leaves, values, async (schema, x, y, value) => {
        const root = { ...schema, $defs: { x, y } };
        // A schema that refers to itself in place asks for no end of checks.
        fc.pre(!JSON.stringify(x).includes("$ref"));
        const plain = new Ajv2020({ strict: false }).validate(root, value);
        for (const size of [1, 1_000_000]) {
          expect((await validator.check(root, value, { size })).length === 0).toBe(plain);
        }
      }),
      runs(60),
    );
  });
});
