import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { isJson } from "../../worker/json-text.ts";
import { runs } from "../support/property-runs.ts";

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Pieces of JSON in any order, most of them no JSON. */
const pieces = fc
  .array(fc.constantFrom("{", "}", "[", "]", ",", ":", '"a"', '"', "\\", "1", "-", "0.5e3", "true", "nul", " ", "\n", "\u00a0"), {
    maxLength: 8,
  })
  .map((parts) => parts.join(""));

/** JSON with a character taken out, doubled or replaced. */
const damaged = fc
  .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", '"', "]", "}", "0", "\t"))
  .map(([json, at, put]) => json.slice(0, at % json.length) + put + json.slice((at % json.length) + 1));

describe("a text", () => {
  it.each(["0", " [1, -2.5e-3] ", '{"a":{"b":[null,true,"\\u00e9\\\\\\""]},"":[]}', "{}", "[[],{}]", '"\\\\"'])(
    "is JSON: %s",
    async (text) => {
      expect(await isJson(text)).toBe(true);
    },
  );

  it.each([
    "",
    " ",
    "{",
    "]",
    "[1,]",
    "[,1]",
    '{"a"}',
    '{"a":1,}',
    "{1:2}",
    "[1}",
    "1 2",
    "01",
    "'a'",
    '"a',
    '"\n"',
    '"\\x"',
    "NaN",
  ])("is no JSON: %s", async (text) => {
    expect(await isJson(text)).toBe(false);
  });

  it("is JSON exactly where JSON.parse takes it", async () => {
    const text = fc.oneof(fc.json(), pieces, damaged);
    await fc.assert(
      fc.asyncProperty(text, async (json) => {
        expect(await isJson(json)).toBe(parses(json));
      }),
      runs(2_000),
    );
  });

  it("is taken as no JSON where it is nested deeper than V8 writes", async () => {
    expect(await isJson("[".repeat(6_000) + "]".repeat(6_000))).toBe(false);
  });

  it("leaves the event loop its turns while it is checked", async () => {
    const turns = vi.fn();
    const timer = setInterval(turns, 0);
    expect(await isJson(`[${"{},".repeat(500_000)}{}]`)).toBe(true);
    clearInterval(timer);
    expect(turns.mock.calls.length).toBeGreaterThan(5);
  });
});
