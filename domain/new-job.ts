import type { BatchItem, PayloadLocation, StoredFile, StoredJob } from "./job.ts";
import { typeStatusKey } from "./transition-values.ts";

export interface NewJob {
  readonly id: string;
  readonly type: string;
  readonly maxAttempts: number;
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
export function newJob({ writeId, delaySeconds = 0, now, runAt = now + delaySeconds * 1_000, ...job }: NewJob): StoredJob {
  const createdAt = new Date(now).toISOString();
  return {
    ...job,
    status: "QUEUED",
    version: 1,
    attempt: 0,
    interruptions: 0,
    createdAt,
    updatedAt: createdAt,
    ...(runAt > now ? { runAt: new Date(runAt).toISOString() } : {}),
    typeStatus: typeStatusKey(job.type, "QUEUED"),
    createdAtId: `${createdAt}#${job.id}`,
    lastWriteId: writeId,
  };
}
