import { setTimeout as delay } from "node:timers/promises";
import { ApiCaller } from "./api-caller.ts";
import type { ChaosPlatform } from "./chaos-platform.ts";
import type { PlannedBatch, PlannedJob } from "./workload.ts";

const READS_EVERY_MS = 250;
/** Reads are of the jobs that were added last. */
const RECENT_JOBS = 20;

/** Callers of the API: they add and cancel jobs, and look at them. */
export class RunLoad {
  /** IDs that were answered with 202, oldest first. */
  readonly accepted: string[] = [];
  /** IDs of batches that were answered with 202. */
  readonly batches: string[] = [];
  /** How long each try of an add took, in milliseconds. */
  readonly latencyMs: number[] = [];
  readonly #platform: ChaosPlatform;
  readonly #clients: number;
  readonly #spreadMs: number;
  readonly #pace: () => number;
  readonly #cancels: Promise<unknown>[] = [];

  /**
   * @param clients how many add jobs at the same time.
   * @param spreadMs milliseconds that all adds take together, where the API keeps up.
   * @param pace random numbers that decide when something is done.
   */
  constructor(platform: ChaosPlatform, clients: number, spreadMs: number, pace: () => number) {
    this.#platform = platform;
    this.#clients = clients;
    this.#spreadMs = spreadMs;
    this.#pace = pace;
  }

  /** Settles when all jobs and batches have been accepted, and all cancels answered. */
  async run(jobs: readonly PlannedJob[], batches: readonly PlannedBatch[]): Promise<void> {
    const reading = new AbortController();
    const reads = this.#readAtRandom(reading.signal);
    const pauseMs = (this.#spreadMs / jobs.length) * this.#clients;
    const left = jobs.values();
    await Promise.all([
      ...Array.from({ length: this.#clients }, (_, index) => this.#addSome(`client ${index + 1}`, left, pauseMs)),
      this.#addBatches(batches),
    ]);
    await Promise.all(this.#cancels);
    reading.abort();
    await reads;
  }

  async #addSome(name: string, jobs: Iterable<PlannedJob>, pauseMs: number): Promise<void> {
    const caller = new ApiCaller(this.#platform.api, name, this.#platform.recorder);
    let dueAt = performance.now();
    for (const { cancelAfterMs, ...job } of jobs) {
      const { id } = await caller.addUntilAccepted(job);
      this.accepted.push(id);
      if (cancelAfterMs !== undefined) this.#cancels.push(delay(cancelAfterMs).then(() => caller.cancel(id)));
      dueAt += 2 * pauseMs * this.#pace();
      await delay(Math.max(0, dueAt - performance.now()));
    }
    this.latencyMs.push(...caller.latencyMs);
  }

  async #addBatches(batches: readonly PlannedBatch[]): Promise<void> {
    const caller = new ApiCaller(this.#platform.api, "client of batches", this.#platform.recorder);
    for (const { cancelAfterMs, ...batch } of batches) {
      const { id } = await caller.addBatchUntilAccepted(batch);
      this.batches.push(id);
      if (cancelAfterMs !== undefined) this.#cancels.push(delay(cancelAfterMs).then(() => caller.cancelBatch(id)));
      await delay((2 * this.#spreadMs * this.#pace()) / batches.length);
    }
  }

  /** A caller who looks at jobs now and then. */
  async #readAtRandom(signal: AbortSignal): Promise<void> {
    const caller = new ApiCaller(this.#platform.api, "reader", this.#platform.recorder);
    while (!signal.aborted) {
      const id = this.accepted.at(-1 - Math.floor(this.#pace() * RECENT_JOBS));
      if (id !== undefined) await caller.get(id);
      await delay(READS_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }
}
