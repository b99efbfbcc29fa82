import type { SimulatedTask } from "./service.ts";
import type { Course } from "./simulate.ts";

/** What a course comes to. */
export interface Figures {
  /** Seconds from the first job's arrival to the end of the last one; infinite where one never ended. */
  readonly drainSeconds: number;
  /** Seconds that half of the jobs wait at most, and 95 of a hundred, until the start of the attempt that ends them. */
  readonly waitP50: number;
  readonly waitP95: number;
  readonly taskHours: number;
  /** Tasks that were launched. */
  readonly launches: number;
  /** Seconds from the first job to the highest desired count. */
  readonly peakSeconds: number;
}

/** Fargate bills a minute at least. */
const LEAST_BILLED_SECONDS = 60;

export function figuresOf({ jobs, tasks, until, changes }: Course): Figures {
  const waits = jobs
    .map(({ at, startedAt, finishedAt }) => (Number.isNaN(finishedAt) ? Number.POSITIVE_INFINITY : startedAt - at))
    .sort((one, other) => one - other);
  const first = jobs.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const last = jobs.reduce(
    (most, { finishedAt }) => Math.max(most, Number.isNaN(finishedAt) ? Number.POSITIVE_INFINITY : finishedAt),
    first,
  );
  const most = changes.reduce((highest, { count }) => Math.max(highest, count), 0);
  return {
    drainSeconds: last - first,
    waitP50: quantile(waits, 0.5),
    waitP95: quantile(waits, 0.95),
    taskHours: tasks.reduce((sum, task) => sum + billedSeconds(task, until), 0) / 3_600,
    launches: tasks.length,
    peakSeconds: Math.max(0, (changes.find(({ count }) => count === most)?.at ?? first) - first),
  };
}

/** The least value that so great a share of the values does not exceed. @param sorted rising. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function billedSeconds({ billedFrom, stoppedAt }: SimulatedTask, until: number): number {
  const end = Math.min(stoppedAt, until);
  return end <= billedFrom ? 0 : Math.max(LEAST_BILLED_SECONDS, end - billedFrom);
}
