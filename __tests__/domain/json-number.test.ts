import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalNumber, exactJson, isKept, mayHoldLongNumbers, unkeptNumbers } from "../../domain/json-number.ts";
import { isHeld } from "../support/json-oracles.ts";
import { runs } from "../support/property-runs.ts";

const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });

describe("a number that JavaScript keeps", () => {
  it.each([
    "0",
    "-0",
    "0e400",
    "1.10",
    "0.10000000000000001",
    "0.30000000000000004",
    "9007199254740992",
    "9007199254740992.0",
    "1970670598291982300",
    "13735659222814.812",
    "13735659222814.813",
    "100000000000000000000000",
    "1.7976931348623157e308",
    "4.9406564584124654e-324",
    "0.1000000000000000055511151231257827021181583404541015625",
  ])("may be %s", (source) => {
    expect(isKept(source)).toBe(true);
  });

  it.each([
    "9007199254740993",
    "-9007199254740993.0",
    "1970670598291982290",
    "123456789012345678",
    "0.12345678901234567890123",
    "999999999999999999.99",
    "1e400",
    "1e-400",
    "1".repeat(2_000_000),
    `0.${"3".repeat(2_000_000)}`,
  ])("is not %.40s", (source) => {
    expect(isKept(source)).toBe(false);
  });

  it("is every one that JavaScript, C or Python writes", () => {
    fc.assert(
      fc.property(doubles, (value) => {
        for (const source of [JSON.stringify(value), value.toPrecision(17), value.toExponential(16), value.toExponential(20)]) {
          expect(isKept(source), source).toBe(true);
        }
      }),
      runs(1_000),
    );
  });

  it("is every one that is its double, rounded to the digits that were written", () => {
    const digits = fc.stringMatching(/^[0-9]{1,22}$/).map((text) => text.replace(/^0+(?=\d)/, ""));
    const exponents = fc.oneof(
      fc.constant(""),
      fc.integer({ min: -345, max: 320 }).map((power) => `e${power}`),
    );
    const sources = fc
      .tuple(fc.constantFrom("", "-"), digits, fc.option(fc.stringMatching(/^[0-9]{1,20}$/)), exponents)
      .map(([sign, whole, fraction, exponent]) => `${sign}${whole}${fraction === null ? "" : `.${fraction}`}${exponent}`);
    fc.assert(
      fc.property(sources, (source) => {
        expect(isKept(source), source).toBe(isHeld(source));
      }),
      runs(2_000),
    );
  });

  it("is every one that a text without long numbers holds", () => {
    const digits = fc.integer({ min: 0, max: 999_999_999_999_999 }).map(String);
    const sources = fc.tuple(digits, fc.nat({ max: 14 })).map(([text, places]) => {
      const padded = text.padStart(places + 1, "0");
      return places === 0 ? text : `${padded.slice(0, -places)}.${padded.slice(-places)}`;
    });
    fc.assert(
      fc.property(sources, (source) => {
        if (!mayHoldLongNumbers(source)) expect(isKept(source), source).toBe(true);
      }),
      runs(1_000),
    );
  });
});

describe("the numbers of a text that are not kept", () => {
  it("are told with their places, and what would become of them", () => {
    const text =
      '{"a": [1, 9007199254740993], "b/c": {"~": -1e400}, "d": "9007199254740993", "e": 1.5, "9007199254740993": 1e-400}';
    expect(unkeptNumbers(text, 10)).toEqual([
      { path: "/a/1", message: expect.stringContaining("9007199254740993 would become 9007199254740992") },
      { path: "/b~1c/~0", message: expect.stringContaining("-1e400 would become -Infinity") },
      { path: "/9007199254740993", message: expect.stringContaining("1e-400 would become 0") },
    ]);
    expect(unkeptNumbers(text, 1)).toHaveLength(1);
  });

  it("are shown short", () => {
    expect(unkeptNumbers("9".repeat(1_000_000), 1)[0]?.message.length).toBeLessThan(200);
  });
});

describe("the canonical form of a number", () => {
  it.each([
    ["1", "1.0", "1e0", "10e-1", "0.1E+1", "1.000"],
    ["0", "-0", "0.0", "0e99999", "-0.0e-5"],
    ["-1200", "-1.2e3", "-0.12E4"],
    ["1e-7", "0.0000001", "0.00000010"],
  ])("is the same for %s and %s", (...sources) => {
    expect(new Set(sources.map(canonicalNumber)).size).toBe(1);
  });

  it.each([
    ["9007199254740992", "9007199254740993"],
    ["0.1", "0.10000000000000001"],
    ["1e400", "1e401"],
    ["1e99999999999999999998", "1e99999999999999999999"],
    ["1", "-1"],
    ["1", "10"],
  ])("tells %s from %s", (one, other) => {
    expect(canonicalNumber(one)).not.toBe(canonicalNumber(other));
  });
});

describe("exact JSON", () => {
  it("is written as it was read, to the last digit", () => {
    const text = '{"a":[1970670598291982290,1.10,-0,1e400,"1e400",true,null],"b":{"__proto__":0.12345678901234567890123}}';
    expect(JSON.stringify(exactJson(text))).toBe(text);
  });
});
