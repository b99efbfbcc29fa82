import { isDeepStrictEqual } from "node:util";
import { countedAttempts, isTerminal, type JobStatus, type StoredJob } from "../../../domain/job.ts";
import { MAX_ENDED_ATTEMPTS, MAX_INTERRUPTIONS } from "../../../domain/limits.ts";
import { listPartitionIn, typeStatusKey } from "../../../domain/list-partitions.ts";
import type { Demand } from "./tally.ts";

/**
 * What each single commit must keep to, written down from the invariants and not from the transition table, so that the one
 * checks the other.
 */

export interface CommitContext {
  /** Who made the commit. */
  readonly by: string;
  /** Who claimed the attempt that is replaced; undefined where that is not known. */
  readonly claimedBy?: string | undefined;
  /** When the replaced lease ends, if it was extended since its claim (epoch milliseconds). @default before.leaseExpiresAt */
  readonly leaseExpiresAt?: number | undefined;
  /** The delay that the replaced attempt's handler asked for, if it did. */
  readonly retryAfterSeconds?: number | undefined;
}

/** Whether a worker took the job with this commit. */
export function isClaim(before: StoredJob | undefined, after: StoredJob): boolean {
  return before !== undefined && after.status === "RUNNING" && (before.status !== "RUNNING" || after.attempt !== before.attempt);
}

const LEGAL: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  QUEUED: ["RUNNING", "CANCELLED", "FAILED"],
  RUNNING: ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"],
  SUCCEEDED: [],
  FAILED: [],
  CANCELLED: [],
};

/** What a job keeps from its creation on. */
const FIXED = [
  "id",
  "type",
  "owner",
  "groupId",
  "createdAt",
  "createdAtId",
  "claimedTypeStatus",
  "requestHash",
  "runAt",
  "maxAttempts",
  "input",
  "inputLocation",
  "files",
  "tags",
  "retryOf",
] as const satisfies readonly (keyof StoredJob)[];

/** Checks a commit. @param before the version that it replaces; undefined for a job's first. */
export function checkCommit(before: StoredJob | undefined, after: StoredJob, context: CommitContext, demand: Demand): void {
  const step = (): string =>
    `${before === undefined ? "nothing" : described(before)} became ${described(after)} by ${context.by}`;
  checkShape(after, demand, step);
  if (before === undefined) {
    demand(7, after.version === 1, step);
    demand(5, after.status === "QUEUED", step);
    demand(8, after.attempt === 0 && after.interruptions === 0, step);
    return;
  }
  demand(7, after.version === before.version + 1, step);
  demand(7, after.lastWriteId !== before.lastWriteId, () => `${step()}, both by write ${after.lastWriteId}`);
  demand(5, LEGAL[before.status].includes(after.status), step);
  const changed = FIXED.filter((key) => before[key] !== after[key] && !isDeepStrictEqual(before[key], after[key]));
  demand(5, changed.length === 0, () => `${step()} with another ${changed.join(", ")}`);
  const moved = listPartitionIn(before.typeStatus) !== listPartitionIn(after.typeStatus);
  demand(5, !moved, () => `${step()} in another partition of the lists: ${after.typeStatus}`);
  demand(6, !isTerminal(before), step);
  checkAttempt(before, after, demand, step);
  checkStory(before, after, demand, step);
  checkCancel(before, after, demand, step);
  checkTimes(before, after, context, demand, step);
  if (before.status === "RUNNING") checkFence(before, after, context, demand, step);
}

/** What belongs to a status: a lease to RUNNING, a time of finish to an end, a result to success alone. */
function checkShape(job: StoredJob, demand: Demand, step: () => string): void {
  const isLeased = job.leaseOwner !== undefined && job.leaseExpiresAt !== undefined;
  const isUnleased = job.leaseOwner === undefined && job.leaseExpiresAt === undefined;
  demand(5, job.status === "RUNNING" ? isLeased : isUnleased, () => `${step()} ${isUnleased ? "without" : "with"} a lease`);
  const hasEnd = job.finishedAt !== undefined && job.expiresAt !== undefined;
  demand(5, hasEnd === isTerminal(job), () => `${step()}, finished at ${job.finishedAt}, to expire at ${job.expiresAt}`);
  const partition = listPartitionIn(job.typeStatus);
  const isListed = job.typeStatus === typeStatusKey(job.type, job.status, partition);
  demand(5, isListed, () => `${step()}, but is listed as ${job.typeStatus}`);
  demand(5, !isTerminal(job) || job.checkpoint === undefined, () => `${step()} with a checkpoint`);
  const tellsOfRun = job.progress !== undefined || job.heartbeatAt !== undefined;
  demand(5, job.status === "RUNNING" || !tellsOfRun, () => `${step()} with the progress or the heartbeat of an attempt`);
  if (job.status === "SUCCEEDED") {
    const attempt = attemptOfResult(job);
    demand(10, attempt === undefined || attempt === job.attempt, () => `${step()} with the result of attempt ${attempt}`);
  } else if (job.result !== undefined || job.resultLocation !== undefined) {
    demand(10, false, () => `${step()} with a result`);
  }
}

/** A key of a result's object ends in its attempt; a handler of a test may return its attempt's number. */
function attemptOfResult({ result, resultLocation }: StoredJob): number | undefined {
  const [, inKey] = /^results\/[^/]+\/[^/]+\/(\d+)\//.exec(resultLocation?.key ?? "") ?? [];
  if (inKey !== undefined) return Number(inKey);
  const named = result === undefined ? undefined : (JSON.parse(result) as { readonly attempt?: unknown } | null)?.attempt;
  return typeof named === "number" ? named : undefined;
}

function checkAttempt(before: StoredJob, after: StoredJob, demand: Demand, step: () => string): void {
  const claims = isClaim(before, after) ? 1 : 0;
  demand(8, after.attempt === before.attempt + claims, step);
  // A retry says why its attempt failed; a release has nothing to say.
  const isRelease = before.status === "RUNNING" && after.status === "QUEUED" && after.error === undefined;
  const interrupted = after.interruptions - before.interruptions;
  demand(
    8,
    interrupted === (isRelease ? 1 : 0),
    () => `${step()}: ${before.interruptions} interruptions became ${after.interruptions}`,
  );
  demand(8, after.interruptions <= MAX_INTERRUPTIONS, () => `${step()} with ${after.interruptions} interruptions`);
  demand(
    8,
    countedAttempts(after) <= after.maxAttempts,
    () => `${step()} with ${after.maxAttempts} attempts and ${after.interruptions} interruptions`,
  );
}

/**
 * A job tells of each attempt that ended without ending it, and of the last ten at most: who made it, and from when on. One that fails
 * because its attempt was lost tells of that, too, but a commit does not say why a job failed. An attempt begins as if none had been before.
 */
function checkStory(before: StoredJob, after: StoredJob, demand: Demand, step: () => string): void {
  const told = before.attempts ?? [];
  const tells = after.attempts ?? [];
  const grew = tells.length > 0 && !isDeepStrictEqual(tells, told);
  const last = tells.at(-1);
  const isOfIt = last?.attempt === before.attempt && last.startedAt === before.updatedAt && last.worker === before.leaseOwner;
  const isNext = isOfIt && isDeepStrictEqual(tells.slice(0, -1), told.slice(-(MAX_ENDED_ATTEMPTS - 1)));
  const mustGrow = before.status === "RUNNING" && (after.status === "QUEUED" || isClaim(before, after));
  const mayGrow = mustGrow || (before.status === "RUNNING" && after.status === "FAILED");
  const isTrue = grew ? mayGrow && isNext : !mustGrow && tells.length === told.length;
  demand(8, isTrue, () => `${step()}, and tells of the attempts ${JSON.stringify(told)} as ${JSON.stringify(tells)}`);
  if (isClaim(before, after)) {
    const isFresh = after.progress === undefined && after.heartbeatAt === undefined;
    demand(5, isFresh, () => `${step()} with the progress or the heartbeat of an earlier attempt`);
  }
}

/**
 * No attempt starts before its job is due, by the clock of who claims it, which `updatedAt` tells. A retry says when that is, by the
 * clock of its worker; a hand-back does not wait.
 */
function checkTimes(
  before: StoredJob,
  after: StoredJob,
  { retryAfterSeconds = 0 }: CommitContext,
  demand: Demand,
  step: () => string,
): void {
  const { runAt, nextAttemptAt } = before;
  if (isClaim(before, after)) {
    for (const due of [runAt, nextAttemptAt]) {
      if (due !== undefined) demand(29, after.updatedAt >= due, () => `${step()} at ${after.updatedAt}, which is due at ${due}`);
    }
  }
  const isRetry = before.status === "RUNNING" && after.status === "QUEUED" && after.error !== undefined;
  if (!isRetry) {
    demand(29, after.nextAttemptAt === undefined, () => `${step()}, to wait until ${after.nextAttemptAt}`);
    return;
  }
  const earliest = new Date(Date.parse(after.updatedAt) + 1_000 * retryAfterSeconds).toISOString();
  const isStored = after.nextAttemptAt !== undefined && after.nextAttemptAt >= earliest;
  demand(29, isStored, () => `${step()} to be due at ${after.nextAttemptAt}, and not before ${earliest}`);
}

function checkCancel(before: StoredJob, after: StoredJob, demand: Demand, step: () => string): void {
  if (before.status === "CANCELLED") demand(11, after.status === "CANCELLED", step);
  if (before.cancelRequestedAt !== undefined) {
    demand(11, after.status === "CANCELLED", () => `${step()} after a cancel request`);
    demand(11, after.cancelRequestedAt === before.cancelRequestedAt, () => `${step()}, and the cancel request changed`);
  } else if (after.cancelRequestedAt !== undefined) {
    const isRequest = after.status === before.status && after.attempt === before.attempt;
    demand(11, after.status === "CANCELLED" || isRequest, () => `${step()} together with a cancel request`);
  } else {
    demand(11, after.status !== "CANCELLED", () => `${step()} without a cancel request`);
  }
}

/**
 * Who may replace a running state. Its worker ends the attempt; others take over, fail or cancel it once its lease has ended by
 * their own clock, which `updatedAt` tells; anybody asks for its cancellation.
 */
function checkFence(before: StoredJob, after: StoredJob, context: CommitContext, demand: Demand, step: () => string): void {
  const { by, claimedBy = by, leaseExpiresAt = before.leaseExpiresAt ?? 0 } = context;
  const isHolder = by === claimedBy;
  const isAbandoned = leaseExpiresAt < Date.parse(after.updatedAt);
  const claim = (): string =>
    `${step()} at ${after.updatedAt}; attempt ${before.attempt} was claimed by ${claimedBy}, leased until ${new Date(leaseExpiresAt).toISOString()}`;
  if (after.status === "SUCCEEDED" || after.status === "QUEUED") demand(9, isHolder, claim);
  else if (after.status === "FAILED" || after.status === "CANCELLED") demand(9, isHolder || isAbandoned, claim);
  else if (isClaim(before, after)) demand(9, isAbandoned, claim);
  else demand(5, before.cancelRequestedAt === undefined && after.cancelRequestedAt !== undefined, step);
}

function described({ status, version, attempt }: StoredJob): string {
  return `${status} (version ${version}, attempt ${attempt})`;
}
