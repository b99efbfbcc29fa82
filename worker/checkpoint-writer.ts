import { setTimeout as delay } from "node:timers/promises";
import type { StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobStore } from "@autoscaling-job-queues/domain/job-store";
import { fitsItem, payloadKeys } from "@autoscaling-job-queues/domain/payload";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import { JobAbortedError } from "./job-aborted-error.ts";
import type { WorkerLog } from "./log.ts";
import { NewestWrite } from "./newest-write.ts";

export interface CheckpointDependencies {
  readonly store: Pick<JobStore, "recordCheckpoint">;
  readonly payloads: Pick<PayloadStore, "put">;
  readonly newWriteId: () => string;
  readonly log: Pick<WorkerLog, "callFailed">;
}

export interface CheckpointWriterSettings {
  readonly intervalMs: number;
  /** Aborted when the attempt is to end: from then on no write waits for the interval. */
  readonly signal: AbortSignal;
}

/**
 * Writes an attempt's checkpoints: the first at once, then the newest one, at most once in `intervalMs`. Small ones go into the item,
 * others to S3 before the item names them, so that a pointer always points at something.
 */
export class CheckpointWriter {
  readonly #job: StoredJob;
  readonly #dependencies: CheckpointDependencies;
  readonly #intervalMs: number;
  readonly #newest: NewestWrite<string>;
  readonly #ended = new AbortController();
  readonly #attempt: AbortSignal;
  #joined: AbortSignal | undefined;
  #number: number;
  #interval: Promise<void> | undefined;

  /** @param job as the attempt claimed it. */
  constructor(job: StoredJob, dependencies: CheckpointDependencies, { intervalMs, signal }: CheckpointWriterSettings) {
    this.#job = job;
    this.#dependencies = dependencies;
    this.#intervalMs = intervalMs;
    this.#attempt = signal;
    this.#number = job.checkpoint?.number ?? 0;
    this.#newest = new NewestWrite(
      (json) => this.#write(json),
      () => this.#interval,
    );
  }

  /** Made for the first checkpoint: most jobs have none. */
  get #hurry(): AbortSignal {
    this.#joined ??= AbortSignal.any([this.#attempt, this.#ended.signal]);
    return this.#joined;
  }

  /** Settles when this checkpoint, or one that took its place, is stored. @throws JobAbortedError "LeaseLost", AWS's errors. */
  put(json: string): Promise<void> {
    return this.#newest.put(json);
  }

  /** The handler has ended. @param keep whether there may be another attempt: then the checkpoint that waits is written first. */
  async end({ keep }: { readonly keep: boolean }): Promise<void> {
    if (!keep) this.#newest.take();
    // The reason saves an error with a stack, for each job.
    this.#ended.abort("ended");
    if (keep) await this.#newest.idle();
  }

  async #write(json: string): Promise<void> {
    const { store, payloads, newWriteId, log } = this.#dependencies;
    const { type, id } = this.#job;
    this.#interval = delay(this.#intervalMs, undefined, { signal: this.#hurry }).catch(() => {});
    this.#number += 1;
    const number = this.#number;
    let isHeld: boolean;
    try {
      const key = payloadKeys.checkpoint(type, id, newWriteId());
      const value = fitsItem(json) ? json : await payloads.put(key, json, "application/json");
      isHeld = await store.recordCheckpoint(this.#job, { number, value });
    } catch (error) {
      log.callFailed("checkpoint", (error as Error).message);
      throw error;
    }
    if (!isHeld) throw new JobAbortedError("LeaseLost");
  }
}
