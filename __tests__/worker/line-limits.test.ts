import { describe, expect, it } from "vitest";
import { LineLimiter, MAX_LINE_BYTES } from "../../worker/line-limits.ts";

function limiter() {
  const clock = { now: 0 };
  return { clock, limits: new LineLimiter({ unitsPerSecond: 10, burst: 3, now: () => clock.now }) };
}

/** How many of so many lines are admitted. */
function admitted(limits: LineLimiter, lines: number, bytes = 10): number {
  return Array.from({ length: lines }, () => limits.admits(bytes)).filter(Boolean).length;
}

describe("the limit of an attempt's lines", () => {
  it("admits a burst, then so many a second", () => {
    const { clock, limits } = limiter();
    expect(admitted(limits, 5)).toBe(3);
    clock.now = 200;
    expect(admitted(limits, 5)).toBe(2);
  });

  it("saves up no more than a burst", () => {
    const { clock, limits } = limiter();
    clock.now = 3_600_000;
    expect(admitted(limits, 5)).toBe(3);
  });

  it("counts a long line once for each KiB that it begins", () => {
    const { limits } = limiter();
    expect(limits.admits(2_049)).toBe(true);
    expect(limits.admits(0)).toBe(false);
    expect(limiter().limits.admits(3_073)).toBe(false);
  });

  it("admits a line of the greatest length after a quiet time", () => {
    expect(new LineLimiter().admits(MAX_LINE_BYTES)).toBe(true);
  });

  it("counts what it drops, and tells once a second, and at the end", () => {
    const { clock, limits } = limiter();
    expect(limits.takeDropped()).toBe(0);
    expect(admitted(limits, 10)).toBe(3);
    expect(limits.takeDropped()).toBe(7);
    expect(admitted(limits, 5)).toBe(0);
    expect(limits.takeDropped()).toBe(0);
    clock.now = 1_000;
    expect(limits.takeDropped()).toBe(5);
    expect(admitted(limits, 4)).toBe(3);
    expect(limits.takeDropped()).toBe(0);
    expect(limits.takeDropped({ atEnd: true })).toBe(1);
    expect(limits.takeDropped({ atEnd: true })).toBe(0);
  });
});
