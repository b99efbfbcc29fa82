import { describe, expect, it, vi } from "vitest";
import { PauseWatch } from "../../worker/pause-watch.ts";

const EVERY_MS = 5_000;

function watchOver(answer: () => Promise<boolean>) {
  let time = 1_000_000;
  const read = vi.fn(answer);
  const onChange = vi.fn();
  const onError = vi.fn();
  const watch = new PauseWatch({ read, everyMs: EVERY_MS, now: () => time, onChange, onError });
  const pass = (milliseconds: number): void => {
    time += milliseconds;
  };
  return { watch, read, onChange, onError, pass };
}

describe("the watch over a pause", () => {
  it("reads once in its time, whatever number of jobs ask, and not while none does", async () => {
    const { watch, read, pass } = watchOver(async () => false);
    expect(await Promise.all([watch.isPaused(), watch.isPaused(), watch.isPaused()])).toEqual([false, false, false]);
    pass(EVERY_MS - 1);
    expect(await watch.isPaused()).toBe(false);
    expect(read).toHaveBeenCalledTimes(1);
    pass(600_000);
    expect(read).toHaveBeenCalledTimes(1);
    expect(await watch.isPaused()).toBe(false);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it("hears of a pause, and of its end, at the first question after its time", async () => {
    let paused = false;
    const { watch, onChange, pass } = watchOver(async () => paused);
    expect(await watch.isPaused()).toBe(false);
    expect(onChange).not.toHaveBeenCalled();
    paused = true;
    pass(EVERY_MS);
    expect(await watch.isPaused()).toBe(true);
    paused = false;
    pass(EVERY_MS);
    expect(await watch.isPaused()).toBe(false);
    expect(onChange.mock.calls).toEqual([[true], [false]]);
  });

  it("counts its time from the question to the table, not from the answer", async () => {
    const answers: ((paused: boolean) => void)[] = [];
    const { watch, read, pass } = watchOver(async () => await new Promise<boolean>((resolve) => answers.push(resolve)));
    const first = watch.isPaused();
    pass(EVERY_MS - 1);
    answers[0]?.(false);
    expect(await first).toBe(false);
    pass(1);
    const second = watch.isPaused();
    answers[1]?.(true);
    expect(await second).toBe(true);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it("goes on for a minute where it cannot read, then takes the type for paused", async () => {
    let isDown = false;
    const { watch, read, onError, pass } = watchOver(async () => {
      if (isDown) throw new Error("the table does not answer");
      return false;
    });
    await watch.isPaused();
    isDown = true;
    pass(59_999);
    expect(await watch.isPaused()).toBe(false);
    expect(onError).toHaveBeenCalledWith(new Error("the table does not answer"));
    expect(await watch.isPaused()).toBe(false);
    expect(read).toHaveBeenCalledTimes(2);
    pass(1_000);
    expect(await watch.isPaused()).toBe(true);
    isDown = false;
    pass(1_000);
    expect(await watch.isPaused()).toBe(false);
  });

  it("takes a type for paused of which it never read anything", async () => {
    const { watch } = watchOver(async () => {
      throw new Error("not allowed");
    });
    expect(await watch.isPaused()).toBe(true);
  });

  it("asks again when the clock was set back", async () => {
    const { watch, read, pass } = watchOver(async () => false);
    await watch.isPaused();
    pass(-3_600_000);
    await watch.isPaused();
    expect(read).toHaveBeenCalledTimes(2);
  });
});
