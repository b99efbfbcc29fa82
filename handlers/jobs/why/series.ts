import { DEAD_LETTERS_CLOSED } from "@autoscaling-job-queues/domain/dead-letter-metric";
import type { ROUTES } from "@autoscaling-job-queues/domain/routes";
import { WORKER_METRICS } from "@autoscaling-job-queues/domain/worker-metrics";
import type { ApiRequest } from "../../http/event.ts";
import { type PathError, Problem } from "../../http/problem.ts";
import { queryNumber } from "../../http/query-number.ts";

/** How a type has fared over the last hours, as a line of points for each measure: what CloudWatch is asked for, and what becomes of it. */

/** CloudWatch keeps points of a minute for 15 days (CloudWatch: metrics retention). */
export const MAX_SERIES_HOURS = 72;
export const MAX_SERIES_POINTS = 180;

/** The query parameters of `GET /job-types/{name}/status`, with their JSON Schemas. */
export const STATUS_PARAMETERS = {
  hours: {
    schema: { type: "integer", minimum: 1, maximum: MAX_SERIES_HOURS },
    description: "Adds `series`: how the jobs of the type fared over so many hours. Metrics are up to some minutes late.",
  },
} as const satisfies Readonly<Record<(typeof ROUTES.jobTypeStatus.query)[number], object>>;

/** The hours that a request asks for, if it does. @throws Problem 400 */
export function readHours(request: ApiRequest): number | undefined {
  const errors: PathError[] = [];
  const hours = queryNumber(request, "hours", STATUS_PARAMETERS.hours.schema, errors);
  if (errors.length > 0) throw new Problem("InvalidRequest", "the query has parameters that are out of range", { errors });
  return hours;
}

/** Seconds of a point; CloudWatch takes multiples of 60. The shortest is taken that gives no more points than there may be. */
const PERIODS = [60, 120, 300, 600, 900, 1_800] as const;
const HOUR_SECONDS = 3_600;

/** Where the metrics of a type are found. */
export interface MetricPlace {
  readonly jobType: string;
  readonly queueName: string;
  readonly cluster: string;
  readonly service: string;
  /** Of the workers' own metrics. */
  readonly namespace: string;
}

/** A metric with the statistic that is asked for. */
export interface MetricQuery {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Maximum" | "Sum" | "p50";
}

/** Times in epoch milliseconds; both are whole periods. */
export interface SeriesWindow {
  readonly periodSeconds: number;
  readonly start: number;
  readonly end: number;
}

/** The values of each measure, by the time at which their period begins, in epoch milliseconds. */
export type MeasuredValues = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Reads metrics; one without values in the window is absent. */
export type MetricReads = (
  queries: Readonly<Record<string, MetricQuery>>,
  window: SeriesWindow,
  signal: AbortSignal,
) => Promise<MeasuredValues>;

const MEASURES = ["waiting", "running", "tasks", "succeeded", "failed", "runSeconds", "queueWaitSeconds"] as const;
type Measure = (typeof MEASURES)[number];
/** What is measured: `failed` is the sum of two. */
type Measured = Measure | "deadLettered";

export type SeriesPoint = { readonly at: string } & { readonly [Name in Measure]?: number };

export interface Series {
  readonly periodSeconds: number;
  /** Oldest first; a measure that nobody reported is absent. */
  readonly points: readonly SeriesPoint[];
}

/** The whole periods of the last so many hours, and the one that has begun. */
export function seriesWindow(hours: number, now: number): SeriesWindow {
  const seconds = hours * HOUR_SECONDS;
  const periodSeconds = PERIODS.find((period) => seconds / period <= MAX_SERIES_POINTS) ?? PERIODS[PERIODS.length - 1] ?? seconds;
  const end = Math.ceil(now / 1_000 / periodSeconds) * periodSeconds * 1_000;
  return { periodSeconds, start: end - Math.floor(seconds / periodSeconds) * periodSeconds * 1_000, end };
}

/** The metric of each measure. */
export function seriesQueries({ jobType, queueName, cluster, service, namespace }: MetricPlace): Record<Measured, MetricQuery> {
  const ofQueue = { namespace: "AWS/SQS", dimensions: { QueueName: queueName }, statistic: "Maximum" } as const;
  const ofWorkers = { namespace, dimensions: { service: WORKER_METRICS.service, jobType } } as const;
  return {
    waiting: { ...ofQueue, name: "ApproximateNumberOfMessagesVisible" },
    running: { ...ofQueue, name: "ApproximateNumberOfMessagesNotVisible" },
    tasks: {
      namespace: "ECS/ContainerInsights",
      name: "RunningTaskCount",
      dimensions: { ClusterName: cluster, ServiceName: service },
      statistic: "Maximum",
    },
    succeeded: { ...ofWorkers, name: WORKER_METRICS.jobsSucceeded, statistic: "Sum" },
    failed: { ...ofWorkers, name: WORKER_METRICS.jobsFailed, statistic: "Sum" },
    // Jobs that no worker could end: the Lambda that closes dead letters fails them.
    deadLettered: {
      namespace,
      name: DEAD_LETTERS_CLOSED.name,
      dimensions: { service: DEAD_LETTERS_CLOSED.service, jobType },
      statistic: "Sum",
    },
    runSeconds: { ...ofWorkers, name: WORKER_METRICS.runTime, statistic: "p50" },
    queueWaitSeconds: { ...ofWorkers, name: WORKER_METRICS.queueWait, statistic: "p50" },
  };
}

/** The points of a window, each with what was measured. */
export function seriesOf({ periodSeconds, start, end }: SeriesWindow, values: MeasuredValues): Series {
  const periodMs = periodSeconds * 1_000;
  const points = Array.from({ length: (end - start) / periodMs }, (_, index) => {
    const at = start + index * periodMs;
    const isOver = at + periodMs < end;
    const measured = MEASURES.flatMap((measure) => {
      const value = shown(measure, (name) => values.get(name)?.get(at), isOver);
      return value === undefined ? [] : [[measure, value] as const];
    });
    return { at: new Date(at).toISOString(), ...Object.fromEntries(measured) };
  });
  return { periodSeconds, points };
}

/** @param isOver whether the period has ended: until then, nothing counted is not known to be none. */
function shown(measure: Measure, value: (name: Measured) => number | undefined, isOver: boolean): number | undefined {
  const found = value(measure);
  switch (measure) {
    // Reported only while there are such messages (Amazon SQS: available CloudWatch metrics).
    case "running":
      return found ?? (value("waiting") === undefined ? undefined : 0);
    case "succeeded":
      return found ?? (isOver ? 0 : undefined);
    case "failed": {
      const deadLettered = value("deadLettered");
      return found === undefined && deadLettered === undefined ? (isOver ? 0 : undefined) : (found ?? 0) + (deadLettered ?? 0);
    }
    case "runSeconds":
    case "queueWaitSeconds":
      return found === undefined ? undefined : found / 1_000;
    default:
      return found;
  }
}
