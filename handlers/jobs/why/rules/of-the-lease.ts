import { isLeased } from "@autoscaling-job-queues/domain/job";
import type { CauseFacts } from "../causes.ts";
import type { Evidence } from "../evidence.ts";
import { reasonOf } from "./of-the-tasks.ts";
import { inWords, known, needsWorker, type Rule, time } from "./rule.ts";

/** What the lease of a running job shows, and the worker that holds it. */

/** A lease is renewed three times within its length: a worker that missed two is gone or hangs. */
const MISSED_SHARE = 2 / 3;
/** For clocks that differ, and a renewal on its way. */
const GRACE_MS = 3_000;

/** How a lease that has not ended shows that its worker is lost; undefined where it does not. */
function lossOf({ job, now, stoppedTasks = [] }: Evidence): string | undefined {
  const task = stoppedTasks.find(({ id, stoppedAt }) => id === job.leaseOwner && stoppedAt !== undefined);
  if (task !== undefined) return `its task has stopped (${reasonOf(task)})`;
  const { heartbeatAt, leaseExpiresAt } = job;
  if (heartbeatAt === undefined || leaseExpiresAt === undefined) return undefined;
  const silentMs = now - Date.parse(heartbeatAt);
  const missedMs = (leaseExpiresAt - Date.parse(heartbeatAt)) * MISSED_SHARE + GRACE_MS;
  return silentMs > missedMs ? `it has not been heard of for ${inWords(silentMs)}` : undefined;
}

/** Before the lease ends: nobody may take the job over yet. */
export const workerLosing: Rule = (evidence) => {
  const { job, now } = evidence;
  const loss = isLeased(job, now) ? lossOf(evidence) : undefined;
  if (loss === undefined || job.leaseExpiresAt === undefined) return undefined;
  return {
    code: "WorkerLost",
    summary: `The worker that runs it is gone or hangs: ${loss}. Its lease ends in ${inWords(job.leaseExpiresAt - now)}.`,
    nextStep: nextStep(evidence, "Wait until the lease ends"),
    facts: factsOf(evidence),
  };
};

/** After it has ended. */
export const workerLost: Rule = (evidence) => {
  const { job, now } = evidence;
  if (job.status !== "RUNNING" || job.leaseExpiresAt === undefined || !needsWorker(evidence)) return undefined;
  return {
    code: "WorkerLost",
    summary: `The worker that ran it is gone or hangs: its lease ended ${inWords(now - job.leaseExpiresAt)} ago.`,
    nextStep: nextStep(evidence, "Wait: its message comes back within the time of a lease"),
    facts: factsOf(evidence),
  };
};

function nextStep({ job: { id, cancelRequestedAt } }: Evidence, wait: string): string {
  const then = cancelRequestedAt === undefined ? "another worker takes the job over" : "another worker ends it as CANCELLED";
  return `${wait}, and ${then}. If workers are lost again and again, jobs logs ${id} shows what came before.`;
}

function factsOf({ job, stoppedTasks = [] }: Evidence): CauseFacts {
  const { leaseOwner, leaseExpiresAt, heartbeatAt, attempt, maxAttempts, cancelRequestedAt } = job;
  const task = stoppedTasks.find(({ id }) => id === leaseOwner);
  return known({
    ...{ worker: leaseOwner, leaseEndsAt: time(leaseExpiresAt), heartbeatAt, attempt, maxAttempts, cancelRequestedAt },
    stoppedReason: task && reasonOf(task),
    stoppedAt: time(task?.stoppedAt),
  });
}
