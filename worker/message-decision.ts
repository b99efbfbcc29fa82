import type { JobError } from "@autoscaling-job-queues/domain/errors";
import { countedAttempts, dueAt, isLeased, isTerminal, type StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { JOB_LIFETIME_DAYS } from "@autoscaling-job-queues/domain/limits";
import type { TransitionName } from "@autoscaling-job-queues/domain/transitions";
import type { HeldClaim } from "./put-back.ts";

/** What a worker does with a message, given the job that it names. */
export type MessageDecision =
  /** Nothing to run under this ID. */
  | { readonly kind: "missing" }
  /**
   * The job has ended: publish its state again, acknowledge. Where its time is up, an add with its idempotency key may be
   * about to take its place, and the message be that add's: it waits as one without a job does.
   */
  | { readonly kind: "ended"; readonly mayBeReplaced?: true }
  /** A worker holds the job. */
  | ({ readonly kind: "leased" } & HeldClaim)
  /** The job may not start before this time (epoch milliseconds): its delay or its wait for a retry is not over. */
  | { readonly kind: "early"; readonly due: number }
  /** Make this transition, after the state that it replaces has been published. */
  | { readonly kind: "transition"; readonly name: TransitionName; readonly error?: JobError };

const LIFETIME_MS = JOB_LIFETIME_DAYS * 86_400_000;

/**
 * Whether a job, from when it was due, or a message is too old to be run: an attempt must end, if only by its timeout, while there still
 * is a message that would bring the job to another worker.
 */
export function isTooOld(ageMs: number, timeoutSeconds: number): boolean {
  return ageMs + timeoutSeconds * 1_000 > LIFETIME_MS;
}

/** How far the worker's clock and that of the add-job Lambda may be apart when both ask whether a job has expired. */
const EXPIRY_MARGIN_MS = 3_600_000;

/** Whether its time is up by some clock, although DynamoDB, which is days late, has not deleted it. */
function mayBeReplaced({ expiresAt }: StoredJob, now: number): boolean {
  return expiresAt !== undefined && expiresAt * 1_000 < now + EXPIRY_MARGIN_MS;
}

/** @param jobType the worker's own: jobs of other types do not concern it. */
export function decideOnMessage(
  job: StoredJob | undefined,
  jobType: Pick<JobType, "name" | "timeoutSeconds">,
  now: number,
): MessageDecision {
  if (job === undefined || job.type !== jobType.name) return { kind: "missing" };
  if (isTerminal(job)) return { kind: "ended", ...(mayBeReplaced(job, now) ? { mayBeReplaced: true } : {}) };
  // The version that is leased was made by the claim, or by a cancel request after it.
  if (isLeased(job, now)) return { kind: "leased", until: job.leaseExpiresAt ?? now, since: Date.parse(job.updatedAt) };
  const abandoned = job.status === "RUNNING";
  if (abandoned && job.cancelRequestedAt !== undefined) return { kind: "transition", name: "stopAbandoned" };
  const fail = abandoned ? "failAbandoned" : "failQueued";
  if (isTooOld(now - Date.parse(job.runAt ?? job.createdAt), jobType.timeoutSeconds)) {
    const message = `the job could not be finished within ${JOB_LIFETIME_DAYS} days of when it was due`;
    return { kind: "transition", name: fail, error: { code: "JobExpired", message } };
  }
  if (countedAttempts(job) >= job.maxAttempts) {
    const message = `no attempt is left: the worker of attempt ${job.attempt} ended without notice`;
    return { kind: "transition", name: fail, error: { code: "WorkerLost", message } };
  }
  if (abandoned) return { kind: "transition", name: "takeOver" };
  const due = dueAt(job) ?? now;
  return due > now ? { kind: "early", due } : { kind: "transition", name: "claim" };
}
