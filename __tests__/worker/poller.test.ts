import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PollerSettings } from "../../worker/poller.ts";
import { pollersUnderTest } from "../support/pollers-under-test.ts";
import type { StandInQueue } from "../support/stand-in-queue.ts";
import { eventually } from "../support/worker-eventually.ts";

let queue: StandInQueue;
const { poll, reset, stopAll } = pollersUnderTest();

beforeEach(() => {
  queue = reset();
  // Backoff without waiting.
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  stopAll();
  vi.restoreAllMocks();
});

describe("polling", () => {
  it("refills a slot without waiting for the slowest message", async () => {
    const { taken, letGo, ended } = poll();
    queue.send("slow", "b", "c", "d");
    await taken("b", "slow");
    letGo("b");
    await taken("c", "slow");
    letGo("c");
    await taken("d", "slow");
    expect(ended).toEqual(["b", "c"]);
  });

  it("keeps all slots full, and never has more in hand than them", async () => {
    const { inHand, ended, most, letGo } = poll({ concurrency: 7 });
    const bodies = Array.from({ length: 40 }, (_, index) => String(index));
    queue.send(...bodies);
    while (ended.length < bodies.length) {
      for (const body of [...inHand.keys()].filter((_, index) => index % 2 === 0)) letGo(body);
      await nextTurn();
    }
    expect(most()).toBe(7);
  });

  it("refills a slot that a message freed before it was done, and is drained only when it is", async () => {
    const tails = new Map<string, () => void>();
    const { poller, finished } = poll({
      handle: async ({ body }, freeSlot) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        tails.set(body, resolve);
        freeSlot();
        freeSlot();
        await promise;
      },
    });
    queue.send(...Array.from({ length: 23 }, (_, index) => String(index)));
    await eventually(() => expect(tails.size).toBe(22));
    expect(new Set(queue.asked)).toEqual(new Set([2]));
    tails.get("0")?.();
    await eventually(() => expect([...tails.keys()]).toContain("22"));
    poller.stop();
    await finished;
    const drained = poller.drained();
    for (const end of tails.values()) end();
    await drained;
  });

  it("asks for as many messages as it has free slots, ten at the most", async () => {
    const { taken } = poll({ concurrency: 12 });
    queue.send(..."abcdefghij");
    await taken(..."abcdefghij");
    await eventually(() => expect(queue.asked).toEqual([10, 2]));
  });

  it("lets free slots gather for a moment where messages come singly, so that receives are fuller", async () => {
    const { taken, letGo } = poll({ concurrency: 4, refillMs: 1_000 });
    queue.send("a", "b", "c");
    await taken("a", "b", "c");
    letGo("a");
    await nextTurn();
    letGo("b");
    await eventually(() => expect(queue.asked).toEqual([4, 3]));
  });

  it("lets none gather while receives come full", async () => {
    const { taken, letGo } = poll({ concurrency: 3, refillMs: 3_600_000 });
    queue.send("a", "b", "c", "d");
    await taken("a", "b", "c");
    letGo("a");
    await taken("b", "c", "d");
    expect(queue.asked.slice(0, 2)).toEqual([3, 1]);
  });

  it("makes a receive that fails again, for as long as it fails", async () => {
    queue.failures = 20;
    const { taken, onError } = poll();
    queue.send("a");
    await taken("a");
    expect(onError).toHaveBeenCalledTimes(20);
    expect(onError).toHaveBeenLastCalledWith(new Error("SQS is down"));
  });

  it("takes nothing while it is paused, and goes on after that", async () => {
    let paused = true;
    const looked = vi.fn(async () => paused);
    const { taken } = poll({ paused: looked });
    queue.send("a");
    await eventually(() => expect(looked).toHaveBeenCalled());
    expect(queue.asked).toEqual([]);
    paused = false;
    await eventually(() => expect(queue.asked).not.toEqual([]));
    await taken("a");
  });
});

describe("a pause that begins while all slots are full", () => {
  it("keeps a slot that falls free empty", async () => {
    let paused = false;
    const looked = vi.fn(async () => paused);
    const { taken, letGo } = poll({ paused: looked });
    queue.send("a", "b", "c");
    await taken("a", "b");
    paused = true;
    const before = looked.mock.calls.length;
    letGo("a");
    await eventually(() => expect(looked.mock.calls.length).toBeGreaterThan(before));
    await taken("b");
    expect(queue.asked).toEqual([2]);
    paused = false;
    await taken("b", "c");
  });
});

describe("the end of polling", () => {
  it("ends a receive that waits", async () => {
    const { poller, finished, onError } = poll();
    await eventually(() => expect(queue.asked).toEqual([2]));
    poller.stop();
    await finished;
    expect(onError).not.toHaveBeenCalled();
  });

  it("ends while all slots are full, and is drained when the last message is", async () => {
    const { poller, finished, taken, letGo, ended } = poll();
    queue.send("a", "b", "c");
    await taken("a", "b");
    poller.stop();
    await finished;
    const drained = poller.drained();
    letGo("a");
    letGo("b");
    await drained;
    expect(ended).toEqual(["a", "b"]);
    expect(queue.asked).toEqual([2]);
  });

  it.each<[string, Partial<PollerSettings>]>([
    ["a pause", { paused: async () => true }],
    ["slots to gather", { refillMs: 60_000, concurrency: 4 }],
  ])("does not wait for %s", async (_, settings) => {
    const { poller, finished } = poll(settings);
    queue.send("a");
    await nextTurn();
    await nextTurn();
    poller.stop();
    await finished;
    expect(queue.asked.length).toBeLessThan(2);
  });

  it("does not wait for the next try of a receive", async () => {
    vi.mocked(Math.random).mockReturnValue(1);
    queue.failures = Number.POSITIVE_INFINITY;
    const { poller, finished, onError } = poll();
    await eventually(() => expect(onError).toHaveBeenCalled());
    poller.stop();
    await finished;
  });

  it("is drained at once where nothing is in hand", async () => {
    const { poller, ended } = poll();
    await poller.drained();
    expect(ended).toEqual([]);
  });
});
