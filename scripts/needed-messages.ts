import { readBatch, type StoredBatch } from "@autoscaling-job-queues/domain/batch";
import { batchJobId } from "@autoscaling-job-queues/domain/batch-id";
import { dueAt, isExpired, isTerminal, type StoredJob } from "@autoscaling-job-queues/domain/job";
import { isJobId, typeOfJobId } from "@autoscaling-job-queues/domain/job-id";
import type { Send } from "@autoscaling-job-queues/domain/job-queue";
import { MAX_MESSAGE_DELAY_SECONDS } from "@autoscaling-job-queues/domain/limits";

/** An item of the jobs table: a job, a batch, or what the platform keeps beside them. */
export type JobsItem = Readonly<Record<string, unknown>> & { readonly id: string };

/** @returns undefined where the item is no job. */
export function readJob(item: JobsItem): StoredJob | undefined {
  return isJobId(item.id) && item.type === typeOfJobId(item.id) ? (item as unknown as StoredJob) : undefined;
}

/**
 * The messages that must be in a type's queue so that what an item tells of comes to its end (docs/reliability.md): that of a job that has not
 * ended and, of a batch that is open, those of all jobs that it waits for. Some of these may have ended; the worker that gets such a message
 * tells the batch. A message too many does no harm.
 *
 * @param now epoch milliseconds.
 */
export function neededMessages(item: JobsItem, now: number): readonly Send[] {
  const job = readJob(item);
  if (job !== undefined) return isTerminal(job) || isExpired(job, now) ? [] : [messageOf(job, now)];
  const batch = readBatch(item);
  return batch === undefined || isExpired(batch, now) ? [] : messagesOfPending(batch);
}

/** A worker that comes to the message before its job is due puts it back, so a delay may be too short. */
function messageOf(job: StoredJob, now: number): Send {
  const { id: jobId, groupId } = job;
  const delaySeconds = Math.min(MAX_MESSAGE_DELAY_SECONDS, Math.ceil(((dueAt(job) ?? now) - now) / 1_000));
  return { jobId, ...(groupId === undefined ? {} : { groupId }), ...(delaySeconds > 0 ? { delaySeconds } : {}) };
}

function messagesOfPending(batch: StoredBatch): readonly Send[] {
  return [...(batch.pending ?? [])].map((number) => ({ jobId: batchJobId(batch.type, batch, number) }));
}
