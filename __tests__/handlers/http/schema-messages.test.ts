import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { JsonSchema } from "../../../domain/json-schema.ts";
import { Validator } from "../../../handlers/http/validator.ts";

const validator = new Validator();

async function errorsOf(schema: JsonSchema, value: unknown): Promise<string[]> {
  return (await validator.check(schema, value, { size: 1 })).map(({ path, message }) => `${path} ${message}`);
}

const named = (properties: JsonSchema, more: JsonSchema = {}): JsonSchema => ({ type: "object", properties, ...more });

describe("what is said of a value that misses its schema", () => {
  it.each<[JsonSchema, unknown, string]>([
    [{ type: "object" }, "a", " must be an object, not a string"],
    [{ type: "array" }, {}, " must be an array, not an object"],
    [{ type: "string" }, null, " must be a string, not null"],
    [{ type: "integer" }, 1.5, " must be an integer, not 1.5"],
    [{ type: "integer" }, true, " must be an integer, not true"],
    [{ type: ["number", "null"] }, [], " must be a number or null, not an array"],
    [{ type: "boolean" }, "yes", " must be true or false, not a string"],
    [{ required: ["a"] }, {}, "/a is required"],
    [{ dependentRequired: { a: ["b"] } }, { a: 1 }, "/b is required beside a"],
    [named({ a: {}, b: {} }, { additionalProperties: false }), { c: 1 }, "/c is not allowed here, only a, b"],
    [{ additionalProperties: false }, { c: 1 }, "/c is not allowed here, nothing is"],
    [named({ a: {} }, { patternProperties: { "^x": {} }, additionalProperties: false }), { c: 1 }, "/c is not allowed here"],
    [named({ a: {} }, { unevaluatedProperties: false }), { c: 1 }, "/c is not allowed here"],
    [{ enum: ["a", 1, null] }, "b", ' must be one of "a", 1, null, not "b"'],
    [{ const: { a: 1 } }, { a: 2 }, ' must be {"a":1}, not an object'],
    [{ minimum: 1 }, 0, " must be at least 1, not 0"],
    [{ maximum: 5 }, Number.POSITIVE_INFINITY, " must be at most 5, not Infinity"],
    [{ exclusiveMinimum: 0 }, 0, " must be more than 0, not 0"],
    [{ exclusiveMaximum: 1 }, 1, " must be less than 1, not 1"],
    [{ multipleOf: 5 }, 7, " must be a multiple of 5, not 7"],
    [{ minLength: 1 }, "", " must have at least 1 character, not 0"],
    [{ maxLength: 2 }, "🦜🦜🦜", " must have at most 2 characters, not 3"],
    [{ minItems: 2 }, [1], " must have at least 2 items, not 1"],
    [{ maxItems: 1 }, [1, 2], " must have at most 1 item, not 2"],
    [{ minProperties: 1 }, {}, " must have at least 1 member, not 0"],
    [{ maxProperties: 1 }, { a: 1, b: 1 }, " must have at most 1 member, not 2"],
    [{ uniqueItems: true }, [1, 2, 1], " must not have an item twice: items 0 and 2 are the same"],
    [{ contains: { const: 1 } }, [2], " must have at least 1 of the items that its schema asks for"],
    [{ pattern: "^\\d+$" }, "x", ' must match the pattern ^\\d+$, and "x" does not'],
    [{ format: "uri" }, "x", ' must be an absolute URL, not "x"'],
    [{ not: { type: "string" } }, "x", " must not have the shape that its schema rules out"],
    [{ oneOf: [{ type: "number" }, { minimum: 0 }] }, 1, " fits several of the shapes of which it must have exactly one"],
    [{ pattern: "^a$", "x-message": "must be the letter a" }, "b", " must be the letter a"],
  ])("%j: %j", async (schema, value, expected) => {
    expect(await errorsOf(schema, value)).toContain(expected);
  });

  it.each([
    [z.email(), "an email address"],
    [z.uuid(), "a UUID"],
    [z.iso.date(), "a date (2026-11-29)"],
    [z.iso.datetime(), "a date and time (2026-11-29T09:00:00Z)"],
    [z.url(), "an absolute URL"],
    [z.ipv4(), "an IPv4 address"],
  ])("names the format, not the pattern that zod writes for it", async (text, format) => {
    expect(await errorsOf(z.toJSONSchema(text), "neither")).toEqual([` must be ${format}, not "neither"`]);
  });

  it("is one line, however large the value and the schema", async () => {
    const names = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`member${index}`, {}]));
    const long = "x".repeat(100_000);
    for (const [schema, value] of [
      [named(names, { additionalProperties: false }), { x: 1 }],
      [{ pattern: "^a$" }, long],
      [{ const: "a" }, long],
      [{ const: 1 }, Array(10_000).fill(long)],
    ] as const) {
      const [error = ""] = await errorsOf(schema, value);
      expect(error.length).toBeLessThan(250);
    }
  });
});
