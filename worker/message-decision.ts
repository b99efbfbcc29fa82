import type { JobError } from "@autoscaling-job-queues/domain/errors";
import { countedAttempts, isLeased, isTerminal, type StoredJob } from "@autoscaling-job-queues/domain/job";
import type { ReceivedMessage } from "@autoscaling-job-queues/domain/job-queue";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { ADD_JOB_TIMEOUT_SECONDS, JOB_LIFETIME_DAYS } from "@autoscaling-job-queues/domain/limits";
import type { TransitionName } from "@autoscaling-job-queues/domain/transitions";

/** What a worker does with a message, given the job that it names. */
export type MessageDecision =
  /** Nothing to run under this ID. */
  | { readonly kind: "missing" }
  /**
   * The job has ended: publish its state again, acknowledge. Where its time is up, an add with its idempotency key may be
   * about to take its place, and the message be that add's: it waits as one without a job does.
   */
  | { readonly kind: "ended"; readonly mayBeReplaced?: true }
  /** Somebody holds the job, until this time at least (epoch milliseconds). */
  | { readonly kind: "leased"; readonly until: number }
  /** Make this transition, after the state that it replaces has been published. */
  | { readonly kind: "transition"; readonly name: TransitionName; readonly error?: JobError };

const LIFETIME_MS = JOB_LIFETIME_DAYS * 86_400_000;

/**
 * Whether a job, or a message, is too old to be run: an attempt must end, if only by its timeout, while there still is a message
 * that would bring the job to another worker.
 */
export function isExpired(ageMs: number, timeoutSeconds: number): boolean {
  return ageMs + timeoutSeconds * 1_000 > LIFETIME_MS;
}

/** How far the worker's clock and that of the add-job Lambda may be apart when both ask whether a job has expired. */
const EXPIRY_MARGIN_MS = 3_600_000;

/** Whether its time is up by some clock, although DynamoDB, which is days late, has not deleted it. */
function mayBeReplaced({ expiresAt }: StoredJob, now: number): boolean {
  return expiresAt !== undefined && expiresAt * 1_000 < now + EXPIRY_MARGIN_MS;
}

/** @param jobType the worker's own: jobs of others are none of its business. */
export function decideOnMessage(
  job: StoredJob | undefined,
  jobType: Pick<JobType, "name" | "timeoutSeconds">,
  now: number,
): MessageDecision {
  if (job === undefined || job.type !== jobType.name) return { kind: "missing" };
  if (isTerminal(job)) return { kind: "ended", ...(mayBeReplaced(job, now) ? { mayBeReplaced: true } : {}) };
  if (isLeased(job, now)) return { kind: "leased", until: job.leaseExpiresAt ?? now };
  const abandoned = job.status === "RUNNING";
  if (abandoned && job.cancelRequestedAt !== undefined) return { kind: "transition", name: "stopAbandoned" };
  const fail = abandoned ? "failAbandoned" : "failQueued";
  if (isExpired(now - Date.parse(job.createdAt), jobType.timeoutSeconds)) {
    const message = `the job could not be finished within ${JOB_LIFETIME_DAYS} days`;
    return { kind: "transition", name: fail, error: { code: "JobExpired", message } };
  }
  if (countedAttempts(job) >= job.maxAttempts) {
    const message = `no attempt is left: the worker of attempt ${job.attempt} ended without a word`;
    return { kind: "transition", name: fail, error: { code: "WorkerLost", message } };
  }
  return { kind: "transition", name: abandoned ? "takeOver" : "claim" };
}

/**
 * The age from which on nobody can be about to create a message's job, in seconds: twice as long as the add-job Lambda that
 * sent it may run, since SQS tells the time in whole seconds, from more than one machine.
 */
const ORPHAN_SECONDS = 2 * ADD_JOB_TIMEOUT_SECONDS;

/**
 * A message may be ahead of its job's creation, most often by milliseconds, so one without a job is put back until the
 * add-job Lambda that sent it must have ended. Its age when it was received decides, and not now: only then was its job
 * looked for after that Lambda's last chance to create it. How often it comes decides nothing, as a receive may come early.
 *
 * @returns seconds to wait, or undefined when the message can be deleted.
 */
export function missingDelaySeconds({
  ageSeconds,
  receiveCount,
}: Pick<ReceivedMessage, "ageSeconds" | "receiveCount">): number | undefined {
  if (ageSeconds > ORPHAN_SECONDS) return undefined;
  return Math.min(Math.floor(ORPHAN_SECONDS - ageSeconds) + 1, 4 ** Math.max(0, receiveCount - 1));
}

/** The longest delay of a message whose job somebody else runs, in seconds. */
const MAX_PUT_BACK_SECONDS = 900;

/**
 * How long a message of a leased job waits: past the lease as it stands. A lease with more than half of it left was renewed
 * lately, so its job is in good hands, and its duplicate waits longer each time it comes back. One with less has missed a
 * heartbeat: its worker may be dead, and the job is looked at again as soon as the lease ends.
 *
 * @param needless receives that led to no attempt. Those that did are no sign of a duplicate: the message of a job that was
 *   retried or taken over many times may be its only one, and must come back soon when the worker dies that has it now.
 */
export function leasedDelaySeconds(until: number, needless: number, now: number, leaseSeconds: number): number {
  const untilExpiry = Math.max(1, Math.ceil((until - now) / 1_000)) + 1;
  const isHealthy = until - now > (leaseSeconds * 1_000) / 2;
  return Math.min(MAX_PUT_BACK_SECONDS, isHealthy ? Math.max(untilExpiry, 2 ** Math.min(needless, 10)) : untilExpiry);
}
