import { describe, expect, it } from "vitest";
import { MainThreadWatch } from "../../worker/main-thread-watch.ts";

const TICK_MS = 250;
const TICKS_IN_3_SECONDS = 12;

function watched() {
  const pulse = new Int32Array(new SharedArrayBuffer(4));
  const watch = new MainThreadWatch(pulse, TICK_MS);
  return {
    beat: () => Atomics.add(pulse, 0, 1),
    ticks: (count: number) => Array.from({ length: count }, () => watch.isBlocked()),
  };
}

describe("the main thread", () => {
  it("is not blocked while its pulse goes on", () => {
    const { beat, ticks } = watched();
    const seen = Array.from({ length: 100 }, () => {
      beat();
      return ticks(TICKS_IN_3_SECONDS - 1);
    });
    expect(seen.flat()).not.toContain(true);
  });

  it("is blocked once its pulse has stood still for three seconds of ticks", () => {
    const { beat, ticks } = watched();
    beat();
    ticks(1);
    expect(ticks(TICKS_IN_3_SECONDS).indexOf(true)).toBe(TICKS_IN_3_SECONDS - 1);
    expect(ticks(1)).toEqual([true]);
  });

  it("is no longer blocked when the pulse comes back, by however little", () => {
    const { beat, ticks } = watched();
    ticks(TICKS_IN_3_SECONDS * 2);
    beat();
    expect(ticks(1)).toEqual([false]);
  });

  it("does not look blocked after the whole process stood still: no ticks passed", () => {
    const { ticks } = watched();
    expect(ticks(2)).toEqual([false, false]);
  });
});
