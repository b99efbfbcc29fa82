import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { tryAgain } from "../../worker/try-again.ts";

let now: number;

beforeEach(() => {
  now = 1_000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  // Backoff without waiting.
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A call that fails so often, taking 10 s each time, before it answers. */
function failing(times: number) {
  let calls = 0;
  return vi.fn(async () => {
    calls += 1;
    now += 10_000;
    if (calls <= times) throw new Error(`failure ${calls}`);
    return "answer";
  });
}

describe("a call that is tried again", () => {
  it("is made once where it succeeds", async () => {
    const call = failing(0);
    expect(await tryAgain(call, { giveUpMs: 60_000 })).toBe("answer");
    expect(call).toHaveBeenCalledTimes(1);
  });

  it("is made until it succeeds, with every failure reported", async () => {
    const onFailure = vi.fn();
    expect(await tryAgain(failing(4), { giveUpMs: 60_000, onFailure })).toBe("answer");
    expect(onFailure.mock.calls.map(([error]) => (error as Error).message)).toEqual([
      "failure 1",
      "failure 2",
      "failure 3",
      "failure 4",
    ]);
  });

  it("throws its last error when the time since the first failure is up", async () => {
    const call = failing(Number.POSITIVE_INFINITY);
    await expect(tryAgain(call, { giveUpMs: 25_000 })).rejects.toThrow("failure 4");
  });

  it("is tried at least once more even by a call that took all the time there is", async () => {
    expect(await tryAgain(failing(1), { giveUpMs: 5_000 })).toBe("answer");
  });

  it("ends as soon as it has become pointless", async () => {
    const call = failing(Number.POSITIVE_INFINITY);
    const pointless = () => call.mock.calls.length === 2;
    await expect(tryAgain(call, { giveUpMs: 60_000, pointless })).rejects.toThrow("failure 2");
  });
});
