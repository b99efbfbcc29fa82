import { setTimeout as delay } from "node:timers/promises";
import { fullJitterSeconds } from "@autoscaling-job-queues/domain/backoff";
import { LONG_POLL_SECONDS } from "@autoscaling-job-queues/domain/clients";
import type { JobQueue, ReceivedMessage } from "@autoscaling-job-queues/domain/job-queue";
import { MAX_BATCH_ENTRIES } from "@autoscaling-job-queues/domain/limits";

export interface PollerSettings {
  readonly queue: Pick<JobQueue, "receive">;
  /** Messages in hand at a time, at most. */
  readonly concurrency: number;
  /** Milliseconds that a free slot waits for others, unless all are free. */
  readonly refillMs: number;
  /**
   * Deals with a message; must not throw. It may free its slot before it is done, when only publishing and acknowledging
   * are left.
   */
  readonly handle: (message: ReceivedMessage, freeSlot: () => void) => Promise<void>;
  /** Whether new work should wait. */
  readonly paused: () => Promise<boolean>;
  readonly onError: (error: Error) => void;
}

const RECEIVE_BACKOFF = { baseSeconds: 0.5, maxSeconds: 20 };
const PAUSE_MS = 1_000;
/** Messages that may still be published and acknowledged after their slot was freed, for each slot. */
const TAILS_PER_SLOT = 2;

/**
 * Keeps the worker's slots full: a slot that falls free is refilled without waiting for the slowest message of a batch. A
 * receive that fails is made again, with backoff, for as long as the worker runs.
 */
export class Poller {
  readonly #settings: PollerSettings;
  readonly #inHand = new Set<Promise<void>>();
  #busySlots = 0;
  readonly #stop = new AbortController();
  #slotFreed = Promise.withResolvers<void>();

  constructor(settings: PollerSettings) {
    this.#settings = settings;
  }

  /** Polls until `stop`. */
  async run(): Promise<void> {
    const { queue, onError } = this.#settings;
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        const free = await this.#freeSlots();
        if (free === 0) continue;
        const messages = await queue.receive(Math.min(free, MAX_BATCH_ENTRIES), LONG_POLL_SECONDS, this.#stop.signal);
        failures = 0;
        for (const message of messages) this.#take(message);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        failures += 1;
        onError(error as Error);
        await this.#pause(1_000 * fullJitterSeconds(failures, RECEIVE_BACKOFF));
      }
    }
  }

  /** Ends polling; what is in hand goes on. */
  stop(): void {
    this.#stop.abort();
    this.#slotFreed.resolve();
  }

  /** Settles when nothing is in hand. */
  async drained(): Promise<void> {
    while (this.#inHand.size > 0) await Promise.race(this.#inHand);
  }

  async #freeSlots(): Promise<number> {
    const { concurrency, refillMs, paused } = this.#settings;
    if (await paused()) {
      await this.#pause(PAUSE_MS);
      return 0;
    }
    while (this.#free() <= 0 && !this.#stop.signal.aborted) {
      this.#slotFreed = Promise.withResolvers();
      await this.#slotFreed.promise;
    }
    if (this.#free() < concurrency) await this.#pause(refillMs);
    return this.#stop.signal.aborted ? 0 : this.#free();
  }

  #free(): number {
    const { concurrency } = this.#settings;
    return Math.min(concurrency - this.#busySlots, concurrency * (1 + TAILS_PER_SLOT) - this.#inHand.size);
  }

  #take(message: ReceivedMessage): void {
    let holdsSlot = true;
    const freeSlot = (): void => {
      if (holdsSlot) this.#busySlots -= 1;
      holdsSlot = false;
      this.#slotFreed.resolve();
    };
    this.#busySlots += 1;
    const handling = this.#settings.handle(message, freeSlot).finally(() => {
      this.#inHand.delete(handling);
      freeSlot();
    });
    this.#inHand.add(handling);
  }

  async #pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => {});
  }
}
