import { isBatchId } from "./batch-id.ts";
import type { Batch } from "./batch-schema.ts";
import type { StoredJob } from "./job.ts";
import { isJobId, typeOfJobId } from "./job-id.ts";
import { BATCH_LIFETIME_DAYS, MAX_BATCH_ITEMS } from "./limits.ts";

export type { Batch } from "./batch-schema.ts";

/**
 * A batch's item, beside those of its jobs. It has no counter: numbers are taken out of a set, and put into another one, which changes
 * nothing when it is done again. The numbers are the places of its items in the request, from 0.
 */
export interface StoredBatch {
  readonly id: string;
  readonly type: string;
  /** 1; 2 once it is complete. */
  readonly version: number;
  readonly total: number;
  /** Of the jobs that have not ended. DynamoDB has no empty sets: it is absent once the batch is complete. */
  readonly pending?: ReadonlySet<number>;
  readonly failed?: ReadonlySet<number>;
  readonly cancelled?: ReadonlySet<number>;
  readonly owner: string;
  /** SHA-256 of what the caller asked for; tells a repeated request from a reused key. */
  readonly requestHash: string;
  /** Of the request that began it: its jobs have it, whichever request adds them. */
  readonly traceparent?: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly completedAt?: string;
  readonly onCompleteJobId?: string;
  /** Epoch seconds, TTL: of a complete batch as of a job that ended then. */
  readonly expiresAt: number;
}

/** The end of a job, as its batch counts it. */
export type JobEnd = "SUCCEEDED" | "FAILED" | "CANCELLED";

/** How jobs of a batch ended, by their numbers. */
export type JobEnds = ReadonlyMap<number, JobEnd>;

export type BatchCounts = Pick<Batch, "total" | "pending" | "succeeded" | "failed" | "cancelled">;

/** A batch none of whose jobs has ended. @param now epoch milliseconds. */
export function newBatch({
  now,
  ...batch
}: Pick<StoredBatch, "id" | "type" | "total" | "owner" | "requestHash" | "traceparent"> & { readonly now: number }): StoredBatch {
  return {
    ...batch,
    version: 1,
    pending: new Set(Array.from({ length: batch.total }, (_, number) => number)),
    createdAt: new Date(now).toISOString(),
    expiresAt: Math.floor(now / 1_000) + BATCH_LIFETIME_DAYS * 86_400,
  };
}

export function isComplete({ completedAt }: Pick<StoredBatch, "completedAt">): boolean {
  return completedAt !== undefined;
}

export function batchCounts({ total, pending, failed, cancelled }: StoredBatch): BatchCounts {
  const counts = { pending: pending?.size ?? 0, failed: failed?.size ?? 0, cancelled: cancelled?.size ?? 0 };
  return { total, succeeded: total - counts.pending - counts.failed - counts.cancelled, ...counts };
}

/** The `Batch` of API and events. */
export function publicBatch(batch: StoredBatch): Batch {
  const { id, type, version, createdAt, completedAt, onCompleteJobId } = batch;
  return {
    id,
    type,
    status: isComplete(batch) ? "COMPLETE" : "OPEN",
    version,
    ...batchCounts(batch),
    createdAt,
    ...(completedAt === undefined ? {} : { completedAt }),
    ...(onCompleteJobId === undefined ? {} : { onCompleteJobId }),
  };
}

/**
 * An item as the batch that it is; undefined where it is none. The workers of its type may write the item, and who reads it for callers
 * has wider rights than they.
 */
export function readBatch(item: Readonly<Record<string, unknown>> | undefined): StoredBatch | undefined {
  if (item === undefined) return undefined;
  const batch = item as unknown as StoredBatch;
  const { id, type, total, version, owner, requestHash, createdAt, completedAt, onCompleteJobId, expiresAt } = batch;
  const isNamed = typeof id === "string" && isBatchId(id) && typeOfJobId(id) === type;
  const isCounted = Number.isInteger(total) && total >= 1 && total <= MAX_BATCH_ITEMS && (version === 1 || version === 2);
  if (!isNamed || !isCounted || typeof owner !== "string" || typeof requestHash !== "string") return undefined;
  if (!isTime(createdAt) || !(completedAt === undefined || isTime(completedAt)) || !Number.isInteger(expiresAt)) return undefined;
  if (onCompleteJobId !== undefined && !(typeof onCompleteJobId === "string" && isJobId(onCompleteJobId))) return undefined;
  const sets = [batch.pending, batch.failed, batch.cancelled].map((set) => set ?? new Set());
  const numbers = sets.flatMap((set) => (set instanceof Set ? [...set] : [undefined]));
  const isSplit = new Set(numbers).size === numbers.length && numbers.every((number) => isNumberOf(batch, number));
  return isSplit && (completedAt === undefined) === (batch.pending !== undefined) ? batch : undefined;
}

/** `toISOString`'s own form, in which times compare as texts. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function isTime(text: unknown): boolean {
  return typeof text === "string" && TIME.test(text) && !Number.isNaN(Date.parse(text));
}

/** Whether a batch has an item of this number. */
function isNumberOf({ total }: Pick<StoredBatch, "total">, number: unknown): number is number {
  return Number.isInteger(number) && (number as number) >= 0 && (number as number) < total;
}

/** A job of a batch, with its place. */
export type JobOfBatch = StoredJob & Required<Pick<StoredJob, "batchId" | "batchItem">>;
