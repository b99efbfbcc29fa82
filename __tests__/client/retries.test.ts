import { describe, expect, it } from "vitest";
import { RETRIES, retryAfterSeconds, retryDelayMs } from "../../client/retries.ts";

describe("the pause before another try", () => {
  it.each([
    [1, 0, 0],
    [1, 0.5, 100],
    [1, 1, 200],
    [2, 1, 400],
    [4, 0.25, 400],
    [7, 1, 12_800],
    [8, 1, 20_000],
    [60, 0.5, 10_000],
  ])("after %d failures is random below a bound that doubles: %d of it are %d ms", (failures, random, expected) => {
    expect(retryDelayMs(failures, undefined, RETRIES, random)).toBe(expected);
  });

  it.each([
    [0, 3_000],
    [1, 3_200],
  ])("is never shorter than the server asked for (random %d: %d ms)", (random, expected) => {
    expect(retryDelayMs(1, 3, RETRIES, random)).toBe(expected);
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-11-02T09:00:00.500Z");
  it.each([
    ["2", 2],
    [" 120 ", 120],
    ["Mon, 02 Nov 2026 09:00:10 GMT", 10],
    ["Mon, 02 Nov 2026 08:00:00 GMT", 0],
    ["soon", undefined],
    ["-1", undefined],
    ["", undefined],
  ])("%j is %s s", (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds);
  });

  it("may be missing", () => expect(retryAfterSeconds(null, now)).toBeUndefined());
});
