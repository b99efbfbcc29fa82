import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { globsMeet } from "../../modules/globs.ts";

describe("two patterns", () => {
  it.each([
    ["abc", "abc", true],
    ["abc", "abd", false],
    ["", "", true],
    ["", "*", true],
    ["", "?", false],
    ["a*", "*b", true],
    ["a*c", "ab", false],
    ["a*b*c", "axxbyyc", true],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["*a", "b*", true],
    ["*ab*", "*cd*", true],
    ["table/jobs-dev-job*", "table/*", true],
    ["table/jobs-dev-job*", "table/orders", false],
    ["table/jobs-dev-job*", "table/jobs-*-jobs/index/?y-type", true],
    ["arn:aws:sqs:us-east-1:1:jobs-dev-*", "arn:aws:sqs:*:*:jobs-de*", true],
  ])("%s and %s: %s", (one, other, expected) => {
    expect(globsMeet(one, other)).toBe(expected);
    expect(globsMeet(other, one)).toBe(expected);
  });

  it("meet where some short text matches both", () => {
    const pattern = fc.array(fc.constantFrom("a", "b", "*", "?"), { maxLength: 4 }).map((parts) => parts.join(""));
    // Two patterns of four places meet in a text of at most eight, if they meet at all.
    const texts = Array.from({ length: 9 }, (_, length) => length).flatMap((length) =>
      Array.from({ length: 2 ** length }, (_, bits) => bits.toString(2).padStart(length, "0").slice(0, length)),
    );
    const words = texts.map((text) => text.replaceAll("0", "a").replaceAll("1", "b"));
    const matches = (glob: string) => {
      const expression = new RegExp(`^${glob.replaceAll("?", ".").replaceAll("*", ".*")}$`);
      return words.filter((word) => expression.test(word));
    };
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        const both = new Set(matches(one));
        expect(globsMeet(one, other)).toBe(matches(other).some((word) => both.has(word)));
      }),
    );
  });

  it("take no longer for many stars", () => {
    expect(globsMeet(`${"*a".repeat(300)}`, `${"*b".repeat(300)}`)).toBe(false);
  });
});
