import type { AttemptOutcome } from "./ended-attempts.ts";
import type { JobStatus, StoredJob } from "./job.ts";

/**
 * The life of a job, as data. One table, three readers: `transition-update.ts` compiles a row to a conditional DynamoDB
 * update, tests apply it in memory, and the docs draw it.
 *
 * Every row also demands the job's expected type, `version` and, where it was seen, `createdAt`; it raises `version` by one,
 * and stamps `updatedAt` and `lastWriteId`. The version makes the table safe against every race: whatever replaces a version has
 * seen it, and so could publish it first (`docs/decisions/0002-publish-before-replace.md`).
 */

type Attribute = keyof StoredJob;

/** Values that a transition takes from its caller. */
export interface TransitionValues {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Unique to this write, the same when it is retried. */
  readonly writeId: string;
  /** The claim that the caller holds: the fencing token. */
  readonly attempt?: number;
  readonly leaseOwner?: string;
  readonly leaseExpiresAt?: number;
  /** JSON text. */
  readonly result?: string;
  readonly resultLocation?: StoredJob["resultLocation"];
  readonly error?: StoredJob["error"];
  /** When the next attempt may start, ISO 8601. */
  readonly nextAttemptAt?: string;
}

/** Where a set attribute's value comes from; `time` is `now` as ISO 8601, `expiry` the TTL of a job that ends now. */
export type ValueSource =
  | "attempt"
  | "leaseOwner"
  | "leaseExpiresAt"
  | "result"
  | "resultLocation"
  | "error"
  | "nextAttemptAt"
  | "time"
  | "expiry";

export type Guard =
  | { readonly attribute: Attribute; readonly is: "absent" | "present" }
  /** The caller's claim is the stored one. */
  | { readonly attribute: "attempt"; readonly is: "held" }
  /** The lease ended before `now`. */
  | { readonly attribute: "leaseExpiresAt"; readonly is: "past" }
  /** The job has no such time, or it has come by `now`. */
  | { readonly attribute: "runAt" | "nextAttemptAt"; readonly is: "due" };

export type Change =
  /** Nothing is set where the caller gives no value. */
  | { readonly set: Attribute; readonly from: ValueSource }
  | { readonly setOnce: Attribute; readonly from: ValueSource }
  | { readonly increment: "attempt" | "interruptions" }
  /** The attempt that ends with the replaced version is told of, with the caller's error where it gives one: see `withEndedAttempt`. */
  | { readonly append: "attempts"; readonly outcome: AttemptOutcome }
  | { readonly remove: Attribute };

export interface Transition {
  readonly from: JobStatus;
  readonly to: JobStatus;
  readonly guards: readonly Guard[];
  readonly changes: readonly Change[];
  /** When it happens, for the docs. */
  readonly when: string;
}

const held: Guard = { attribute: "attempt", is: "held" };
const abandoned: Guard = { attribute: "leaseExpiresAt", is: "past" };
const notCancelled: Guard = { attribute: "cancelRequestedAt", is: "absent" };
const cancelRequested: Guard = { attribute: "cancelRequestedAt", is: "present" };

const due: readonly Guard[] = [
  { attribute: "runAt", is: "due" },
  { attribute: "nextAttemptAt", is: "due" },
];
const endWait: Change = { remove: "nextAttemptAt" };

const lease: readonly Change[] = [
  { increment: "attempt" },
  { set: "leaseOwner", from: "leaseOwner" },
  { set: "leaseExpiresAt", from: "leaseExpiresAt" },
  { setOnce: "startedAt", from: "time" },
  { remove: "heartbeatAt" },
  { remove: "progress" },
  { remove: "error" },
];
const unlease: readonly Change[] = [
  { remove: "leaseOwner" },
  { remove: "leaseExpiresAt" },
  { remove: "heartbeatAt" },
  { remove: "progress" },
];
const finish: readonly Change[] = [
  ...unlease,
  { remove: "checkpoint" },
  { set: "finishedAt", from: "time" },
  { set: "expiresAt", from: "expiry" },
];
const setError: Change = { set: "error", from: "error" };
const clearError: Change = { remove: "error" };
const tell = (outcome: AttemptOutcome): Change => ({ append: "attempts", outcome });

export const TRANSITIONS = {
  claim: {
    from: "QUEUED",
    to: "RUNNING",
    guards: due,
    changes: [...lease, endWait],
    when: "a worker receives the message",
  },
  takeOver: {
    from: "RUNNING",
    to: "RUNNING",
    guards: [abandoned, notCancelled],
    changes: [...lease, tell("lost")],
    when: "the lease expired: its worker died or lost touch",
  },
  succeed: {
    from: "RUNNING",
    to: "SUCCEEDED",
    guards: [held, notCancelled],
    changes: [...finish, clearError, { set: "result", from: "result" }, { set: "resultLocation", from: "resultLocation" }],
    when: "the handler returns",
  },
  fail: {
    from: "RUNNING",
    to: "FAILED",
    guards: [held, notCancelled],
    changes: [...finish, setError],
    when: "a permanent error, or the last attempt failed",
  },
  retry: {
    from: "RUNNING",
    to: "QUEUED",
    guards: [held, notCancelled],
    changes: [...unlease, setError, { set: "nextAttemptAt", from: "nextAttemptAt" }, tell("retry")],
    when: "an attempt failed, and there are more",
  },
  release: {
    from: "RUNNING",
    to: "QUEUED",
    guards: [held, notCancelled],
    changes: [...unlease, { increment: "interruptions" }, tell("released")],
    when: "the worker shuts down",
  },
  requestCancel: {
    from: "RUNNING",
    to: "RUNNING",
    guards: [notCancelled],
    changes: [{ set: "cancelRequestedAt", from: "time" }],
    when: "a caller cancels a running job",
  },
  stop: {
    from: "RUNNING",
    to: "CANCELLED",
    guards: [held, cancelRequested],
    changes: [...finish, clearError],
    when: "the worker stopped the handler of a cancelled job",
  },
  stopAbandoned: {
    from: "RUNNING",
    to: "CANCELLED",
    guards: [abandoned, cancelRequested],
    changes: [...finish, clearError],
    when: "the worker of a cancelled job died",
  },
  failAbandoned: {
    from: "RUNNING",
    to: "FAILED",
    guards: [abandoned, notCancelled],
    changes: [...finish, setError, tell("lost")],
    when: "the lease expired, and no attempt is left, the job is too old, or its message was dead-lettered",
  },
  cancel: {
    from: "QUEUED",
    to: "CANCELLED",
    guards: [],
    changes: [...finish, endWait, clearError, { set: "cancelRequestedAt", from: "time" }],
    when: "a caller cancels a waiting job",
  },
  failQueued: {
    from: "QUEUED",
    to: "FAILED",
    guards: [],
    changes: [...finish, endWait, setError],
    when: "the job is too old, no attempt is left, or its message was dead-lettered",
  },
} as const satisfies Record<string, Transition>;

export type TransitionName = keyof typeof TRANSITIONS;

export const TRANSITION_NAMES = Object.keys(TRANSITIONS) as TransitionName[];
