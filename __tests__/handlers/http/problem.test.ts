import { describe, expect, it } from "vitest";
import { cut, Problem, problemResponse } from "../../../handlers/http/problem.ts";

describe("a text that is cut", () => {
  it.each([
    ["abc", 3, "abc"],
    ["abcd", 3, "ab…"],
    ["a😀😀", 4, "a😀…"],
    ["a😀😀", 5, "a😀😀"],
    ["ab😀c", 4, "ab…"],
  ])("of %s to %i characters keeps no half of a pair", (text, longest, expected) => {
    expect(cut(text, longest)).toBe(expected);
    expect(cut(text, longest).isWellFormed()).toBe(true);
  });

  it("leaves an answer that strict readers of JSON take, whatever the path", () => {
    const path = `/${"a".repeat(253)}😀😀`;
    const { body } = problemResponse(new Problem("InvalidInput", "no", { errors: [{ path, message: "no" }] }));
    expect(body).not.toMatch(/\\ud8/);
    expect(JSON.parse(body).errors[0].path).toBe(`/${"a".repeat(253)}…`);
  });
});
