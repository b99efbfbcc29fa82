import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MAX_MESSAGE_CHARACTERS } from "../../domain/limits.ts";
import { ProgressReporter } from "../../worker/progress-reporter.ts";

const INTERVAL_MS = 2_000;
const write = vi.fn(async () => true);
let reporter: ProgressReporter;

beforeEach(() => {
  vi.useFakeTimers();
  write.mockClear();
  reporter = new ProgressReporter(write, INTERVAL_MS);
});
afterEach(() => {
  reporter.stop();
  vi.useRealTimers();
});

describe("progress", () => {
  it("is written at once the first time", () => {
    reporter.report(0.25, "reading");
    expect(write.mock.calls).toEqual([[{ fraction: 0.25, message: "reading" }]]);
  });

  it("is written once in an interval after that: the newest", () => {
    for (let step = 1; step <= 100; step += 1) {
      reporter.report(step / 100);
      vi.advanceTimersByTime(99);
    }
    expect(write.mock.calls.flat()).toEqual([0.01, 0.21, 0.41, 0.61, 0.81].map((fraction) => ({ fraction })));
    vi.advanceTimersByTime(INTERVAL_MS);
    expect(write).toHaveBeenLastCalledWith({ fraction: 1 });
  });

  it("costs nothing while there is no news, and is written at once when there is some again", () => {
    reporter.report(0.1);
    vi.advanceTimersByTime(10 * INTERVAL_MS);
    expect(write).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
    reporter.report(0.2);
    expect(write).toHaveBeenCalledTimes(2);
  });

  it("is not written after the end", () => {
    reporter.report(0.1);
    reporter.report(0.2);
    reporter.stop();
    reporter.report(0.3);
    vi.advanceTimersByTime(INTERVAL_MS);
    expect(write).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("has messages that can be stored: not too long, and no half characters", () => {
    reporter.report(0.5, `${"x".repeat(MAX_MESSAGE_CHARACTERS - 1)}😀`);
    expect(write).toHaveBeenCalledWith({ fraction: 0.5, message: `${"x".repeat(MAX_MESSAGE_CHARACTERS - 1)}\uFFFD` });
  });
});
