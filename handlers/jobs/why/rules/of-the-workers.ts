import type { LastWords } from "@autoscaling-job-queues/domain/last-words";
import type { Evidence } from "../evidence.ts";
import { placementOf } from "./of-the-tasks.ts";
import { seconds } from "./of-the-type.ts";
import { COUNTS_LAG_MS, counted, inWords, known, lostWorker, needsWorker, type Rule, waitedMs, waitsSince } from "./rule.ts";

/** What workers that run show: whether they take jobs, and how many. */

/** Words older than this are of another time. */
const FRESH_MS = 15 * 60_000;
/** A worker says the same at most once a minute, so that what was said shortly before a job came may hold for it. */
const SAID_EVERY_MS = 75_000;
/** A job that waits for less may be about to be taken: a worker that polls hears of it within moments. */
const TAKEN_WITHIN_MS = 3_000;

/** Words of workers that still hold: later than the last sign of a worker that did what they say none can do. */
export function freshWords({ words, now, recent }: Pick<Evidence, "words" | "now" | "recent">): LastWords | undefined {
  if (!words || recent === undefined) return undefined;
  const at = Date.parse(words.at);
  const didAt = (words.kind === "claim" ? recent.claimedAt : recent.endedAt) ?? 0;
  return now - at < FRESH_MS && at > didAt ? words : undefined;
}

export const workersCannotClaim: Rule = (evidence) => {
  const { job, now, service } = evidence;
  const words = freshWords(evidence);
  if (!needsWorker(evidence) || words === undefined || waitedMs(evidence) < TAKEN_WITHIN_MS) return undefined;
  if (Date.parse(words.at) < waitsSince(job) - SAID_EVERY_MS) return undefined;
  const { kind, error, worker, image, at } = words;
  const what = kind === "claim" ? "cannot take jobs up" : "cannot begin attempts";
  return {
    code: "WorkersCannotClaim",
    summary: `Workers ${what}; ${inWords(now - Date.parse(at))} ago one said: ${error.code}: ${error.message}`,
    nextStep: `Mend what the error names: rights of the task's role, a service that does not answer, or what the image lacks. The log of the workers of ${job.type} has every try.`,
    facts: known({
      workerError: `${error.code}: ${error.message}`,
      workerErrorAt: at,
      worker,
      image,
      runningTasks: service?.running,
      ...lostWorker(evidence),
    }),
  };
};

export const workersStalled: Rule = (evidence) => {
  const { job, now, service, queue, runningTasks, recent, type } = evidence;
  if (!needsWorker(evidence) || !service || service.running === 0 || !queue || !type || recent === undefined) return undefined;
  if (waitedMs(evidence) < COUNTS_LAG_MS || queue.visible === 0 || queue.inFlight >= places(service.running, type))
    return undefined;
  const isOld = ({ startedAt }: { readonly startedAt?: number }) => startedAt === undefined || now - startedAt >= COUNTS_LAG_MS;
  if (runningTasks === undefined || !runningTasks.every(isOld) || now - (recent.claimedAt ?? 0) < COUNTS_LAG_MS) return undefined;
  return {
    code: "WorkersCannotClaim",
    summary: `${counted(service.running, "worker")} run${service.running === 1 ? "s" : ""} with free places, and for ${inWords(COUNTS_LAG_MS)} at least none has taken a job up or said why: they hang.`,
    nextStep: `Stop the tasks of ${job.type} (aws ecs stop-task): ECS starts others, and their jobs are taken over. The log of its workers says what they did last.`,
    facts: known({
      ...{ visible: queue.visible, inFlight: queue.inFlight, runningTasks: service.running, concurrency: type.concurrency },
      waitedSeconds: seconds(waitedMs(evidence)),
      ...lostWorker(evidence),
    }),
  };
};

export const allWorkersBusy: Rule = (evidence) => {
  const { now, job, service, queue, type, recent } = evidence;
  if (!needsWorker(evidence) || !service || service.running === 0 || !queue || !type) return undefined;
  const taken = places(service.running, type);
  const goOn = waitedMs(evidence) > COUNTS_LAG_MS && now - (recent?.claimedAt ?? 0) <= COUNTS_LAG_MS;
  if (queue.inFlight < taken && !goOn) return undefined;
  const jobsAhead = Math.max(0, queue.visible - 1);
  const placement = placementOf(evidence);
  const { desired, running, pending } = service;
  const isFull = running >= type.maxTasks;
  const more = isFull
    ? `Wait, or let the type run more: maxTasks (${type.maxTasks}) or concurrency (${type.concurrency}) in its settings.`
    : `Wait: workers are added as the backlog grows, up to maxTasks (${type.maxTasks}).`;
  return {
    code: "AllWorkersBusy",
    summary: `${counted(running, "worker")} of at most ${type.maxTasks} ${running === 1 ? "has" : "have"} all ${counted(taken, "place")} taken, and about ${counted(jobsAhead, "other job")} wait${jobsAhead === 1 ? "s" : ""} as well${placement === undefined ? "." : `; no further one starts: ${placement}`}`,
    nextStep:
      placement === undefined ? more : "A place falls free when a task ends; where that takes too long, allow more tasks.",
    facts: known({
      jobsAhead,
      ...{ inFlight: queue.inFlight, runningTasks: running, desiredTasks: desired, pendingTasks: pending },
      ...{ maxTasks: type.maxTasks, concurrency: type.concurrency },
      placement,
      groupId: job.groupId,
      waitedSeconds: seconds(waitedMs(evidence)),
    }),
  };
};

export const aboutToBeTaken: Rule = (evidence) => {
  const { service, queue, type } = evidence;
  if (!needsWorker(evidence) || !service || service.running === 0 || !queue) return undefined;
  const isWithWorker = queue.visible === 0 && queue.inFlight > 0;
  const { desired, running, pending } = service;
  return {
    code: "WorkersStarting",
    summary: isWithWorker
      ? "A worker has its message in hand, or it is hidden until somebody looks at it again: it is about to be taken up."
      : `${counted(running, "worker")} run${running === 1 ? "s" : ""} or start${running === 1 ? "s" : ""}, and one is about to take it up.`,
    nextStep: "Wait some seconds, and ask again: whoever cannot take it up says so within a minute.",
    facts: known({
      ...{ desiredTasks: desired, runningTasks: running, pendingTasks: pending, maxTasks: type?.maxTasks },
      ...queue,
      waitedSeconds: seconds(waitedMs(evidence)),
    }),
  };
};

function places(tasks: number, { concurrency }: { readonly concurrency: number }): number {
  return tasks * concurrency;
}
