import { describe, expect, it } from "vitest";
import { growthOf, sampleProcess, trendOf } from "./resource-samples.ts";

/** So many samples of a process with so many threads, each with a tenth of that in descriptors. */
const samples = (count: number, threads: number, residentBytes: number) =>
  Array.from({ length: count }, () => ({ threads, residentBytes, descriptors: residentBytes / 10 }));

describe("what a process holds", () => {
  it("is read of this one", () => {
    const sample = sampleProcess(process.pid);
    expect(sample?.residentBytes).toBeGreaterThan(10_000_000);
    expect(sample?.descriptors).toBeGreaterThan(2);
    expect(sample?.threads).toBeGreaterThan(1);
  });

  it("is not known of one that is gone", () => {
    expect(sampleProcess(2 ** 30)).toBeUndefined();
  });
});

describe("the course of a run", () => {
  it("leaves its first part out, and shows medians and the highest value", () => {
    expect(trendOf([9, 9, 1, 2, 5, 5, 5, 5, 3, 4])).toEqual({ early: 1, late: 3, highest: 9 });
  });

  it("compares what a process held with the same number of threads", () => {
    const parts = [
      samples(10, 9, 500),
      [...samples(6, 10, 100), ...samples(4, 11, 900)],
      samples(20, 11, 1),
      samples(10, 10, 120),
    ];
    expect(growthOf(parts.flat())).toEqual({
      threads: 10,
      early: { residentBytes: 100, descriptors: 10 },
      late: { residentBytes: 120, descriptors: 12 },
    });
  });

  it("cannot be told where the process never had the same number of threads", () => {
    expect(() => growthOf([...samples(25, 9, 1), ...samples(25, 10, 1)])).toThrow(
      "no number of threads that is common to both parts",
    );
  });
});
