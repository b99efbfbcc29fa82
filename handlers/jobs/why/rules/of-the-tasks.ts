import type { Evidence, TaskState } from "../evidence.ts";
import { seconds } from "./of-the-type.ts";
import { COUNTS_LAG_MS, counted, inWords, known, lostWorker, needsWorker, type Rule, waitedMs } from "./rule.ts";

/** What the tasks of the type show: whether they can be started at all. */

/** A task that ran for so long had started well: an image that does not start ends within seconds. */
const STARTED_WELL_MS = 30_000;
/** What is older says nothing of now. ECS keeps stopped tasks for about an hour. */
const FRESH_MS = 15 * 60_000;
/** ECS could not start the task: no image, no secret, no network (ECS: stopped task error codes). */
const FAILED_TO_START = "TaskFailedToStart";
/** Ends by a signal, such as SIGKILL of a job that took too much memory: the worker had started. */
const KILLED_EXIT_CODES: ReadonlySet<number> = new Set([137, 139, 143]);
/** ECS tries again by itself, and what it says then is no fault of the type. */
const NO_PLACE = /unable to place a task|no free place|capacity is unavailable/i;
const CANNOT_LAUNCH = /failed to launch a task|unable to assume/i;

export const tasksDoNotStart: Rule = (evidence) => {
  const { job, now, service, runningTasks, type } = evidence;
  if (!needsWorker(evidence) || !service || service.desired === 0) return undefined;
  if (runningTasks?.some(({ startedAt }) => startedAt !== undefined && now - startedAt >= STARTED_WELL_MS)) return undefined;
  const failure = newestFailure(evidence);
  const reason = failure === undefined ? launchEvent(evidence) : reasonOf(failure);
  if (reason === undefined) return undefined;
  const { desired, running, pending } = service;
  return {
    code: "TasksDoNotStart",
    summary: `Its service shall run ${counted(desired, "task")}, and they do not start: ${reason}`,
    nextStep: `Mend what the reason names, or deploy the image before (operations.md, "What why says"). The last lines of the type's workers, in ${type === null || type === undefined ? "their log" : `the log of ${job.type}`}, say more.`,
    facts: known({
      ...{ desiredTasks: desired, runningTasks: running, pendingTasks: pending },
      stoppedReason: failure?.stoppedReason ?? reason,
      stopCode: failure?.stopCode,
      exitCode: failure?.exitCode,
      containerReason: failure?.containerReason,
      stoppedAt: failure?.stoppedAt === undefined ? undefined : new Date(failure.stoppedAt).toISOString(),
      ...lostWorker(evidence),
    }),
  };
};

/**
 * The last task that did not start. One that ended by itself soon after its start may have been brought down by a job: so a worker must
 * have taken up none since, and where ECS does not say that it failed to start, the task before it must have ended like it.
 */
function newestFailure({ now, stoppedTasks = [], recent }: Evidence): TaskState | undefined {
  const [newest, before] = stoppedTasks.toSorted((a, b) => (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0));
  if (newest === undefined || now - (newest.stoppedAt ?? 0) > FRESH_MS || !failedToStart(newest)) return undefined;
  if (newest.stopCode === FAILED_TO_START) return newest;
  const hasWorked = (recent?.claimedAt ?? 0) >= (newest.startedAt ?? 0);
  return recent !== undefined && !hasWorked && before !== undefined && failedToStart(before) ? newest : undefined;
}

function failedToStart({ stopCode, exitCode, startedAt, stoppedAt }: TaskState): boolean {
  if (stopCode === FAILED_TO_START) return true;
  if (exitCode === undefined || exitCode === 0 || KILLED_EXIT_CODES.has(exitCode)) return false;
  return startedAt === undefined || stoppedAt === undefined || stoppedAt - startedAt < STARTED_WELL_MS;
}

function reasonOf({ stoppedReason, containerReason, exitCode }: TaskState): string {
  const parts = [stoppedReason, containerReason, exitCode === undefined ? undefined : `exit code ${exitCode}`];
  return parts.filter((part) => part !== undefined && part !== "").join("; ");
}

function launchEvent({ now, service }: Evidence): string | undefined {
  return service?.events.find(({ at, message }) => now - at < FRESH_MS && CANNOT_LAUNCH.test(message))?.message;
}

/** What ECS, or the local platform, says of a task that finds no place; undefined where it says nothing. */
export function placementOf({ now, service }: Pick<Evidence, "now" | "service">): string | undefined {
  if (!service || service.pending === 0) return undefined;
  return service.events.find(({ at, message }) => now - at < FRESH_MS && NO_PLACE.test(message))?.message;
}

export const workersStarting: Rule = (evidence) => {
  const { service, type, queue } = evidence;
  if (!needsWorker(evidence) || !service || service.desired === 0 || service.running > 0) return undefined;
  const placement = placementOf(evidence);
  const { desired, running, pending } = service;
  const asked = `${counted(desired, "worker")} ${desired === 1 ? "is" : "are"} asked for, and none runs yet`;
  return {
    code: "WorkersStarting",
    summary: placement === undefined ? `${asked}: a task takes some time to start.` : `${asked}: ${placement}`,
    nextStep:
      placement === undefined
        ? "Wait: on Fargate a task starts within a minute or two, most of which is the pull of its image."
        : "A place falls free when another task ends. Where that takes too long, allow more tasks: the account's quota of Fargate, or on one machine its number of workers.",
    facts: known({
      ...{ desiredTasks: desired, runningTasks: running, pendingTasks: pending },
      maxTasks: type?.maxTasks,
      placement,
      visible: queue?.visible,
      waitedSeconds: seconds(waitedMs(evidence)),
      ...lastStop(evidence),
    }),
  };
};

/** How the last task ended, where that was lately and by itself. */
function lastStop({ now, stoppedTasks = [] }: Evidence): Parameters<typeof known>[0] {
  const [newest] = stoppedTasks.toSorted((a, b) => (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0));
  if (newest === undefined || !newest.exitCode || now - (newest.stoppedAt ?? 0) > COUNTS_LAG_MS) return {};
  return { stoppedReason: reasonOf(newest), stoppedAt: new Date(newest.stoppedAt ?? 0).toISOString() };
}

export const workerLost: Rule = (evidence) => {
  const { job, now } = evidence;
  if (job.status !== "RUNNING" || job.leaseExpiresAt === undefined || !needsWorker(evidence)) return undefined;
  const { attempt, maxAttempts, leaseOwner, leaseExpiresAt, cancelRequestedAt } = job;
  const next = cancelRequestedAt === undefined ? "another one takes the job over" : "another one ends it as CANCELLED";
  return {
    code: "WorkerLost",
    summary: `The worker that ran it is gone, or does not answer: its lease ended ${inWords(now - leaseExpiresAt)} ago.`,
    nextStep: `Wait: its message comes back within the time of a lease, and ${next}. If workers are lost again and again, see how their tasks end: jobs logs ${job.id}.`,
    facts: known({
      worker: leaseOwner,
      leaseEndsAt: new Date(leaseExpiresAt).toISOString(),
      attempt,
      maxAttempts,
      cancelRequestedAt,
    }),
  };
};
