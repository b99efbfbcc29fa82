import { placementOf } from "./of-the-tasks.ts";
import { seconds } from "./of-the-type.ts";
import {
  COUNTS_LAG_MS,
  counted,
  inWords,
  known,
  lostWorker,
  needsWorker,
  type Rule,
  startedTasks,
  waitedMs,
  waitsSince,
} from "./rule.ts";
import { isOfStart, standingWords } from "./words.ts";

/** What workers that run show: whether they take jobs, and how many. */

/** A worker says the same at most once a minute, so that what was said shortly before a job came may hold for it. */
const SAID_EVERY_MS = 75_000;
/** A job that waits for less may be about to be taken: a worker that polls hears of it within moments. */
const TAKEN_WITHIN_MS = 3_000;

export const workersCannotClaim: Rule = (evidence) => {
  const { job, now, service } = evidence;
  const words = standingWords(evidence);
  if (!needsWorker(evidence) || words === undefined || waitedMs(evidence) < TAKEN_WITHIN_MS) return undefined;
  // A worker that could not start is none that runs, unless others do.
  if (isOfStart(words) && startedTasks(evidence) === 0) return undefined;
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
  const { job, now, queue, runningTasks, recent, type } = evidence;
  const tasks = startedTasks(evidence);
  if (!needsWorker(evidence) || tasks === 0 || !queue || !type || !runningTasks || !recent) return undefined;
  if (waitedMs(evidence) < COUNTS_LAG_MS || queue.visible === 0 || queue.inFlight >= places(tasks, type)) return undefined;
  if (runningTasks.some(({ startedAt = 0 }) => now - startedAt < COUNTS_LAG_MS)) return undefined;
  if (now - (recent.claimedAt ?? 0) < COUNTS_LAG_MS) return undefined;
  return {
    code: "WorkersCannotClaim",
    summary: `Workers hang: ${counted(tasks, "task")} run${tasks === 1 ? "s" : ""} with free places, and for ${inWords(COUNTS_LAG_MS)} at least none has taken a job up or said why.`,
    nextStep: `Stop the tasks of ${job.type} (aws ecs stop-task): ECS starts others, and their jobs are taken over. The log of its workers says what they did last.`,
    facts: known({
      ...{ visible: queue.visible, inFlight: queue.inFlight, runningTasks: tasks, concurrency: type.concurrency },
      waitedSeconds: seconds(waitedMs(evidence)),
      ...lostWorker(evidence),
    }),
  };
};

export const allWorkersBusy: Rule = (evidence) => {
  const { now, job, service, queue, type, recent } = evidence;
  const tasks = startedTasks(evidence);
  if (!needsWorker(evidence) || !service || tasks === 0 || !queue || !type || !recent) return undefined;
  const taken = places(tasks, type);
  const goOn = waitedMs(evidence) > COUNTS_LAG_MS && now - (recent.claimedAt ?? 0) <= COUNTS_LAG_MS;
  if (recent.running < taken && !goOn) return undefined;
  const jobsAhead = Math.max(0, queue.visible - 1);
  const placement = placementOf(evidence);
  const { desired, pending } = service;
  const isFull = tasks >= type.maxTasks;
  const more = isFull
    ? `Wait, or let the type run more: maxTasks (${type.maxTasks}) or concurrency (${type.concurrency}) in its settings.`
    : `Wait: workers are added as the backlog grows, up to maxTasks (${type.maxTasks}).`;
  return {
    code: "AllWorkersBusy",
    summary: `Workers are busy with ${counted(recent.running, "job")}: ${counted(tasks, "task")} of at most ${type.maxTasks}, with ${type.concurrency} at a time; and about ${counted(jobsAhead, "other job")} wait${jobsAhead === 1 ? "s" : ""} as well${placement === undefined ? "." : `; no further worker starts: ${placement}`}`,
    nextStep:
      placement === undefined ? more : "A place falls free when a task ends; where that takes too long, allow more tasks.",
    facts: known({
      jobsAhead,
      ...{ runningJobs: recent.running, runningTasks: tasks, desiredTasks: desired, pendingTasks: pending },
      ...{ maxTasks: type.maxTasks, concurrency: type.concurrency },
      placement,
      groupId: job.groupId,
      waitedSeconds: seconds(waitedMs(evidence)),
    }),
  };
};

export const aboutToBeTaken: Rule = (evidence) => {
  const { service, queue, type } = evidence;
  const tasks = startedTasks(evidence);
  if (!needsWorker(evidence) || !service || tasks === 0 || !queue) return undefined;
  const isWithWorker = queue.visible === 0 && queue.inFlight > 0;
  const { desired, pending } = service;
  return {
    code: "WorkersStarting",
    summary: isWithWorker
      ? "A worker has its message in hand, or it is hidden until somebody looks at it again: it is about to be taken up."
      : `It is about to be taken up: ${counted(tasks, "worker")} run${tasks === 1 ? "s" : ""}, or ${tasks === 1 ? "is" : "are"} just starting.`,
    nextStep: "Wait some seconds, and ask again: whoever cannot take it up says so within a minute.",
    facts: known({
      ...{ desiredTasks: desired, runningTasks: tasks, pendingTasks: pending, maxTasks: type?.maxTasks },
      ...queue,
      waitedSeconds: seconds(waitedMs(evidence)),
    }),
  };
};

function places(tasks: number, { concurrency }: { readonly concurrency: number }): number {
  return tasks * concurrency;
}
