import type { JobError } from "./errors.ts";

export const JOB_STATUSES = ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const TERMINAL_STATUSES: ReadonlySet<JobStatus> = new Set(["SUCCEEDED", "FAILED", "CANCELLED"]);

/** JSON text too large for the job's item, in the results bucket. */
export interface PayloadLocation {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
}

export interface Progress {
  /** From 0 to 1. */
  readonly fraction: number;
  readonly message?: string;
}

/** A job as callers see it: the API's body and, without progress, the body of its SNS events. */
export interface Job {
  /** `<type>_<ULID>`. Of a job added with an idempotency key, the ULID's time part is not a time. */
  readonly id: string;
  readonly type: string;
  readonly status: JobStatus;
  /** 1 when added; each change of status and each cancel request raises it by exactly 1. */
  readonly version: number;
  /** How often a worker has claimed the job. */
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly input?: unknown;
  readonly inputLocation?: PayloadLocation;
  readonly result?: unknown;
  readonly resultLocation?: PayloadLocation;
  /** Why the job failed or, while it is queued again, why its last attempt did. */
  readonly error?: JobError;
  readonly progress?: Progress;
  readonly tags?: Readonly<Record<string, string>>;
  /** Tenant, for fairness: SQS spreads deliveries over the groups of a queue. By default the owner. */
  readonly groupId?: string;
  /** The principal who added the job, after the kind of authorizer that named it, such as `jwt:user-1`. */
  readonly owner?: string;
  /** ISO 8601, as all times here but `expiresAt`. */
  readonly createdAt: string;
  /** When `version` last rose. */
  readonly updatedAt: string;
  /** When the first attempt started. */
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly cancelRequestedAt?: string;
  /** Of a job that was added with a delay: no attempt starts before. */
  readonly runAt?: string;
  /** While it waits for a retry: no attempt starts before. */
  readonly nextAttemptAt?: string;
  /** Epoch seconds; the item's TTL, set when the job is terminal. */
  readonly expiresAt?: number;
}

/** A job's DynamoDB item: the job, and what only this system reads. */
export interface StoredJob extends Job {
  /** JSON text, as the caller sent it: no map of DynamoDB's keeps the order of members or the digits of numbers. */
  readonly input?: string;
  /** JSON text, as the handler's result was written. */
  readonly result?: string;
  /** `type#status`: partition key of the index that lists jobs. */
  readonly typeStatus: string;
  /** `createdAt#id`: sort key of that index; a total order, newest last. */
  readonly createdAtId: string;
  /** SHA-256 of what the caller asked for; tells a replayed request from a reused idempotency key. */
  readonly requestHash: string;
  /** Names the write that made this version, so that a retried write recognises itself. */
  readonly lastWriteId: string;
  /** Hand-backs that were not the job's fault; they cost no attempt. */
  readonly interruptions: number;
  /** The worker that holds the job. */
  readonly leaseOwner?: string;
  /** Epoch milliseconds. Past it, another worker may take the job over. */
  readonly leaseExpiresAt?: number;
}

/**
 * Which claim of which job a worker holds. ID and attempt do not tell: a key that is used again after its job expired makes a job of
 * the same ID, whose attempts begin at 1 again.
 */
export type JobClaim = Pick<StoredJob, "id" | "createdAt" | "attempt">;

export function isTerminal(job: Pick<Job, "status">): boolean {
  return TERMINAL_STATUSES.has(job.status);
}

/** Whether a worker holds the job at `now`, in epoch milliseconds. */
export function isLeased(job: Pick<StoredJob, "status" | "leaseExpiresAt">, now: number): boolean {
  return job.status === "RUNNING" && job.leaseExpiresAt !== undefined && job.leaseExpiresAt >= now;
}

/** Whether a job's time is up. DynamoDB deletes expired items days late. @param now epoch milliseconds. */
export function isExpired({ expiresAt }: Pick<Job, "expiresAt">, now: number): boolean {
  return expiresAt !== undefined && expiresAt < Math.floor(now / 1_000);
}

/** When a queued job may be claimed, in epoch milliseconds; undefined where nothing but a worker is waited for. */
export function dueAt({ runAt, nextAttemptAt }: Pick<Job, "runAt" | "nextAttemptAt">): number | undefined {
  const times = [runAt, nextAttemptAt].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]));
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Attempts that count: claims without those that were interrupted through no fault of the job. */
export function countedAttempts(job: Pick<StoredJob, "attempt" | "interruptions">): number {
  return job.attempt - job.interruptions;
}
