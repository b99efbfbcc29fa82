import type { StoredBatch } from "@autoscaling-job-queues/domain/batch";
import { batchJobId } from "@autoscaling-job-queues/domain/batch-id";
import type { StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobItems } from "@autoscaling-job-queues/domain/job-items";

/** The numbers of a batch's jobs that have not ended, ascending. */
export function pendingNumbers({ pending = new Set<number>() }: Pick<StoredBatch, "pending">): number[] {
  return [...pending].sort((one, other) => one - other);
}

/**
 * Reads a batch's jobs of these numbers as all writes before left them. Their IDs derive from the batch, so no index is asked, and none of
 * them lags.
 *
 * @returns the jobs in the order of the numbers; undefined where there is none.
 */
export async function jobsOfBatch(
  batch: StoredBatch,
  numbers: readonly number[],
  store: Pick<JobItems, "getMany">,
): Promise<(StoredJob | undefined)[]> {
  const ids = numbers.map((number) => batchJobId(batch.type, batch, number));
  const jobs = new Map((await store.getMany(ids, { consistent: true })).map((job) => [job.id, job]));
  return ids.map((id) => jobs.get(id));
}
