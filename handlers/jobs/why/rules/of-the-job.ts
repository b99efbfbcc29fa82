import { isLeased, isTerminal } from "@autoscaling-job-queues/domain/job";
import type { CauseFacts } from "../causes.ts";
import type { Evidence } from "../evidence.ts";
import { inWords, known, type Rule, time } from "./rule.ts";

/** What the job's own item shows. */

const DEAD_LETTERED = "DeadLettered";

const WHAT_NEXT = {
  SUCCEEDED: (id: string) => `Nothing to mend: jobs get ${id} shows its result.`,
  FAILED: (id: string) => `Mend what the error names, then do it again: jobs retry ${id}. jobs logs ${id} shows what it logged.`,
  CANCELLED: (id: string) => `Nothing to mend. To run it after all: jobs retry ${id}.`,
};

export const ended: Rule = ({ job }) => {
  if (!isTerminal(job)) return undefined;
  const { id, status, finishedAt, attempt, maxAttempts, error } = job;
  const facts = known({ status, finishedAt, attempt, maxAttempts, errorCode: error?.code, errorMessage: error?.message });
  if (status === "FAILED" && error?.code === DEAD_LETTERED) {
    return {
      code: "MessageDeadLettered",
      summary: `The job FAILED because its message came to the dead-letter queue: ${error.message}`,
      nextStep: `Mend what kept workers from ending it (jobs logs ${id}), then do it again: jobs retry ${id}.`,
      facts,
    };
  }
  const how = error === undefined ? "" : ` with ${error.code}: ${error.message}`;
  return {
    code: "Ended",
    summary: `The job ended: it is ${status}${how}${how.endsWith(".") ? "" : "."}`,
    nextStep: WHAT_NEXT[status as keyof typeof WHAT_NEXT](id),
    facts,
  };
};

export const cancelRequested: Rule = ({ job, now }) => {
  const { id, cancelRequestedAt } = job;
  if (cancelRequestedAt === undefined || !isLeased(job, now)) return undefined;
  return {
    code: "CancelRequested",
    summary: `Its end was asked for ${inWords(now - Date.parse(cancelRequestedAt))} ago, and its worker is about to stop it.`,
    nextStep: `Wait: a worker hears of it within seconds, and stops a handler that does not listen after its grace. jobs wait ${id} tells when.`,
    facts: known({ cancelRequestedAt, ...holder({ job }) }),
  };
};

export const running: Rule = ({ job, now }) => {
  if (!isLeased(job, now)) return undefined;
  const { id, attempt, maxAttempts, progress } = job;
  return {
    code: "Running",
    summary: `A worker runs it: attempt ${attempt}, and its lease is kept.`,
    nextStep: `Nothing to mend: jobs logs ${id} --follow shows what it does, and jobs cancel ${id} stops it.`,
    facts: known({
      ...holder({ job }),
      maxAttempts,
      progress: progress && Math.round(progress.fraction * 100) / 100,
      progressMessage: progress?.message,
    }),
  };
};

function holder({ job }: Pick<Evidence, "job">): CauseFacts {
  const { attempt, leaseOwner, leaseExpiresAt, startedAt } = job;
  return known({ attempt, startedAt, worker: leaseOwner, leaseEndsAt: time(leaseExpiresAt) });
}

export const waitsForRetry: Rule = ({ job, now, pause }) => {
  const { id, status, nextAttemptAt, runAt, attempt, maxAttempts, error } = job;
  if (status !== "QUEUED" || nextAttemptAt === undefined || Date.parse(nextAttemptAt) <= now) return undefined;
  if (runAt !== undefined && runAt > nextAttemptAt) return undefined;
  return {
    code: "WaitsForRetry",
    summary: `Attempt ${attempt} of ${maxAttempts} failed${error === undefined ? "" : ` with ${error.code}`}, and the next one starts in ${inWords(Date.parse(nextAttemptAt) - now)} at the earliest.`,
    nextStep: `Wait, or mend what the error names before the next attempt: jobs logs ${id} shows what it logged.${alsoPaused(job.type, pause)}`,
    facts: known({
      nextAttemptAt,
      attempt,
      maxAttempts,
      errorCode: error?.code,
      errorMessage: error?.message,
      pausedBy: pause?.by,
    }),
  };
};

export const waitsForDelay: Rule = ({ job, now, pause }) => {
  const { id, status, runAt } = job;
  if (status !== "QUEUED" || runAt === undefined || Date.parse(runAt) <= now) return undefined;
  return {
    code: "WaitsForDelay",
    summary: `It was added for later, and is due in ${inWords(Date.parse(runAt) - now)}.`,
    nextStep: `Wait; or, if that is too late, jobs cancel ${id} and add it again without the delay.${alsoPaused(job.type, pause)}`,
    facts: known({ runAt, createdAt: job.createdAt, pausedBy: pause?.by }),
  };
};

function alsoPaused(type: string, pause: Evidence["pause"]): string {
  return pause ? ` Its type is paused as well: jobs resume ${type}.` : "";
}
