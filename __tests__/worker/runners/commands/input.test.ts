import { describe, expect, it } from "vitest";
import * as z from "zod";
import { commandInput } from "../../../../worker/runners/commands/input.ts";

const read = (input: z.ZodType, text: string) => commandInput({ input }, text);
const big = "1970670598291982290";

describe("the input of a command", () => {
  it.each([
    ["any JSON", z.unknown(), ` { "b" : [${big},1e400,1.10,-0], "10":1, "2":"\\u00e9" } `],
    ["an object", z.object({ a: z.number(), b: z.string().default("none") }), `{"b":"", "a": ${big}}`],
    ["an object of any names", z.looseObject({ a: z.number() }), `{"10":1.10,"2":1e2,"a":${big}}`],
    ["a list", z.array(z.number()), `[${big}, 0.12345678901234567890123]`],
  ])("is the text that was sent, where the schema changes nothing: %s", async (_, schema, text) => {
    expect(await read(schema, text)).toBe(text);
  });

  it.each([
    ["a default", z.object({ a: z.number(), top: z.number().default(5) }), `{"a":${big}}`, `{"a":${big},"top":5}`],
    [
      "a default within",
      z.object({ a: z.array(z.object({ n: z.number(), m: z.number().default(1) })) }),
      `{"a":[{"n":${big}},{"m":1.10,"n":1e2}]}`,
      `{"a":[{"n":${big},"m":1},{"m":1.10,"n":1e2}]}`,
    ],
    [
      "the order of the schema",
      z.object({ top: z.number().default(5), b: z.unknown(), a: z.unknown() }),
      `{"a":-0,"b":${big}}`,
      `{"a":-0,"b":${big},"top":5}`,
    ],
    ["members that the schema drops", z.object({ a: z.number() }), `{"a":${big},"b":${big}}`, `{"a":${big}}`],
    ["another text", z.object({ t: z.string().trim(), n: z.number() }), `{"t":" x ","n":${big}}`, `{"t":"x","n":${big}}`],
    ["a number that is kept", z.object({ n: z.number().transform((n) => n * 2) }), '{"n":1.5}', '{"n":3}'],
    ["a date", z.object({ d: z.coerce.date() }), '{"d":"2026-11-02"}', '{"d":"2026-11-02T00:00:00.000Z"}'],
  ])("keeps its digits beside what the schema changes: %s", async (_, schema, text, expected) => {
    expect(await read(schema, text)).toBe(expected);
  });

  it.each<[string, z.ZodType, string, RegExp]>([
    ["the schema reckons with it", z.object({ n: z.number().transform((n) => n * 2) }), `{"n":${big}}`, /\/input\/n: must be/],
    ["it makes a text of it", z.object({ a: z.array(z.coerce.string()) }), `{"a":[1,${big}]}`, /\/input\/a\/1: must be/],
    [
      "it makes something of what it is in",
      z.object({ n: z.number() }).transform(({ n }) => [n]),
      `{"n":${big}}`,
      /\/input: must/,
    ],
  ])("is refused with the place of a number that no double holds where %s", async (_, schema, text, message) => {
    const error = { name: "PermanentError", code: "InvalidInput", message: expect.stringMatching(message) };
    await expect(read(schema, text)).rejects.toMatchObject(error);
  });

  it.each<[string, z.ZodType, RegExp]>([
    ["a BigInt", z.object({ n: z.string().transform((digits) => BigInt(digits)) }), /a BigInt at \/input\/n/],
    ["a Map", z.object({ n: z.string().transform((text) => new Map([[text, 1]])) }), /an instance of Map at \/input\/n/],
  ])("is refused where the schema makes of it what no JSON holds: %s", async (_, schema, message) => {
    const error = { name: "PermanentError", code: "InvalidInput", message: expect.stringMatching(message) };
    await expect(read(schema, '{"n":"12"}')).rejects.toMatchObject(error);
  });

  it("is refused where it misses the schema", async () => {
    await expect(read(z.object({ a: z.number() }), '{"a":"b"}')).rejects.toMatchObject({ code: "InvalidInput" });
  });
});
