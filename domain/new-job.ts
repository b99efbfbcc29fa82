import type { BatchItem, PayloadLocation, StoredFile, StoredJob } from "./job.ts";
import { listPartitionOf, typeStatusKey } from "./list-partitions.ts";

export interface NewJob {
  readonly id: string;
  readonly type: string;
  readonly maxAttempts: number;
  /** Over how many partitions of the indexes its type spreads jobs. @default 1 */
  readonly listPartitions?: number | undefined;
  /** JSON text. */
  readonly input?: string;
  readonly inputLocation?: PayloadLocation;
  readonly files?: Readonly<Record<string, StoredFile>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly groupId?: string;
  readonly owner: string;
  readonly batchId?: string;
  readonly batchItem?: BatchItem;
  /** The job that this one does again. */
  readonly retryOf?: string;
  /** Of the span that asks for it. */
  readonly traceparent?: string;
  readonly requestHash: string;
  readonly writeId: string;
  /** Kept from the workers for so long. */
  readonly delaySeconds?: number;
  /** In place of a delay: when it is due, in epoch milliseconds. */
  readonly runAt?: number;
  /** When it was added, in epoch milliseconds: before its message was sent, whose delay ends no earlier than the job's then. */
  readonly now: number;
}

/** The first version of a job: QUEUED, never claimed. */
export function newJob(asked: NewJob): StoredJob {
  const { writeId, listPartitions = 1, delaySeconds = 0, now, runAt = now + delaySeconds * 1_000, ...job } = asked;
  const createdAt = new Date(now).toISOString();
  const partition = listPartitionOf(job.id, listPartitions);
  return {
    ...job,
    status: "QUEUED",
    version: 1,
    attempt: 0,
    interruptions: 0,
    createdAt,
    updatedAt: createdAt,
    ...(runAt > now ? { runAt: new Date(runAt).toISOString() } : {}),
    typeStatus: typeStatusKey(job.type, "QUEUED", partition),
    ...(partition === 0 ? {} : { claimedTypeStatus: typeStatusKey(job.type, "RUNNING", partition) }),
    createdAtId: `${createdAt}#${job.id}`,
    lastWriteId: writeId,
  };
}
