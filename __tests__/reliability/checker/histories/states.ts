import type { StoredJob } from "../../../../domain/job.ts";
import type { TransitionName, TransitionValues } from "../../../../domain/transitions.ts";
import { applyTransition } from "../../../support/apply-transition.ts";
import { ADDED_AT, buildJob } from "../../../support/build-job.ts";

/** So many seconds after the job was added, ISO 8601. */
function timeAt(seconds: number): string {
  return new Date(ADDED_AT + 1_000 * seconds).toISOString();
}

let writes = 0;

/** Makes a transition, `seconds` after the job was added. */
export function step(job: StoredJob, name: TransitionName, seconds: number, values: Partial<TransitionValues> = {}): StoredJob {
  writes += 1;
  const now = ADDED_AT + seconds * 1_000;
  const next = applyTransition(job, job.version, name, {
    now,
    writeId: `w-${writes}`,
    attempt: job.attempt,
    nextAttemptAt: timeAt(seconds),
    leaseOwner: "worker-1",
    leaseExpiresAt: now + 30_000,
    error: { code: "Error", message: "no" },
    ...values,
  });
  if (next === undefined) throw new Error(`${name} is not possible from ${job.status}`);
  return next;
}

/** A claim that the table does not allow: before the job is due. */
function early(job: StoredJob, seconds: number): StoredJob {
  const { runAt } = job;
  const claimed = step({ ...job, runAt: timeAt(0), nextAttemptAt: timeAt(0) }, "claim", seconds);
  return runAt === undefined ? claimed : { ...claimed, runAt };
}

const added = buildJob({ type: "document" });
const claimed = step(added, "claim", 1);
const succeeded = step(claimed, "succeed", 2, { result: '{"attempt":1}' });
const retried = step(claimed, "retry", 2);
const claimedAgain = step(retried, "claim", 3);
const cancelRequested = step(claimed, "requestCancel", 2);
const released = step(claimed, "release", 2);
const takenOver = step(claimed, "takeOver", 40);
const retryLater = step(claimed, "retry", 2, { nextAttemptAt: timeAt(32) });
const { nextAttemptAt: _, ...retryNever } = retryLater;
const delayed: StoredJob = { ...added, runAt: timeAt(60) };
const NIGHTLY = "schedule:document/nightly";
const other = buildJob({ type: "document" });
const retryOfAdded = (): StoredJob => ({ ...added, id: buildJob({ type: "document" }).id, retryOf: added.id });
const large = { bucket: "results", key: `results/document/${added.id}/1/result.json`, bytes: 5_000 };
/** Added with the same key when the first had expired. */
const renewedAt = new Date(ADDED_AT + 8 * 86_400_000).toISOString();
const renewed = {
  ...added,
  createdAt: renewedAt,
  updatedAt: renewedAt,
  createdAtId: `${renewedAt}#${added.id}`,
  lastWriteId: "new",
};

/** Versions of the sample job, and of others, that may replace each other or may not, by the names that histories give them. */
export const STATES: Readonly<Record<string, StoredJob>> = {
  added,
  addedAgain: { ...added, createdAt: new Date(ADDED_AT + 1_500).toISOString(), lastWriteId: "second" },
  addedTooSoon: { ...added, createdAt: timeAt(60) },
  claimed,
  succeeded,
  succeededLarge: step(claimed, "succeed", 2, { resultLocation: large }),
  succeededByTheFirst: step(claimedAgain, "succeed", 4, { resultLocation: large }),
  succeededAllTheSame: { ...succeeded, version: 4, cancelRequestedAt: String(cancelRequested.cancelRequestedAt) },
  failed: step(claimed, "fail", 2),
  failedAtLeaseEnd: { ...step(claimed, "fail", 31), updatedAt: timeAt(31) },
  closed: step(claimed, "failAbandoned", 40),
  retried,
  claimedAgain,
  takenOverAgain: step(claimedAgain, "takeOver", 60),
  retryLater,
  retryLaterClaim: step(retryLater, "claim", 32),
  retryLaterClaimEarly: early(retryLater, 31),
  retryEarly: step(claimed, "retry", 2, { nextAttemptAt: timeAt(31) }),
  retryNever,
  released,
  releasedClaim: step(released, "claim", 3),
  releasedToWait: { ...released, nextAttemptAt: timeAt(2) },
  cancelled: step(added, "cancel", 0),
  cancelRequested,
  cancelRequestedByItsClaim: { ...cancelRequested, lastWriteId: claimed.lastWriteId },
  stopped: step(cancelRequested, "stop", 4),
  stoppedForIt: step(cancelRequested, "stopAbandoned", 40),
  takenOver,
  takenOverEarly: { ...takenOver, updatedAt: timeAt(20) },
  takenOverAndEnded: { ...step(takenOver, "succeed", 41, { result: "null" }), version: takenOver.version },
  delayed,
  delayedClaim: step(delayed, "claim", 60),
  delayedClaimEarly: early(delayed, 59),
  delayedCancelled: step(delayed, "cancel", 1),
  ofSchedule: { ...added, owner: NIGHTLY },
  ofScheduleClaimed: step({ ...added, owner: NIGHTLY }, "claim", 1),
  otherOfSchedule: { ...other, owner: NIGHTLY },
  renewed,
  renewedCancelled: step(renewed, "cancel", 8 * 86_400 + 1),
  /** Retries of the sample job. */
  again: retryOfAdded(),
  againOnceMore: retryOfAdded(),
  other,
  otherClaimed: step(other, "claim", 2),
  /** Tells that time has passed. */
  later: buildJob({ createdAt: renewedAt, updatedAt: renewedAt }),
};
