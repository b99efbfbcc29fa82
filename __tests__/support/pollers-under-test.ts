import { expect, vi } from "vitest";
import { Company } from "../../domain/company.ts";
import type { ReceivedMessage } from "../../domain/job-queue.ts";
import { Poller, type PollerSettings } from "../../worker/poller.ts";
import { StandInQueue } from "./stand-in-queue.ts";
import { eventually } from "./worker-eventually.ts";

/** Pollers on a queue in memory. */
export function pollersUnderTest() {
  let queue = new StandInQueue();
  let pollers: Poller[] = [];

  /** A poller whose messages are in hand until they are let go by name. */
  function poll(settings: Partial<PollerSettings> = {}) {
    const inHand = new Map<string, () => void>();
    const ended: string[] = [];
    let most = 0;
    const handle = async ({ body }: ReceivedMessage): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      inHand.set(body, resolve);
      most = Math.max(most, inHand.size);
      await promise;
      inHand.delete(body);
      ended.push(body);
    };
    const onError = vi.fn();
    const poller = new Poller({
      queue,
      concurrency: 2,
      refillMs: 0,
      aheadMs: 0,
      company: new Company(),
      aheadAtMostMs: 60_000,
      clock: () => performance.now(),
      handle,
      handBack: async () => {},
      paused: async () => false,
      onError,
      ...settings,
    });
    pollers.push(poller);
    const finished = poller.run();
    const taken = (...bodies: string[]) => eventually(() => expect([...inHand.keys()].sort()).toEqual(bodies));
    return { poller, finished, taken, ended, onError, inHand, letGo: (body: string) => inHand.get(body)?.(), most: () => most };
  }

  return {
    poll,
    /** A new queue for the pollers to come. */
    reset: () => {
      queue = new StandInQueue();
      return queue;
    },
    stopAll: () => {
      for (const poller of pollers) poller.stop();
      pollers = [];
    },
  };
}
