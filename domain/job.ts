import type { JobFile, PayloadLocation, PublicJob } from "./job-schema.ts";
import { QUEUED_DELAY_SECONDS } from "./limits.ts";

export const JOB_STATUSES = ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const TERMINAL_STATUSES: ReadonlySet<JobStatus> = new Set(["SUCCEEDED", "FAILED", "CANCELLED"]);

/** JSON text too large for the job's item, in the results bucket. */
export type { JobFile, PayloadLocation } from "./job-schema.ts";

/** A job as callers see it. */
export interface Job extends PublicJob {}
export type Progress = NonNullable<Job["progress"]>;

/** Where a job's next attempt goes on: what an attempt stored while it held the job. */
export interface Checkpoint {
  /** Counts a job's checkpoints from 1, so that a write that arrives late takes no newer one's place. */
  readonly number: number;
  /** JSON text, or where it is. */
  readonly value: string | PayloadLocation;
}

/** A file of a job, with the object of the results bucket that holds it: the one that was there when the job was added. */
export interface StoredFile extends JobFile {
  readonly key: string;
  readonly etag: string;
}

/** The place of a job in its batch. */
export interface BatchItem {
  /** From 0, in the order of the request. */
  readonly number: number;
  /** `createdAt` of the batch. */
  readonly createdAt: string;
}

/** A job's DynamoDB item: the job, and what only this system reads. */
export interface StoredJob extends Job {
  /** JSON text, as the caller sent it: no map of DynamoDB's keeps the order of members or the digits of numbers. */
  readonly input?: string;
  readonly files?: Readonly<Record<string, StoredFile>>;
  /** JSON text, as the handler's result was written. */
  readonly result?: string;
  /** `type#status`, or `type#status#partition`: partition key of the index that lists jobs. */
  readonly typeStatus: string;
  /** What that is while the job runs, for a claim that has not seen the job; absent in partition 0. */
  readonly claimedTypeStatus?: string;
  /** `createdAt#id`: sort key of that index; a total order, newest last. */
  readonly createdAtId: string;
  /** SHA-256 of what the caller asked for; tells a replayed request from a reused idempotency key. */
  readonly requestHash: string;
  /** Names the write that made this version, so that a retried write recognises itself. */
  readonly lastWriteId: string;
  /** Of a job of a batch: which of its items it is, and which life of the batch's ID it belongs to. */
  readonly batchItem?: BatchItem;
  /** Hand-backs that were not the job's fault; they cost no attempt. */
  readonly interruptions: number;
  /** Of a job that has not ended; the last one that was stored. */
  readonly checkpoint?: Checkpoint;
  /** The worker that holds the job, and its image: see `leaseOwner`. */
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

/**
 * Whether a schedule sends the job's message: its times say so, for whoever reads it. The delay of a job is known when it is added, before
 * anything is stored.
 */
export function isScheduled({ runAt, createdAt }: Pick<Job, "runAt" | "createdAt">): boolean {
  return runAt !== undefined && Date.parse(runAt) - Date.parse(createdAt) > QUEUED_DELAY_SECONDS * 1_000;
}

/** Attempts that count: claims without those that were interrupted through no fault of the job. */
export function countedAttempts(job: Pick<StoredJob, "attempt" | "interruptions">): number {
  return job.attempt - job.interruptions;
}
