import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PollerSettings } from "../../worker/poller.ts";
import { pollersUnderTest } from "../support/pollers-under-test.ts";
import type { StandInQueue } from "../support/stand-in-queue.ts";
import { eventually } from "../support/worker-eventually.ts";

let queue: StandInQueue;
const { poll, reset, stopAll } = pollersUnderTest();

beforeEach(() => {
  queue = reset();
});
afterEach(stopAll);

describe("receiving ahead", () => {
  const messages = Array.from({ length: 200 }, (_, index) => String(index));

  /** Handles at once what it is not told to keep; the clock stands still but for `pass`. */
  function ahead({ keep = () => false, ...settings }: Partial<PollerSettings> & { keep?: (body: string) => boolean } = {}) {
    let now = 0;
    const pass = (ms: number): void => {
      now += ms;
    };
    const begun: string[] = [];
    const handedBack: string[] = [];
    const kept = Promise.withResolvers<void>();
    const { poller, finished } = poll({
      concurrency: 1,
      aheadMs: 100,
      clock: () => now,
      handle: async ({ body }) => {
        begun.push(body);
        now += 5;
        if (keep(body)) await kept.promise;
        else await nextTurn();
      },
      handBack: async ({ body }) => void handedBack.push(body),
      ...settings,
    });
    return { poller, finished, begun, handedBack, letGo: kept.resolve, pass };
  }

  it("fills receives where slots fall free fast, though there is one slot", async () => {
    const { begun, handedBack } = ahead();
    queue.send(...messages);
    await eventually(() => expect(begun).toEqual(messages));
    expect(queue.asked.slice(0, 20).filter((asked) => asked === 10).length).toBeGreaterThanOrEqual(18);
    expect(handedBack).toEqual([]);
  });

  it("does not where jobs take long", async () => {
    const { begun, pass } = ahead({
      handle: async ({ body }) => {
        begun.push(body);
        pass(1_000);
        await nextTurn();
      },
    });
    queue.send(...messages.slice(0, 20));
    await eventually(() => expect(begun).toHaveLength(20));
    expect(new Set(queue.asked)).toEqual(new Set([1]));
  });

  it("does not where the queue is short, so that other workers have their share", async () => {
    const { begun, handedBack } = ahead();
    queue.send(...messages.slice(0, 5));
    await eventually(() => expect(begun).toHaveLength(5));
    await eventually(() => expect(queue.asked.at(-1)).toBe(1));
    expect(handedBack).toEqual([]);
  });

  it("does not where the last receive waited for what it brought", async () => {
    const { begun, pass } = ahead();
    queue.send(...messages.slice(0, 50));
    await eventually(() => expect(begun).toHaveLength(50));
    await eventually(() => expect(queue.asked.at(-1)).toBe(1));
    const before = queue.asked.length;
    pass(1_000);
    queue.send("late");
    await eventually(() => expect(queue.asked.length).toBe(before + 1));
    expect(queue.asked.at(-1)).toBe(1);
    expect(begun.at(-1)).toBe("late");
  });

  it("hands back what waits behind a slow job, for other workers to take", async () => {
    const { begun, handedBack, letGo } = ahead({
      keep: (body) => body === "30",
      aheadAtMostMs: 500,
      clock: () => performance.now(),
    });
    queue.send(...messages);
    await eventually(() => expect(handedBack).toContain("31"));
    expect(begun.at(-1)).toBe("30");
    letGo();
    await eventually(() => expect(begun.length).toBeGreaterThan(31));
    expect(begun.filter((body) => handedBack.includes(body))).toEqual([]);
  });

  it("begins none that waited too long while the thread was blocked", async () => {
    const { begun, handedBack, pass } = ahead({
      aheadAtMostMs: 500,
      handle: async ({ body }) => {
        begun.push(body);
        pass(body === "30" ? 40_000 : 5);
        await nextTurn();
      },
    });
    queue.send(...messages);
    await eventually(() => expect(begun.length).toBeGreaterThan(31));
    expect(handedBack[0]).toBe("31");
    expect(begun.filter((body) => handedBack.includes(body))).toEqual([]);
  });

  it("hands back what has not begun when it stops, and is drained when that is done", async () => {
    const handedBack: string[] = [];
    const answered = Promise.withResolvers<void>();
    const { poller, finished, begun, letGo } = ahead({
      keep: (body) => body === "30",
      handBack: async ({ body }) => {
        handedBack.push(body);
        await answered.promise;
      },
    });
    queue.send(...messages);
    await eventually(() => expect(begun.at(-1)).toBe("30"));
    poller.stop();
    await finished;
    expect(handedBack[0]).toBe("31");
    letGo();
    let isDrained = false;
    const drained = poller.drained().then(() => {
      isDrained = true;
    });
    await nextTurn();
    expect(isDrained).toBe(false);
    answered.resolve();
    await drained;
    expect(begun.at(-1)).toBe("30");
  });

  it("hands back what has not begun at a pause", async () => {
    let paused = false;
    const { begun, handedBack } = ahead({
      keep: (body) => {
        if (body === "30") paused = true;
        return false;
      },
      paused: async () => paused,
      aheadAtMostMs: 3_600_000,
    });
    queue.send(...messages);
    await eventually(() => expect(handedBack.length).toBeGreaterThan(0));
    expect(begun.length + handedBack.length).toBeLessThan(messages.length);
    expect(begun.filter((body) => handedBack.includes(body))).toEqual([]);
  });
});
