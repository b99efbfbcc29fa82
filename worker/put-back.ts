import { LONG_POLL_SECONDS } from "@autoscaling-job-queues/domain/clients";
import type { ReceivedMessage } from "@autoscaling-job-queues/domain/job-queue";
import { LAMBDA_TIMEOUT_SECONDS, MAX_VISIBILITY_SECONDS } from "@autoscaling-job-queues/domain/limits";

/**
 * How long messages wait that are put back, in seconds. SQS counts them; a second delivery, a renewal that overtakes, or the end
 * of 12 h cuts a wait short. So it is not the wait that keeps a job from starting early, but the guard of its claim
 * (docs/decisions/0015-due-times-and-put-backs.md).
 */

/** From the receive of a message to its put-back or to the start of its attempt, in seconds, generously. */
const UNTIL_CLAIMED_SECONDS = 60;

/**
 * The longest that the message of an attempt which took so many seconds can be put back for. SQS counts the 12 h of a visibility
 * timeout from the receive, and refuses a change past it (SQS: ChangeMessageVisibility).
 */
export function longestDelaySeconds(attemptSeconds: number): number {
  return Math.max(0, Math.floor(MAX_VISIBILITY_SECONDS - UNTIL_CLAIMED_SECONDS - attemptSeconds));
}

/**
 * How long a message waits whose job may not start before `due` (epoch milliseconds). One that cannot be hidden for so long comes
 * back earlier, and is put back again.
 *
 * @param attemptSeconds since its receive, where an attempt came before. @default 0
 */
export function dueDelaySeconds(due: number, now: number, attemptSeconds = 0): number {
  return Math.min(longestDelaySeconds(attemptSeconds), Math.max(0, Math.ceil((due - now) / 1_000)));
}

/**
 * The age from which on a message's job will not be created any more, in seconds: twice as long as the add-job Lambda that
 * sent it may run, since SQS tells the time in whole seconds, from more than one machine.
 */
const ORPHAN_SECONDS = 2 * LAMBDA_TIMEOUT_SECONDS;

/**
 * A message may be ahead of its job's creation, most often by milliseconds, so one without a job is put back until the
 * add-job Lambda that sent it must have ended. What decides is its age when it was received, not its age now: only then was its job
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

/**
 * How long a message waits that was received when its type had just been paused: until the receives that were under way with other workers
 * have ended, so that it does not go from one to the next and become a dead letter by that.
 */
export const PAUSED_DELAY_SECONDS = LONG_POLL_SECONDS + 5;

/** A claim that a worker holds. */
export interface HeldClaim {
  /** When its lease ends unless it is renewed, in epoch milliseconds. */
  readonly until: number;
  /** When the job came into these hands, in epoch milliseconds. */
  readonly since: number;
}

/** Of the time for which a job has been in good hands, the share that its message waits. */
const HELD_SHARE = 1 / 4;

/**
 * How long a message of a leased job waits: past the lease as it stands. A lease with more than half of it left was renewed
 * lately, so its job is in good hands, and its message waits for a share of the time for which that has been so. One with less has
 * missed a heartbeat: its worker may be dead, and the job is looked at again as soon as the lease ends.
 *
 * The message may be a duplicate, or the only one: SQS hides none for more than 12 h after its receive, and from then on the worker
 * cannot keep it. When that worker dies, the next attempt begins at most such a share of the lost one's time later. And a job of
 * 13 days, whose message waits longer each time, stays far below the receives after which SQS takes it for a dead letter.
 */
export function leasedDelaySeconds({ until, since }: HeldClaim, now: number, leaseSeconds: number): number {
  const untilExpiry = Math.max(1, Math.ceil((until - now) / 1_000)) + 1;
  const isHealthy = until - now > (leaseSeconds * 1_000) / 2;
  const patience = isHealthy ? Math.ceil(((now - since) / 1_000) * HELD_SHARE) : 0;
  return Math.min(longestDelaySeconds(0), Math.max(untilExpiry, patience));
}
