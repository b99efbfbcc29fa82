import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { inputSchema } from "../../domain/input-schema.ts";
import { runs } from "../support/property-runs.ts";

function patternOf(schema: z.ZodType): unknown {
  return inputSchema(schema).pattern;
}

describe("a job type's schema as JSON Schema", () => {
  it("is the one that callers fill in, before defaults", () => {
    expect(inputSchema(z.object({ size: z.int().min(1).default(3) }))).toMatchObject({
      type: "object",
      properties: { size: { type: "integer", minimum: 1, default: 3 } },
    });
    expect(inputSchema(z.object({ size: z.int().default(3) }))).not.toHaveProperty("required");
  });

  it.each([/^[a-z]+$/i, /^a$/m, /^.$/s, /a/y, /[\p{L}--[a-z]]/v])(
    "refuses the pattern %s, whose flag it would lose",
    (pattern) => {
      for (const schema of [
        z.string().regex(pattern),
        z.object({ names: z.array(z.string().max(5).regex(pattern)).optional() }),
        z.record(z.string().regex(pattern), z.number()),
        z.looseRecord(z.string().regex(pattern), z.number()),
        z.email({ pattern }),
      ]) {
        expect(() => inputSchema(schema)).toThrow(`the pattern ${pattern} has flags that JSON Schema does not know`);
      }
    },
  );

  it("keeps patterns whose flags change nothing", () => {
    expect(patternOf(z.string().regex(/^a$/u))).toBe("^a$");
    expect(patternOf(z.string().regex(/^a$/dg))).toBe("^a$");
    expect(patternOf(z.emoji())).toEqual(expect.any(String));
  });

  it.each([
    [z.string().endsWith(".pdf"), "\\.pdf$"],
    [z.string().regex(/.*?a/), "a"],
    [z.string().regex(/^.*a/), "^.*a"],
    [z.string().regex(/a.*/), "a.*"],
  ])("drops what a pattern begins with and does not need", (schema, pattern) => {
    expect(patternOf(schema)).toBe(pattern);
  });

  it("means the same without that beginning", () => {
    const suffixes = fc.constantFrom(".pdf", "b", "\n", "a\nb");
    const texts = fc.string({ unit: fc.constantFrom("a", "b", ".", "p", "d", "f", "\n", "🦜"), maxLength: 12 });
    fc.assert(
      fc.property(suffixes, texts, (suffix, text) => {
        const schema = z.string().endsWith(suffix);
        expect(new RegExp(patternOf(schema) as string, "u").test(text)).toBe(schema.safeParse(text).success);
      }),
      runs(300),
    );
  });

  it("leaves data that looks like a pattern alone", () => {
    const schema = z.object({ rule: z.object({ pattern: z.string() }).default({ pattern: ".*a" }) });
    expect(JSON.stringify(inputSchema(schema))).toContain('"default":{"pattern":".*a"}');
  });
});
