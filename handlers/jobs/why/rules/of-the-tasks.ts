import type { LastWords } from "@autoscaling-job-queues/domain/last-words";
import type { Evidence, TaskState, TypeEvidence } from "../evidence.ts";
import { seconds } from "./of-the-type.ts";
import { counted, known, lostWorker, needsWorker, type Rule, startedTasks, time, waitedMs } from "./rule.ts";
import { isOfStart, standingWords } from "./words.ts";

/** What the tasks of the type show: whether they can be started at all, or have a place. */

/** A task that ran for so long had started well: an image that does not start ends within seconds. */
const STARTED_WELL_MS = 30_000;
/** What is older says nothing of now. ECS keeps stopped tasks for about an hour. */
const FRESH_MS = 15 * 60_000;
/** A task that ended by itself within this time is shown to whoever waits for the next one. */
const LATELY_MS = 60_000;
/** ECS could not start the task: no image, no secret, no network (ECS: stopped task error codes). */
const FAILED_TO_START = "TaskFailedToStart";
/** Ends by a signal, such as SIGKILL of a job that took too much memory: the worker had started. */
const KILLED_EXIT_CODES: ReadonlySet<number> = new Set([137, 139, 143]);
/** ECS tries again by itself, and what it says then is no fault of the type. */
const NO_PLACE = /unable to place a task|capacity is unavailable/i;
/** Said later, it ends what was said of a place: whatever keeps a task from running since then is something else. */
const FOUND_PLACE = /has started \d+ tasks/i;
const CANNOT_LAUNCH = /failed to launch a task|unable to assume/i;

export const tasksDoNotStart: Rule = (evidence) => {
  const { job, service } = evidence;
  if (!needsWorker(evidence) || !service) return undefined;
  const takenUpAt = job.attempt > 0 ? Date.parse(job.updatedAt) : 0;
  const found = startFailure(evidence, takenUpAt);
  if (found === undefined) return undefined;
  const { failure, reason, said } = found;
  const { desired, running, pending } = service;
  const error = said && `${said.error.code}: ${said.error.message}`;
  return {
    code: "TasksDoNotStart",
    summary: `Its service shall run ${counted(desired, "task")}, and they do not start: ${error ?? reason}`,
    nextStep: `Mend what the reason names, or go back to the image before. jobs logs ${job.type} shows what its workers said last.`,
    facts: known({
      ...{ desiredTasks: desired, runningTasks: running, pendingTasks: pending },
      stoppedReason: failure?.stoppedReason ?? reason,
      stopCode: failure?.stopCode,
      exitCode: failure?.exitCode,
      containerReason: failure?.containerReason,
      stoppedAt: time(failure?.stoppedAt),
      workerError: error,
      workerErrorAt: said?.at,
      image: said?.image,
      ...lostWorker(evidence),
    }),
  };
};

/** Why the tasks of a type do not start, in one sentence; undefined where they do, or where none is to run. */
export function startFailureOf(evidence: TypeEvidence & Pick<Evidence, "now">): string | undefined {
  return startFailure(evidence, 0)?.reason;
}

interface StartFailure {
  readonly failure: TaskState | undefined;
  readonly reason: string;
  /** What its worker said, where it could. */
  readonly said: LastWords | undefined;
}

/** @param takenUpAt when a worker last took up whatever is asked about. */
function startFailure(evidence: TypeEvidence & Pick<Evidence, "now">, takenUpAt: number): StartFailure | undefined {
  const { now, service, runningTasks } = evidence;
  if (!service || service.desired === 0) return undefined;
  if (runningTasks?.some(({ startedAt }) => startedAt !== undefined && now - startedAt >= STARTED_WELL_MS)) return undefined;
  const words = standingWords(evidence);
  const said = words !== undefined && isOfStart(words) ? words : undefined;
  const failure = newestFailure(evidence, takenUpAt, said?.worker);
  const reason = failure === undefined ? launchEvent(evidence) : reasonOf(failure);
  return reason === undefined ? undefined : { failure, reason, said };
}

/**
 * The last task that did not start. One that ended by itself soon after its start may have been brought down by a job: so a worker must
 * have taken up none since and, where neither ECS nor the worker says that it could not start, the task before it must have ended like it.
 *
 * @param said the task whose worker said so.
 */
function newestFailure(
  { now, stoppedTasks = [], recent }: TypeEvidence & Pick<Evidence, "now">,
  jobTakenUpAt: number,
  said: string | undefined,
): TaskState | undefined {
  const [newest, before] = newestFirst(stoppedTasks);
  if (newest?.stoppedAt === undefined || now - newest.stoppedAt > FRESH_MS || !failedToStart(newest)) return undefined;
  if (newest.stopCode === FAILED_TO_START) return newest;
  if (recent === undefined) return undefined;
  const takenUpAt = Math.max(recent.claimedAt ?? 0, jobTakenUpAt);
  if (takenUpAt >= (newest.startedAt ?? newest.stoppedAt)) return undefined;
  return newest.id === said || (before !== undefined && failedToStart(before)) ? newest : undefined;
}

/** Those that have ended: one that was told to stop is listed with them before it has. */
function newestFirst(tasks: readonly TaskState[]): TaskState[] {
  return tasks
    .filter(({ stoppedAt }) => stoppedAt !== undefined)
    .toSorted((a, b) => (b.stoppedAt as number) - (a.stoppedAt as number));
}

function failedToStart({ stopCode, exitCode, startedAt, stoppedAt }: TaskState): boolean {
  if (stopCode === FAILED_TO_START) return true;
  if (exitCode === undefined || exitCode === 0 || KILLED_EXIT_CODES.has(exitCode)) return false;
  return startedAt === undefined || stoppedAt === undefined || stoppedAt - startedAt < STARTED_WELL_MS;
}

/** Why a task ended, in ECS's words. */
export function reasonOf({ stoppedReason, containerReason, exitCode }: TaskState): string {
  const parts = [stoppedReason, containerReason, exitCode === undefined ? undefined : `exit code ${exitCode}`];
  return [...new Set(parts)].filter((part) => part !== undefined && part !== "").join("; ");
}

function launchEvent({ now, service }: Pick<Evidence, "now" | "service">): string | undefined {
  return service?.events.find(({ at, message }) => now - at < FRESH_MS && CANNOT_LAUNCH.test(message))?.message;
}

/** What ECS, or the local platform, says of a task that finds no place; undefined where none waits for one. */
export function placementOf({ now, service }: Pick<Evidence, "now" | "service">): string | undefined {
  if (!service || service.pending === 0) return undefined;
  const newest = service.events.find(({ message }) => NO_PLACE.test(message) || FOUND_PLACE.test(message));
  return newest !== undefined && now - newest.at < FRESH_MS && NO_PLACE.test(newest.message) ? newest.message : undefined;
}

export const workersStarting: Rule = (evidence) => {
  const { service, type, queue } = evidence;
  if (!needsWorker(evidence) || !service || service.desired === 0 || startedTasks(evidence) > 0) return undefined;
  const placement = placementOf(evidence);
  const { desired, running, pending } = service;
  return {
    code: "WorkersStarting",
    summary: `No worker runs yet: ${counted(desired, "task")} ${desired === 1 ? "is" : "are"} asked for, and ${placement === undefined ? "take some time to start." : `${desired === 1 ? "finds" : "find"} no place: ${placement}`}`,
    nextStep:
      placement === undefined
        ? "Wait: on Fargate a task starts within a minute or two, most of which is the pull of its image."
        : "A place falls free when another task ends. Where that takes too long, allow more tasks: the account's quota of Fargate, or on one machine npm start -- --max-workers.",
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
  const [newest] = newestFirst(stoppedTasks);
  if (newest?.stoppedAt === undefined || !newest.exitCode || now - newest.stoppedAt > LATELY_MS) return {};
  return { stoppedReason: reasonOf(newest), stoppedAt: time(newest.stoppedAt) };
}
