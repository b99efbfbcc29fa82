import { Worker as Thread } from "node:worker_threads";
import type { JobClaim, StoredJob } from "@autoscaling-job-queues/domain/job";
import { claimKey, type FromLeaseThread, type Hold, type LeaseThreadSettings, type ToLeaseThread } from "./messages.ts";

/** What happens to a claim while it is held. */
export interface LeaseListener {
  /** Another worker holds the job now, or none does. */
  lost(): void;
  /** Another process made a version: a cancel request. */
  changed(job: StoredJob): void;
}

export interface LeaseKeeperEvents {
  /** A call of the lease thread failed; it will be made again. */
  failed(call: string, message: string): void;
  /** The thread itself ended. Without it the worker must not go on. */
  ended(error: Error): void;
}

const PULSE_MS = 250;
/** How long the end of a claim waits to be told with others, in milliseconds: one renewal too many does no harm. */
const DROP_MS = 250;

/** The main thread's side of the lease thread: says which claims are held, and hears what becomes of them. */
export class LeaseKeeper {
  readonly #thread: Thread;
  readonly #listeners = new Map<string, LeaseListener>();
  readonly #pulseTimer: NodeJS.Timeout;
  #drops: JobClaim[] = [];
  #holds: Hold[] = [];
  #told: Promise<void> | undefined;
  #dropTimer: NodeJS.Timeout | undefined;

  constructor(settings: Omit<LeaseThreadSettings, "pulse">, events: LeaseKeeperEvents) {
    const pulse = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const counter = new Int32Array(pulse);
    const file = import.meta.url.endsWith(".ts") ? "./lease-thread.ts" : "./lease-thread.mjs";
    const workerData: LeaseThreadSettings = { ...settings, pulse };
    this.#thread = new Thread(new URL(file, import.meta.url), { workerData, name: "leases" });
    this.#thread.on("message", (message: FromLeaseThread) => {
      if (message.kind === "failed") events.failed(message.call, message.message);
      else if (message.kind === "lost") this.#listeners.get(claimKey(message.claim))?.lost();
      else this.#listeners.get(claimKey(message.job))?.changed(message.job);
    });
    this.#thread.on("error", (error) => events.ended(error as Error));
    this.#pulseTimer = setInterval(() => Atomics.add(counter, 0, 1), PULSE_MS);
  }

  /**
   * Keeps a claim's lease, its message's visibility, and an eye on its cancel requests, until `drop`. Settles when the
   * thread has been told: from then on, the handler may block this one.
   */
  async hold(hold: Hold, listener: LeaseListener): Promise<void> {
    this.#listeners.set(claimKey(hold), listener);
    this.#holds.push(hold);
    this.#told ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#tell();
        resolve();
      });
    });
    await this.#told;
  }

  /**
   * Lets go of a claim.
   *
   * @param atOnce for a message that is put back: a renewal after that would undo its delay.
   */
  drop({ id, createdAt, attempt }: JobClaim, { atOnce = false } = {}): void {
    const claim = { id, createdAt, attempt };
    if (!this.#listeners.delete(claimKey(claim))) return;
    this.#drops.push(claim);
    if (atOnce) this.#tell();
    else this.#dropTimer ??= setTimeout(() => this.#tell(), DROP_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.#pulseTimer);
    clearTimeout(this.#dropTimer);
    await this.#thread.terminate();
  }

  #tell(): void {
    const message: ToLeaseThread = { drops: this.#drops, holds: this.#holds };
    clearTimeout(this.#dropTimer);
    this.#dropTimer = undefined;
    this.#told = undefined;
    this.#drops = [];
    this.#holds = [];
    this.#thread.postMessage(message);
  }
}
