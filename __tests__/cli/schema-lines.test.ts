import { describe, expect, it } from "vitest";
import * as z from "zod";
import { schemaLines } from "../../cli/output/schema-lines.ts";
import canary from "../../jobs/canary/job-type.ts";

const linesOf = (schema: z.ZodType, width = 100): string[] => schemaLines(z.toJSONSchema(schema, { io: "input" }), width);

describe("what a type takes", () => {
  it("is each member with its type, limits, and whether it is required", () => {
    const schema = z.strictObject({
      text: z.string().min(1).max(200_000).meta({ description: "The text" }),
      day: z.union([z.iso.date(), z.literal("yesterday")]),
      top: z.int().min(1).max(100).default(10),
      share: z.number().gt(0).lt(1).optional(),
      count: z.int(),
      kinds: z.array(z.enum(["a", "b"])).max(3),
      sums: z.record(z.string(), z.boolean()),
      free: z.unknown(),
    });
    expect(linesOf(schema)).toEqual([
      "  text   text of 1 to 200,000 characters; required. The text",
      '  day    text (date) or "yesterday"; required',
      "  top    whole number from 1 to 100; by default 10",
      "  share  number above 0 and below 1; optional",
      "  count  whole number; required",
      '  kinds  list of at most 3 items, each "a" or "b"; required',
      "  sums   object, each member true or false; required",
      "  free   any value; required",
    ]);
  });

  it("has the members of members below them, also of a list's", () => {
    const schema = z.object({ series: z.array(z.object({ name: z.string(), values: z.array(z.number().nullable()).min(1) })) });
    expect(linesOf(schema)).toEqual([
      "  series  list, each object; required",
      "    name    text; required",
      "    values  list of at least 1 item, each number or null; required",
    ]);
  });

  it("is told by alternative, with what all of them have once", () => {
    const lines = linesOf(canary.input);
    expect(lines).toEqual(expect.arrayContaining(['  op: "sleep"', "    seconds  number from 0 to 3,600; required"]));
    expect(lines.filter((line) => line.includes("batch"))).toHaveLength(2);
    expect(lines.length).toBeLessThan(40);
  });

  it("breaks between words where the terminal is narrow, and shows nothing that acts on it", () => {
    const schema = z.object({ text: z.string().meta({ description: `${"word ".repeat(20)}\u001b[2J` }) });
    const lines = linesOf(schema, 40);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.every((line) => line.length <= 40)).toBe(true);
    expect(lines.join("")).not.toContain("\u001b[2J");
  });

  it.each([[undefined], [true], [{}], [{ type: 7, properties: [1], required: "x", oneOf: "y" }], [{ properties: { a: 1 } }]])(
    "whatever an API answers for a schema, such as %j",
    (schema) => {
      expect(schemaLines(schema, 80).length).toBeGreaterThan(0);
    },
  );
});
