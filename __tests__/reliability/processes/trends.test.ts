import { describe, expect, it } from "vitest";
import { seededRandom } from "../../support/seeded-random.ts";
import { atUsualThreads, floorsOf, growthOf, withUsualThreads } from "./trends.ts";

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

describe("the floors of a run", () => {
  /** Sockets that are open for a while by chance, sampled each second, and one that stays every `leakSeconds`. */
  const sockets = (leakSeconds: number, seed: number) => {
    const random = seededRandom(seed);
    let open = 0;
    return Array.from({ length: 800 }, (_, second) => {
      open = Math.max(0, Math.min(20, open + (random() < 0.5 ? -3 : 3)));
      return { at: second * 1_000, value: 50 + open + Math.floor(second / leakSeconds) };
    });
  };
  const perHour = (leakSeconds: number, seed: number) => growthOf(floorsOf(sockets(leakSeconds, seed), 20_000)).perHour;

  it("tell a leak of one a minute, whatever comes and goes", () => {
    for (const seed of [1, 2, 3, 4, 5]) expect(perHour(60, seed)).toBeGreaterThan(40);
  });

  it("tell of none where nothing leaks", () => {
    for (const seed of [1, 2, 3, 4, 5]) expect(perHour(Number.POSITIVE_INFINITY, seed)).toBeLessThan(20);
  });

  it("have one value for each stretch with samples", () => {
    const samples = [3, 1, 2, 9, 8].map((value, index) => ({ at: [5, 6, 14, 36, 39][index] as number, value }));
    expect(floorsOf(samples, 10)).toEqual([samples[1], samples[4]]);
    expect(floorsOf([], 10)).toEqual([]);
  });
});

describe("descriptors as with the usual number of threads", () => {
  const EACH = 7;
  /** Threads come and go, the more the later; sockets come and go by chance; and one stays every `leakSeconds`. */
  const samples = (leakSeconds: number, seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 800 }, (_, second) => {
      const threads = 12 + Math.floor(random() * 3) + (random() < second / 800 ? 1 : 0);
      const sockets = 20 + (random() < 0.3 ? Math.floor(random() * 4) : 0) + Math.floor(second / leakSeconds);
      return { at: second * 1_000, threads, descriptors: EACH * threads + sockets };
    });
  };
  const perHour = (leakSeconds: number, seed: number) =>
    growthOf(floorsOf(atUsualThreads(samples(leakSeconds, seed)), 20_000)).perHour;

  it("do not grow with the number of threads", () => {
    for (const seed of [1, 2, 3, 4, 5]) expect(Math.abs(perHour(Number.POSITIVE_INFINITY, seed))).toBeLessThan(10);
  });

  it("grow by what leaks, one a minute", () => {
    for (const seed of [1, 2, 3, 4, 5]) expect(perHour(60, seed)).toBeGreaterThan(40);
  });

  it("are those that there are, where the number of threads stays", () => {
    expect(atUsualThreads([3, 5].map((descriptors, at) => ({ at, threads: 4, descriptors })))).toEqual([
      { at: 0, value: 3 },
      { at: 1, value: 5 },
    ]);
    expect(atUsualThreads([])).toEqual([]);
  });
});

describe("samples that compare", () => {
  it("are those with the number of threads that is most often", () => {
    const samples = [9, 10, 10, 11, 10, 9].map((threads, at) => ({ threads, at }));
    expect(withUsualThreads(samples).map(({ at }) => at)).toEqual([1, 2, 4]);
    expect(withUsualThreads([])).toEqual([]);
  });
});
