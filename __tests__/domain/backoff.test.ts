import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fullJitterSeconds } from "../../domain/backoff.ts";
import { runs } from "../support/property-runs.ts";

const backoffs = fc.record({
  baseSeconds: fc.double({ min: 0, max: 43_200, noNaN: true }),
  maxSeconds: fc.double({ min: 0, max: 43_200, noNaN: true }),
});
const fractions = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("backoff with full jitter", () => {
  it("stays between zero and the most, whatever the attempt", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), backoffs, fractions, (attempt, backoff, fraction) => {
        const seconds = fullJitterSeconds(attempt, backoff, () => fraction);
        expect(seconds).toBeGreaterThanOrEqual(0);
        expect(seconds).toBeLessThanOrEqual(backoff.maxSeconds);
      }),
      runs(1_000),
    );
  });

  it("never waits less after more attempts, for the same luck", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), backoffs, fractions, (attempt, backoff, fraction) => {
        const delay = (tries: number) => fullJitterSeconds(tries, backoff, () => fraction);
        expect(delay(attempt + 1)).toBeGreaterThanOrEqual(delay(attempt));
      }),
      runs(1_000),
    );
  });

  it("doubles its bound with each attempt until it is capped", () => {
    const bounds = [1, 2, 3, 4, 5].map((attempt) => fullJitterSeconds(attempt, { baseSeconds: 2, maxSeconds: 20 }, () => 1));
    expect(bounds).toEqual([2, 4, 8, 16, 20]);
  });

  it("spreads over the whole range", () => {
    const backoff = { baseSeconds: 8, maxSeconds: 300 };
    expect(fullJitterSeconds(1, backoff, () => 0)).toBe(0);
    expect(fullJitterSeconds(1, backoff, () => 0.5)).toBe(4);
  });
});
