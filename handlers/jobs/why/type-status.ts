import type { StoredJob } from "@autoscaling-job-queues/domain/job";
import type { RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import { queueName } from "@autoscaling-job-queues/domain/queue-names";
import type { Answer } from "../../http/api-handler.ts";
import { jsonResponse } from "../../http/event.ts";
import { requestedJobType } from "../requested-job-type.ts";
import type { TypeEvidence } from "./evidence.ts";
import { readSources } from "./read-sources.ts";
import { placementOf, startFailureOf } from "./rules/of-the-tasks.ts";
import { waitsSince } from "./rules/rule.ts";
import { standingWords } from "./rules/words.ts";
import { type MetricReads, readHours, type Series, seriesOf, seriesQueries, seriesWindow } from "./series.ts";
import { readType, type TypeSourceDependencies } from "./type-sources.ts";

export interface TypeStatusDependencies extends TypeSourceDependencies {
  /** Of the jobs of a type that are QUEUED and due, some of the oldest. */
  readonly oldest: (type: string, now: number) => Promise<readonly StoredJob[]>;
  /** Loaded when first used: few ask for series. */
  readonly loadMetrics: () => Promise<MetricReads>;
  /** The CloudWatch namespace of the workers' metrics. */
  readonly metricsNamespace: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** `GET /job-types/{name}/status`: how the jobs of a type fare now. What could not be read is left out, and named. */
export function typeStatus(dependencies: TypeStatusDependencies): Answer {
  const { registry, oldest, failed, now } = dependencies;
  return async (request) => {
    const hours = readHours(request);
    const entry = await requestedJobType(request, registry);
    const at = now();
    const [{ evidence, unread }, waiting, past] = await Promise.all([
      readType(dependencies, entry.name, at),
      readSources({ oldest: () => oldest(entry.name, at) }, failed),
      hours === undefined ? NO_SERIES : readSources({ series: readSeries(dependencies, entry, hours, at) }, failed),
    ]);
    const left = [...unread, ...waiting.unread, ...past.unread].sort();
    return jsonResponse(
      200,
      JSON.stringify({
        name: entry.name,
        ...described(evidence, at),
        oldestSeconds: oldestSeconds(waiting.read.oldest, at),
        tasks: { ...tasksOf(evidence), max: entry.maxTasks },
        ...(left.length === 0 ? {} : { unread: left }),
        series: past.read.series,
      }),
    );
  };
}

const NO_SERIES = { read: { series: undefined }, unread: [] } as const;

function readSeries(
  { loadMetrics, metricsNamespace: namespace }: TypeStatusDependencies,
  { name, queueUrl, wake }: RegistryEntry,
  hours: number,
  now: number,
) {
  return async (signal: AbortSignal): Promise<Series> => {
    const queries = seriesQueries({ jobType: name, queueName: queueName(queueUrl), ...wake, namespace });
    const window = seriesWindow(hours, now);
    return seriesOf(window, await (await loadMetrics())(queries, window, signal));
  };
}

function described(evidence: TypeEvidence, now: number) {
  const { pause, queue, deadLetters } = evidence;
  const words = standingWords({ ...evidence, now });
  return {
    paused: pause ?? undefined,
    waiting: queue?.visible,
    running: queue?.inFlight,
    delayed: queue?.delayed,
    deadLetters,
    workerError: words && { ...words.error, at: words.at, worker: words.worker, image: words.image },
    startError: startFailureOf({ ...evidence, now }),
    placement: placementOf({ ...evidence, now }),
  };
}

function tasksOf({ service }: TypeEvidence) {
  if (service === undefined) return {};
  const { desired, running, pending } = service ?? { desired: 0, running: 0, pending: 0 };
  return { desired, running, pending };
}

/** How long the job has waited that waits longest. */
function oldestSeconds(jobs: readonly StoredJob[] | undefined, now: number): number | undefined {
  const waits = (jobs ?? []).map((job) => now - waitsSince(job));
  return waits.length === 0 ? undefined : Math.max(0, Math.round(Math.max(...waits) / 1_000));
}
