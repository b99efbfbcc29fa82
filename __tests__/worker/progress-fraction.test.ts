import { describe, expect, it, vi } from "vitest";
import { fractionReader } from "../../worker/progress-fraction.ts";

/** 49 times 1/49, which is more than 1. */
const SUMMED = Array.from({ length: 49 }, () => 1 / 49).reduce((sum, part) => sum + part, 0.000_000_000_000_000_2);

describe("the fraction of a progress report", () => {
  it.each([0, 1, 0.5, 5e-324, 1 - Number.EPSILON])("is what a handler reports: %d", (given) => {
    const told = vi.fn();
    expect(fractionReader(told)(given)).toBe(given);
    expect(told).not.toHaveBeenCalled();
  });

  it.each<[unknown, number | undefined, string]>([
    [SUMMED, 1, String(SUMMED)],
    [1 + Number.EPSILON, 1, "1.0000000000000002"],
    [7, 1, "7"],
    [Number.POSITIVE_INFINITY, 1, "Infinity"],
    [Number.NEGATIVE_INFINITY, 0, "-Infinity"],
    [-1e-20, 0, "-1e-20"],
    [0 / 0, undefined, "NaN"],
    ["0.5", undefined, "a value of type string"],
    [undefined, undefined, "a value of type undefined"],
    [null, undefined, "a value of type object"],
    [1n, undefined, "a value of type bigint"],
  ])("is cut or left out where it is none: %s", (given, fraction, shown) => {
    const told = vi.fn();
    expect(fractionReader(told)(given)).toBe(fraction);
    expect(told.mock.calls).toEqual([[shown]]);
  });

  it("is not told of again, however often it is wrong", () => {
    const told = vi.fn();
    const read = fractionReader(told);
    for (const given of [2, Number.NaN, -1, 0.5]) read(given);
    expect(told.mock.calls).toEqual([["2"]]);
  });

  it("may be a zero below zero", () => {
    const told = vi.fn();
    expect(fractionReader(told)(-0)).toBe(0);
    expect(told).not.toHaveBeenCalled();
  });
});
