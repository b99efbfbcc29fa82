import type { JobEnd, JobOfBatch } from "./batch.ts";
import { batchJobId, isBatchId } from "./batch-id.ts";
import type { BatchStore } from "./batch-store.ts";
import { Batcher } from "./batcher.ts";
import type { Company } from "./company.ts";
import { isTerminal, type StoredJob } from "./job.ts";
import type { JobEvents } from "./job-events.ts";
import { typeOfJobId } from "./job-id.ts";
import { MAX_BATCH_ITEMS } from "./limits.ts";

export interface BatchEndsSettings {
  readonly store: Pick<BatchStore, "end">;
  readonly events: Pick<JobEvents, "publishBatch">;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds that an end waits for others of its batch, to share their call. @default 0 */
  readonly lingerMs?: number;
  /** Who these others are. @default unknown */
  readonly company?: Company;
}

/** Tells batches of the ends of their jobs; concurrent ones of one batch share a call. */
export class BatchEnds {
  readonly #settings: BatchEndsSettings;
  readonly #ends: Batcher<JobOfBatch>;

  constructor(settings: BatchEndsSettings) {
    this.#settings = settings;
    this.#ends = new Batcher({
      maxEntries: MAX_BATCH_ITEMS,
      lingerMs: settings.lingerMs ?? 0,
      company: settings.company,
      send: async (jobs) => {
        const byLife = Map.groupBy(jobs.entries(), ([, { batchId, batchItem }]) => `${batchId} ${batchItem.createdAt}`);
        const failures = await Promise.all([...byLife.values()].map((ofOne) => this.#failures(ofOne)));
        return new Map(failures.flat());
      },
    });
  }

  /**
   * To be called by whoever finds that jobs have ended, after their ends were published and before their messages are deleted: a crash
   * anywhere brings a message back, and whoever gets it does the same again. The one that finds the batch complete publishes that.
   *
   * @param jobs those that are of no batch, or have not ended, are passed over.
   */
  async ended(...jobs: readonly StoredJob[]): Promise<void> {
    await Promise.all(
      jobs
        .filter(isOfBatch)
        .filter(isTerminal)
        .map((job) => this.#ends.add(job)),
    );
  }

  /** Tells one batch. @returns the failure for each of its jobs: those of other batches have none for it. */
  async #failures(jobs: readonly (readonly [place: number, job: JobOfBatch])[]): Promise<[number, Error][]> {
    try {
      await this.#tell(jobs.map(([, job]) => job));
      return [];
    } catch (error) {
      return jobs.map(([place]) => [place, error as Error]);
    }
  }

  /** @param jobs of one batch. */
  async #tell(jobs: readonly JobOfBatch[]): Promise<void> {
    const { store, events, now } = this.#settings;
    const [{ batchId: id, batchItem }] = jobs as readonly [JobOfBatch];
    const ends = new Map(jobs.map((job) => [job.batchItem.number, job.status as JobEnd]));
    const complete = await store.end({ id, createdAt: batchItem.createdAt }, ends, now());
    if (complete !== undefined) await events.publishBatch(complete);
  }
}

/**
 * Whether a job is the one that its batch has under its number. The workers of its type may write anything into it, and the Lambdas, which
 * reach the batches of all types, must not take numbers out of another's for them.
 */
export function isOfBatch(job: StoredJob): job is JobOfBatch {
  const { id, type, batchId, batchItem } = job;
  if (typeof batchId !== "string" || typeof batchItem !== "object" || batchItem === null) return false;
  if (!isBatchId(batchId) || typeOfJobId(batchId) !== type) return false;
  return id === batchJobId(type, { id: batchId, createdAt: batchItem.createdAt }, batchItem.number);
}
