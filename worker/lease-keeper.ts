import { Worker as Thread } from "node:worker_threads";
import type { StoredJob } from "@autoscaling-job-queues/domain/job";
import type { FromLeaseThread, Hold, LeaseThreadSettings, ToLeaseThread } from "./lease-messages.ts";

/** What happens to a claim while it is held. */
export interface LeaseListener {
  /** Another worker holds the job now, or nobody does. */
  lost(): void;
  /** Somebody made a version: a cancel request. */
  changed(job: StoredJob): void;
}

export interface LeaseKeeperEvents {
  /** A call of the lease thread failed; it will be made again. */
  failed(call: string, message: string): void;
  /** The thread itself ended. Without it the worker must not go on. */
  ended(error: Error): void;
}

const PULSE_MS = 250;

/** The main thread's side of the lease thread: says which claims are held, and hears what becomes of them. */
export class LeaseKeeper {
  readonly #thread: Thread;
  readonly #listeners = new Map<string, LeaseListener>();
  readonly #pulseTimer: NodeJS.Timeout;

  constructor(settings: Omit<LeaseThreadSettings, "pulse">, events: LeaseKeeperEvents) {
    const pulse = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const counter = new Int32Array(pulse);
    const file = import.meta.url.endsWith(".ts") ? "./lease-thread.ts" : "./lease-thread.mjs";
    const workerData: LeaseThreadSettings = { ...settings, pulse };
    this.#thread = new Thread(new URL(file, import.meta.url), { workerData, name: "leases" });
    this.#thread.on("message", (message: FromLeaseThread) => {
      if (message.kind === "failed") events.failed(message.call, message.message);
      else if (message.kind === "lost") this.#listeners.get(key(message.id, message.attempt))?.lost();
      else this.#listeners.get(key(message.job.id, message.attempt))?.changed(message.job);
    });
    this.#thread.on("error", (error) => events.ended(error as Error));
    this.#pulseTimer = setInterval(() => Atomics.add(counter, 0, 1), PULSE_MS);
  }

  /** Keeps a claim's lease, its message's visibility, and an eye on its cancel requests, until `drop`. */
  hold(hold: Hold, listener: LeaseListener): void {
    this.#listeners.set(key(hold.id, hold.attempt), listener);
    this.#post({ kind: "hold", hold });
  }

  drop(id: string, attempt: number): void {
    this.#listeners.delete(key(id, attempt));
    this.#post({ kind: "drop", id, attempt });
  }

  async close(): Promise<void> {
    clearInterval(this.#pulseTimer);
    await this.#thread.terminate();
  }

  #post(message: ToLeaseThread): void {
    this.#thread.postMessage(message);
  }
}

function key(id: string, attempt: number): string {
  return `${id}/${attempt}`;
}
