import { describe, expect, it } from "vitest";
import { growthOf, withUsualThreads } from "./trends.ts";

const MINUTE_MS = 60_000;

/** A sample every minute. */
const points = (values: readonly number[]) => values.map((value, minute) => ({ at: minute * MINUTE_MS, value }));
/** Up and down by so much, without a trend. */
const noise = (index: number, size: number): number => size * Math.sin(index * 2.4);
const hundred = (value: (index: number) => number) => points(Array.from({ length: 100 }, (_, index) => value(index)));

describe("growth", () => {
  it("is the slope of a run, by the hour", () => {
    expect(growthOf(hundred((index) => 1_000 + 2 * index))).toEqual({ median: 1_118, perHour: 120, samples: 80 });
  });

  it("is found under noise that is larger than it", () => {
    const { perHour } = growthOf(hundred((index) => 1_000 + 2 * index + noise(index, 50)));
    expect(perHour).toBeGreaterThan(100);
    expect(perHour).toBeLessThan(140);
  });

  it("is none where there is only noise", () => {
    expect(Math.abs(growthOf(hundred((index) => 1_000 + noise(index, 50))).perHour)).toBeLessThan(20);
  });

  it("is none where the last minutes of a run are high, as before a garbage collection", () => {
    const { perHour } = growthOf(hundred((index) => (index < 90 ? 1_000 : 5_000)));
    expect(perHour).toBe(0);
  });

  it("is none where only the start was lower", () => {
    expect(growthOf(hundred((index) => (index < 20 ? 10 * index : 1_000))).perHour).toBe(0);
  });

  it("cannot be told of few samples", () => {
    expect(() => growthOf(points([1, 2, 3]))).toThrow("3 samples are too few");
  });
});

describe("samples that compare", () => {
  it("are those with the number of threads that is most often", () => {
    const samples = [9, 10, 10, 11, 10, 9].map((threads, at) => ({ threads, at }));
    expect(withUsualThreads(samples).map(({ at }) => at)).toEqual([1, 2, 4]);
    expect(withUsualThreads([])).toEqual([]);
  });
});
