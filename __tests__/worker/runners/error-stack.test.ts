import { describe, expect, it } from "vitest";
import { errorStack, MAX_STACK_CHARACTERS } from "../../../worker/runners/error-stack.ts";

const trap = (): never => {
  throw new Error("the trap");
};
/** The stack without its frames. */
const told = (thrown: unknown): string | undefined =>
  errorStack(thrown)
    ?.split("\n")
    .filter((line) => !/^\s+at /.test(line))
    .join("\n");

describe("the stack of what was thrown", () => {
  it("names the file and the line", () => {
    expect(errorStack(new RangeError("too far"))).toMatch(/^RangeError: too far\n\s+at .*error-stack\.test\.ts:\d+:\d+/);
  });

  it("has the causes, and theirs", () => {
    const cause = new TypeError("no number", { cause: new Error("no text") });
    expect(told(new RangeError("too far", { cause }))).toBe(
      "RangeError: too far\ncaused by:\n  TypeError: no number\n  caused by:\n    Error: no text",
    );
  });

  it("has the reasons of an AggregateError", () => {
    const reasons = [new Error("first"), "second", new AggregateError([new Error("inner")], "third")];
    expect(told(new AggregateError(reasons, "all failed"))).toBe(
      [
        ...["AggregateError: all failed", "reason 1:", "  Error: first", "reason 2:", "  second"],
        ...["reason 3:", "  AggregateError: third", "  reason 1:", "    Error: inner"],
      ].join("\n"),
    );
  });

  it("shows causes that are no errors", () => {
    expect(told(new Error("a", { cause: "words" }))).toBe("Error: a\ncaused by:\n  words");
    expect(told(new Error("a", { cause: null }))).toBe("Error: a\ncaused by:\n  null");
  });

  it("ends where errors are each other's causes, or are without end", () => {
    const first = new Error("first");
    first.cause = new Error("second", { cause: first });
    expect(told(first)).toBe("Error: first\ncaused by:\n  Error: second");
    const many = new AggregateError(Array.from({ length: 1_000 }, (_, index) => new Error(`reason ${index}`)));
    expect(told(many)?.match(/Error: reason/g)).toHaveLength(19);
  });

  it("is bounded, and well-formed where it is cut", () => {
    const stack = errorStack(new Error("😀".repeat(MAX_STACK_CHARACTERS))) ?? "";
    expect([stack.length, stack.endsWith("…"), stack.isWellFormed()]).toEqual([MAX_STACK_CHARACTERS, true, true]);
  });

  it.each<[string, unknown]>([
    ["words", "words"],
    ["nothing", undefined],
    ["an object", { message: "no error" }],
    ["an error whose stack throws", Object.defineProperty(new Error("x"), "stack", { get: trap })],
    ["an error whose cause throws", Object.defineProperty(new Error("x"), "cause", { get: trap })],
    ["a proxy that throws at every touch", new Proxy({}, { get: trap, getPrototypeOf: trap })],
  ])("is none of %s", (_, thrown) => {
    expect(errorStack(thrown)).toBeUndefined();
  });

  it("is its name and message where the stack was taken away", () => {
    expect(errorStack(Object.assign(new RangeError("x"), { stack: undefined }))).toBe("RangeError: x");
    expect(errorStack(Object.assign(new RangeError("x"), { stack: 7 }))).toBe("7");
  });
});
