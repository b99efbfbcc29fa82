import { setTimeout as delay } from "node:timers/promises";
import { fullJitterSeconds } from "@autoscaling-job-queues/domain/backoff";
import { LONG_POLL_SECONDS } from "@autoscaling-job-queues/domain/clients";
import type { Company } from "@autoscaling-job-queues/domain/company";
import type { JobQueue, ReceivedMessage } from "@autoscaling-job-queues/domain/job-queue";
import { MAX_BATCH_ENTRIES } from "@autoscaling-job-queues/domain/limits";
import { Ahead } from "./ahead.ts";
import type { WorkerSettings } from "./settings.ts";
import { SlotPace } from "./slot-pace.ts";

export interface PollerSettings extends Pick<WorkerSettings, "refillMs" | "aheadMs" | "aheadAtMostMs"> {
  readonly queue: Pick<JobQueue, "receive">;
  /** Messages in hand at a time, at most. */
  readonly concurrency: number;
  /**
   * Deals with a message; must not throw. It may free its slot before it is done, when only publishing and acknowledging
   * are left.
   */
  readonly handle: (message: ReceivedMessage, freeSlot: () => void) => Promise<void>;
  /** Hands back a message that was received ahead and has not begun; must not throw. */
  readonly handBack: (message: ReceivedMessage) => Promise<void>;
  /** Whether new work should wait. */
  readonly paused: () => Promise<boolean>;
  readonly onError: (error: Error) => void;
  /** Is told of each message from its receive to its end. */
  readonly company: Pick<Company, "enter" | "leave">;
  /** Milliseconds of a clock that is never set. */
  readonly clock: () => number;
}

const RECEIVE_BACKOFF = { baseSeconds: 0.5, maxSeconds: 20 };
const PAUSE_MS = 1_000;
/** Messages that may still be written, published and acknowledged after their slot was freed: for each slot, and at least. */
const TAILS_PER_SLOT = 2;
const TAILS_AT_LEAST = 20;
/** Messages that wait for a slot, at most: those of one receive while the next is under way. */
const MAX_AHEAD = 2 * MAX_BATCH_ENTRIES;
/** A receive that took longer waited for messages to come, in milliseconds. */
const AT_ONCE_MS = 200;
/** How long a receive may wait that asks for more than there are slots, in seconds: by then, they may not be about to fall free any more. */
const AHEAD_POLL_SECONDS = 1;

/**
 * Keeps the worker's slots full: a slot that falls free is refilled without waiting for the slowest message of a batch. While receives come
 * full and slots fall free fast, messages are received a little ahead of them (docs/decisions/0041-receiving-ahead.md). A receive that
 * fails is made again, with backoff, for as long as the worker runs.
 */
export class Poller {
  readonly #settings: PollerSettings;
  readonly #inHand = new Set<Promise<void>>();
  readonly #ahead: Ahead;
  readonly #pace: SlotPace;
  /** The last receive brought as much as it asked for, without waiting for it: there is more. */
  #hasBacklog = false;
  #busySlots = 0;
  readonly #stop = new AbortController();
  #slotFreed = Promise.withResolvers<void>();

  constructor(settings: PollerSettings) {
    const { concurrency, clock, company, aheadAtMostMs: atMostMs } = settings;
    this.#settings = settings;
    this.#pace = new SlotPace(concurrency);
    const handBack = (message: ReceivedMessage) => settings.handBack(message).finally(() => company.leave());
    this.#ahead = new Ahead({ atMostMs, clock, handBack, onLate: () => this.#pace.forget() });
  }

  /** Polls until `stop`. */
  async run(): Promise<void> {
    const { queue, company, clock, onError } = this.#settings;
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        const room = await this.#room();
        if (room === 0) continue;
        const askedAt = clock();
        const messages = await queue.receive(room, this.#patience(room), this.#stop.signal);
        failures = 0;
        this.#hasBacklog = messages.length === room && clock() - askedAt < AT_ONCE_MS;
        for (const message of messages) {
          company.enter();
          this.#ahead.add(message);
        }
        this.#fill();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        failures += 1;
        onError(error as Error);
        await this.#pause(1_000 * fullJitterSeconds(failures, RECEIVE_BACKOFF));
      }
    }
  }

  /** Ends polling, and hands back what has not begun; what is in hand goes on. */
  stop(): void {
    this.#stop.abort();
    this.#ahead.clear();
    this.#slotFreed.resolve();
  }

  /** Settles when nothing is in hand. */
  async drained(): Promise<void> {
    while (this.#inHand.size > 0) await Promise.race(this.#inHand);
    await this.#ahead.settled();
  }

  /** Waits until a receive is worth its call. @returns for how many messages, 0 where it is to be asked again. */
  async #room(): Promise<number> {
    const { concurrency, refillMs, paused } = this.#settings;
    while (this.#wanted() < this.#worthACall() && !this.#stop.signal.aborted) {
      this.#slotFreed = Promise.withResolvers();
      await this.#slotFreed.promise;
    }
    // Only now: slots may have been full for hours.
    if (await paused()) {
      this.#ahead.clear();
      await this.#pause(PAUSE_MS);
      return 0;
    }
    if (!this.#hasBacklog && this.#free() < concurrency) await this.#pause(refillMs);
    return this.#stop.signal.aborted ? 0 : Math.max(0, Math.min(this.#wanted(), MAX_BATCH_ENTRIES));
  }

  #patience(room: number): number {
    return room > this.#free() ? AHEAD_POLL_SECONDS : LONG_POLL_SECONDS;
  }

  #wanted(): number {
    return this.#free() + this.#mayWait() - this.#ahead.size;
  }

  /** How many messages may wait for slots that fall free soon. */
  #mayWait(): number {
    return this.#hasBacklog ? Math.min(MAX_AHEAD, this.#pace.freeWithin(this.#settings.aheadMs)) : 0;
  }

  #worthACall(): number {
    return Math.max(1, Math.min(MAX_BATCH_ENTRIES, Math.ceil(this.#mayWait() / 2)));
  }

  #free(): number {
    const { concurrency } = this.#settings;
    const tails = Math.max(concurrency * TAILS_PER_SLOT, TAILS_AT_LEAST);
    return Math.min(concurrency - this.#busySlots, concurrency + tails - this.#inHand.size);
  }

  #fill(): void {
    if (this.#stop.signal.aborted) this.#ahead.clear();
    while (this.#free() > 0) {
      const message = this.#ahead.take();
      if (message === undefined) return;
      this.#take(message);
    }
  }

  #take(message: ReceivedMessage): void {
    const { handle, company, clock } = this.#settings;
    const takenAt = clock();
    let holdsSlot = true;
    const freeSlot = (): void => {
      if (!holdsSlot) return;
      holdsSlot = false;
      this.#busySlots -= 1;
      this.#pace.freed(clock() - takenAt);
      this.#refill();
    };
    this.#busySlots += 1;
    const handling = handle(message, freeSlot).finally(() => {
      this.#inHand.delete(handling);
      company.leave();
      freeSlot();
      this.#refill();
    });
    this.#inHand.add(handling);
  }

  #refill(): void {
    this.#fill();
    this.#slotFreed.resolve();
  }

  async #pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => {});
  }
}
