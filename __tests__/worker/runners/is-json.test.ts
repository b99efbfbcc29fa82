import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { isJson } from "../../../worker/runners/is-json.ts";
import { runs } from "../../support/property-runs.ts";

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

  it("may be nested as deep as a handler's result, which is far deeper than any parser goes, and no deeper", async () => {
    const nested = (levels: number, closed = levels) => "[".repeat(levels) + "]".repeat(closed);
    expect(await isJson(nested(250_000))).toBe(true);
    expect(await isJson(nested(250_000, 249_999))).toBe(false);
    expect(await isJson(nested(250_001))).toBe(false);
  });

  it("is the same text where it is read in several parts", async () => {
    for (const blanks of [65_530, 65_533, 65_535]) {
      const text = `${" ".repeat(blanks)}{"na\\u00e9me":[-1.5e+10,true,"\\ud83d\\ude00 😀"]}`;
      expect(await isJson(text)).toBe(true);
      expect(await isJson(`${text}x`)).toBe(false);
    }
  });

  it("that is an object tells its own members, and no others", async () => {
    const names: string[] = [];
    await isJson('{"a":{"b":[{"c":1}]},"\\u0064":[],"a":{}}', (name) => names.push(name));
    await isJson('[{"e":1}]', (name) => names.push(name));
    expect(names).toEqual(["a", "d", "a"]);
  });

  it("leaves the event loop its turns while it is checked", async () => {
    const turns = vi.fn();
    const timer = setInterval(turns, 0);
    expect(await isJson(`[${"{},".repeat(500_000)}{}]`)).toBe(true);
    clearInterval(timer);
    expect(turns.mock.calls.length).toBeGreaterThan(5);
  });
});
