import type { JobClaim, StoredJob } from "@autoscaling-job-queues/domain/job";

/** What the lease thread needs to start. */
export interface LeaseThreadSettings {
  readonly tableName: string;
  readonly queueUrl: string;
  readonly leaseSeconds: number;
  readonly cancelPollMs: number;
  /** Counts the turns of the worker's main thread: while it stands still, that thread is blocked. */
  readonly pulse: SharedArrayBuffer;
}

/** A claim whose lease and message are to be kept. */
export interface Hold extends JobClaim {
  readonly version: number;
  readonly receiptHandle: string;
  /** Epoch milliseconds past which the worker should have ended the job, by force if need be. */
  readonly overdueAt: number;
}

/** Changes of what is held: drops first. One message tells of many, because each costs both threads. */
export interface ToLeaseThread {
  readonly drops: readonly JobClaim[];
  readonly holds: readonly Hold[];
}

/** Tells claims from each other. */
export function claimKey({ id, createdAt, attempt }: JobClaim): string {
  return `${id}/${createdAt}/${attempt}`;
}

export type FromLeaseThread =
  /** The job is no longer this claim's. */
  | { readonly kind: "lost"; readonly claim: JobClaim }
  /** Another process made a version: a cancel request. */
  | { readonly kind: "changed"; readonly job: StoredJob }
  | { readonly kind: "failed"; readonly call: string; readonly message: string };
