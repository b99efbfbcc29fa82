import { isDeepStrictEqual } from "node:util";
import type { Job } from "@autoscaling-job-queues/domain/job";
import type { TaskCounts } from "../aws/task-counts.ts";
import type { JobBoard } from "../job-board.ts";
import { seconds } from "../text-table.ts";
import { BATCH_TYPE } from "./batch.ts";
import type { Download } from "./files.ts";
import type { DemoJob } from "./jobs.ts";
import { mostTasks } from "./worker-chart.ts";

/** A job that the demo added, and how it stands at the end. */
export interface AddedJob {
  readonly planned: DemoJob;
  readonly job: Job;
}

/** From an empty queue with no worker, the first is asked for within so long of the first 202. */
const WAKE_LIMIT_MS = 1_000;
/** A job that is due starts within so long, its worker's start included. */
const DUE_LIMIT_MS = 30_000;
/** The demo shows several workers at once. */
const SEVERAL_WORKERS = 3;
/** So many the batch needs by itself. */
const BATCH_WORKERS = 2;

/** Jobs that did not end as planned. */
export function jobProblems(added: readonly AddedJob[]): string[] {
  return added.flatMap(({ planned, job }) => {
    const { name, expected, attempts = 1 } = planned;
    const why = job.error === undefined ? "" : ` (${job.error.code}: ${job.error.message})`;
    if (job.status !== expected) return [`${job.type} job ${job.id}, "${name}", is ${job.status}, not ${expected}${why}`];
    if (planned.result !== undefined && !isDeepStrictEqual(planned.result, job.result)) {
      return [
        `${job.type} job ${job.id}, "${name}", has the result ${JSON.stringify(job.result)}, not ${JSON.stringify(planned.result)}`,
      ];
    }
    const late = lateness(job);
    if (late !== undefined) return [`${job.type} job ${job.id}, "${name}", ${late}`];
    if (job.attempt < attempts) return [`${job.type} job ${job.id}, "${name}", took ${job.attempt} attempts, not ${attempts}`];
    return [];
  });
}

/** What is wrong with when a job started that was added for later. */
function lateness({ runAt, startedAt }: Job): string | undefined {
  if (runAt === undefined || startedAt === undefined) return undefined;
  const lateMs = Date.parse(startedAt) - Date.parse(runAt);
  if (lateMs < 0) return `started ${seconds(-lateMs)} before it was due`;
  return lateMs > DUE_LIMIT_MS ? `started ${seconds(lateMs)} after it was due` : undefined;
}

/** Versions that no event told of, and jobs whose last event is not how they stand. */
export function eventProblems(added: readonly AddedJob[], board: JobBoard): string[] {
  return added.flatMap(({ job: { id, version, status } }) => {
    const missing = board.missingVersions(id, version);
    if (missing.length > 0) return [`no event came for version ${missing.join(", ")} of job ${id}`];
    return board.job(id)?.status === status ? [] : [`the last event of job ${id} is not ${status}`];
  });
}

/** @param wakeMs from the first 202 to the first worker; undefined when none was asked for. */
export function scalingProblems(counts: TaskCounts, types: readonly string[], wakeMs: number | undefined): string[] {
  const problems = types.flatMap((type) => {
    const history = counts.history(type);
    if (mostTasks(history) === 0) return [`no worker of type ${type} was started`];
    return counts.running(type) === 0 ? [] : [`${counts.running(type)} workers of type ${type} still run`];
  });
  const most = counts.mostTotal();
  if (most < SEVERAL_WORKERS) problems.push(`there were never more than ${most} workers at once`);
  if (wakeMs === undefined || wakeMs > WAKE_LIMIT_MS) {
    problems.push(`the first worker was asked for ${wakeMs === undefined ? "never" : `${seconds(wakeMs)} after the first 202`}`);
  }
  return problems;
}

/** Workers of the batch's type that were asked for when no alarm knew of it yet. */
export interface EarlyTasks {
  readonly tasks: number;
  /** When it did, in epoch milliseconds; undefined where it never had to. */
  readonly alarmAt: number | undefined;
}

export function earlyTasks(counts: TaskCounts): EarlyTasks {
  const alarm = counts.firstAlarm(BATCH_TYPE);
  return { tasks: alarm?.tasks ?? mostTasks(counts.history(BATCH_TYPE)), alarmAt: alarm?.at };
}

/** Fewer workers than the batch needs, asked for before the first alarm. */
export function earlyProblems({ tasks }: EarlyTasks): string[] {
  if (tasks >= BATCH_WORKERS) return [];
  return [
    `before its first alarm, ${tasks} of the ${BATCH_WORKERS} workers of type ${BATCH_TYPE} were asked for that its batch needs`,
  ];
}

export function fileProblems(downloads: readonly Download[]): string[] {
  return downloads.flatMap(({ file, problem }) => (problem === undefined ? [] : [`${file} ${problem}`]));
}
