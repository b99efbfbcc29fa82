import { Script } from "node:vm";
import { beforeAll, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import type { JsonSchema } from "../../../domain/json-schema.ts";
import { Validator } from "../../../handlers/http/validator.ts";
import { canaryJob } from "../../../jobs/canary/job-type.ts";

const validator = new Validator();
beforeAll(async () => {
  await validator.load();
});

function fromZod(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: "input" });
}

async function errorsOf(schema: JsonSchema | z.ZodType, value: unknown, size = 1_000): Promise<string[]> {
  const json = schema instanceof z.ZodType ? fromZod(schema) : schema;
  const errors = await validator.check(json, value, { size, at: "/input" });
  return errors.map(({ path, message }) => `${path} ${message}`);
}

describe("checking a value against a JSON Schema", () => {
  it("finds nothing wrong with a valid value", async () => {
    expect(await errorsOf(z.object({ name: z.string(), size: z.int().optional() }), { name: "a", more: 1 })).toEqual([]);
  });

  it("tells every error with its path", async () => {
    const schema = z.strictObject({ pages: z.array(z.int().min(1)), title: z.string().max(3), "a/b": z.boolean() });
    expect(await errorsOf(schema, { pages: [1, 0, "2"], title: "abcd", extra: 1 })).toEqual([
      "/input/a~1b is required",
      "/input/extra is not allowed here, only pages, title, a/b",
      "/input/pages/1 must be at least 1, not 0",
      "/input/pages/2 must be an integer, not a string",
      "/input/title must have at most 3 characters, not 4",
    ]);
  });

  it("points at the value itself where that is wrong", async () => {
    expect(await errorsOf(z.object({}), [1])).toEqual(["/input must be an object, not an array"]);
  });

  it("names the members of a record whose names are wrong", async () => {
    const schema = z.record(z.string().min(2), z.number());
    expect(await errorsOf(schema, { a: 1, bb: "2" })).toEqual([
      "/input/a the name must have at least 2 characters, not 1",
      "/input/bb must be a number, not a string",
    ]);
  });

  it("checks tuples, as draft 2020-12 writes them", async () => {
    expect(await errorsOf(z.tuple([z.string(), z.number()]), ["a", "b"])).toEqual(["/input/1 must be a number, not a string"]);
  });

  it("follows a schema that refers to itself", async () => {
    const node = z.object({
      get children() {
        return z.array(node);
      },
    });
    expect(await errorsOf(node, { children: [{ children: [] }, {}] })).toEqual(["/input/children/1/children is required"]);
  });

  it("says of an object without a member of Object.prototype's name that it is missing", async () => {
    expect(await errorsOf({ type: "object", required: ["constructor"] }, {})).toEqual(["/input/constructor is required"]);
  });

  it("cuts what it repeats of constants", async () => {
    const [error = ""] = await errorsOf({ const: "x".repeat(1_000) }, 1);
    expect(error.length).toBeLessThan(130);
  });

  it("looks for the first error only in a large value", async () => {
    expect(await errorsOf(z.array(z.string()), [1, 2, 3], 300_000)).toEqual(["/input/0 must be a string, not a number"]);
  });
});

describe("a value that misses a union", () => {
  it("is told of the branch whose constants it has", async () => {
    expect(await errorsOf(canaryJob.input, { op: "sleep", seconds: "1", more: 1 })).toEqual([
      "/input/more is not allowed here, only op, seconds, batch",
      "/input/seconds must be a number, not a string",
    ]);
  });

  it("is told of the constants when it has none of them", async () => {
    expect(await errorsOf(canaryJob.input, { op: "slepp" })).toEqual([
      '/input/op must be one of "echo", "sleep", "fail", "flaky", "checkpoints", "spin", "digest", "result", "crash", "allocate", not "slepp"',
    ]);
  });

  it("is told of the types when it has none of them", async () => {
    expect(await errorsOf(z.object({ size: z.number().nullable() }), { size: "1" })).toEqual([
      "/input/size must be a number or null, not a string",
    ]);
  });

  it("is told of the branch of its type", async () => {
    expect(await errorsOf(z.union([z.string().min(2), z.number()]), "a")).toEqual([
      "/input must have at least 2 characters, not 1",
    ]);
  });

  it("is told of every branch that it may have been meant for", async () => {
    expect(await errorsOf(z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]), {})).toEqual([
      "/input must have one of the allowed shapes",
      "/input/a is required",
      "/input/b is required",
    ]);
  });

  it("is told once of a type that several branches ask for", async () => {
    const schema = z.union([z.object({ a: z.string() }), z.object({ b: z.string() }), z.string()]);
    expect(await errorsOf(schema, 1)).toEqual(["/input must be an object or a string, not a number"]);
  });

  it("is told of the inner branch of a union within a union", async () => {
    const inner = z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("a"), size: z.number() }),
      z.object({ kind: z.literal("b") }),
    ]);
    const outer = z.discriminatedUnion("op", [z.object({ op: z.literal("x"), inner }), z.object({ op: z.literal("y") })]);
    expect(await errorsOf(outer, { op: "x", inner: { kind: "a" } })).toEqual(["/input/inner/size is required"]);
  });
});

describe("the schemas that zod writes", () => {
  const text = { email: z.email(), uri: z.url(), uuid: z.uuid(), date: z.iso.date(), dateTime: z.iso.datetime(), ip: z.ipv4() };
  const valid = {
    email: "ada@example.com",
    uri: "https://example.com/a",
    uuid: "123e4567-e89b-42d3-a456-426614174000",
    date: "2026-11-02",
    dateTime: "2026-11-02T09:00:00Z",
    ip: "192.0.2.1",
  };

  it.each(Object.keys(text) as (keyof typeof text)[])("check the format %s", async (format) => {
    const schema = fromZod(z.object({ value: text[format] }));
    expect(await validator.check(schema, { value: valid[format] }, { size: 1 })).toEqual([]);
    expect(await validator.check(schema, { value: "neither" }, { size: 1 })).not.toEqual([]);
  });

  it("may have formats that are unknown here", async () => {
    expect(await errorsOf({ type: "string", format: "postcode" }, "x")).toEqual([]);
  });

  it("may have patterns that only older JavaScript takes", async () => {
    expect(await errorsOf({ type: "string", pattern: "^a\\_b$" }, "a_c")).toEqual([
      '/input must match the pattern ^a\\_b$, and "a_c" does not',
    ]);
  });

  it("may share an $id", async () => {
    expect(await errorsOf({ $id: "https://example.com/input", type: "string" }, 1)).toEqual([
      "/input must be a string, not a number",
    ]);
    expect(await errorsOf({ $id: "https://example.com/input", type: "number" }, 1)).toEqual([]);
  });
});

describe("patterns", () => {
  /** The texts that a pattern was run on while a value was checked. */
  async function seenBy(
    pattern: string,
    schema: JsonSchema,
    value: unknown,
    size = 1,
  ): Promise<{ texts: string[]; errors: string[] }> {
    const texts: string[] = [];
    const spy = vi.spyOn(RegExp.prototype, "test").mockImplementation(function (this: RegExp, text: string) {
      if (this.source === pattern) texts.push(text);
      return this.exec(text) !== null;
    });
    try {
      const errors = await validator.check(schema, value, { size });
      return { texts, errors: errors.map(({ path, message }) => `${path} ${message}`) };
    } finally {
      spy.mockRestore();
    }
  }

  const blanks = " ".repeat(80_000);
  const limited = z.string().max(20).regex(/\s+$/);

  it.each<[string, JsonSchema, unknown, string]>([
    ["beside it", fromZod(limited), blanks, ""],
    ["in a union", fromZod(z.object({ a: z.union([limited, z.number()]) })), { a: blanks }, "/a"],
    ["of the names of a record", fromZod(z.record(limited, z.number())), { [blanks]: 1 }, `/${blanks}`],
    ["of an intersection", fromZod(z.string().max(20).and(z.string().regex(/\s+$/))), blanks, ""],
    ["of several patterns", fromZod(limited.regex(/a/)), blanks, ""],
    ["of a schema that is referred to", { $ref: "#/$defs/x", $defs: { x: { maxLength: 20, pattern: "\\s+$" } } }, blanks, ""],
  ])("do not see a text that is longer than the bound %s", async (_, schema, value, path) => {
    for (const size of [1, 1_000_000]) {
      const { texts, errors } = await seenBy("\\s+$", schema, value, size);
      expect(texts).toEqual([]);
      expect(errors.some((error) => error.startsWith(path) && error.includes("at most 20 characters"))).toBe(true);
    }
  });

  it("see a text that is not, counted in characters", async () => {
    for (const text of ["a ", `${"🦜".repeat(19)} `, "\ud800".repeat(20)]) {
      expect((await seenBy("\\s+$", fromZod(limited), text)).texts).toEqual([text]);
    }
    expect((await seenBy("\\s+$", fromZod(limited), "🦜".repeat(21))).texts).toEqual([]);
  });

  it("say what they ask for", async () => {
    expect(await errorsOf(limited, "abc")).toEqual(['/input must match the pattern \\s+$, and "abc" does not']);
    expect(await errorsOf(limited, "a".repeat(21))).toEqual(["/input must have at most 20 characters, not 21"]);
  });

  it("are stopped when they take too long, and the value is refused", async () => {
    for (const schema of [
      { pattern: "^(\\w+\\s?)*$" },
      { items: { anyOf: [{ pattern: "^(a|a)*$" }, { type: "number" }] } },
      { patternProperties: { "^(\\w+\\s?)*$": true } },
      { propertyNames: { pattern: "^(\\w+\\s?)*$" } },
    ]) {
      const text = `${"a".repeat(60)}!`;
      const value = "pattern" in schema ? text : "items" in schema ? [text] : { [text]: 1 };
      expect(await validator.check(schema, value, { size: 1, at: "/input", limitMs: 30 })).toEqual([
        { path: "/input", message: "cannot be checked within 30 ms: its schema takes too long for what it holds" },
      ]);
    }
  });

  it("are stopped wherever they stand, and so are comparisons of many items", async () => {
    const text = `${"a".repeat(60)}!`;
    for (const [schema, value] of [
      [{ items: { $ref: "#/x-shared/words" }, "x-shared": { words: { pattern: "^(\\w+\\s?)*$" } } }, [text]],
      [{ dependencies: { a: { properties: { b: { pattern: "^(\\w+\\s?)*$" } } } } }, { a: 1, b: text }],
      [{ uniqueItems: true }, Array.from({ length: 100_000 }, (_, item) => [item])],
    ] as const) {
      expect(await validator.check(schema, value, { size: 1, limitMs: 30 })).toMatchObject([{ path: "" }]);
    }
  });

  it("are stopped at the value among many that takes too long, which is named after those before it", async () => {
    const texts = ["good words", "no!", `${"a".repeat(60)}!`, "never seen!"];
    const values = texts.map((value, index) => ({ value, size: 1, at: `/items/${index}` }));
    expect(await validator.checkAll({ pattern: "^(\\w+\\s?)*$" }, values, { limitMs: 100 })).toEqual([
      { path: "/items/1", message: expect.stringContaining('"no!" does not') },
      { path: "/items/2", message: expect.stringContaining("cannot be checked within 100 ms") },
    ]);
  });

  it("have one limit for many values, as each costs time of its own", async () => {
    const limits = vi.spyOn(Script.prototype, "runInContext");
    const values = Array.from({ length: 300 }, (_, index) => ({ value: "a", size: 1, at: `/items/${index}` }));
    expect(await validator.checkAll({ pattern: "^a$" }, values, { limitMs: 60_000 })).toEqual([]);
    expect(limits).toHaveBeenCalledTimes(1);
    limits.mockRestore();
  });

  it("leave the validator fit for the next value when they were stopped", async () => {
    const schema = { type: "string", pattern: "^(\\w+\\s?)*$" };
    await validator.check(schema, `${"a".repeat(60)}!`, { size: 1, limitMs: 30 });
    expect(await validator.check(schema, "good words", { size: 1, limitMs: 60_000 })).toEqual([]);
    expect(await validator.check(schema, 7, { size: 1, limitMs: 60_000 })).toEqual([
      { path: "", message: "must be a string, not a number" },
    ]);
  });

  it("that need more memory than there is refuse the value too", async () => {
    const text = "A".repeat(20_000_000);
    expect(await validator.check(fromZod(z.base64()), text, { size: 1, limitMs: 60_000 })).toMatchObject([{ path: "" }]);
  });
});
