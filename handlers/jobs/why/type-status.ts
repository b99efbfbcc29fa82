import { dueAt, type StoredJob } from "@autoscaling-job-queues/domain/job";
import type { Answer } from "../../http/api-handler.ts";
import { jsonResponse } from "../../http/event.ts";
import { Problem, quote } from "../../http/problem.ts";
import { findJobType } from "../find-job-type.ts";
import type { TypeEvidence } from "./evidence.ts";
import { readSources } from "./read-sources.ts";
import { placementOf } from "./rules/of-the-tasks.ts";
import { freshWords } from "./rules/of-the-workers.ts";
import { waitsSince } from "./rules/rule.ts";
import { readType, type TypeSourceDependencies } from "./type-sources.ts";

export interface TypeStatusDependencies extends TypeSourceDependencies {
  /** The oldest jobs of a type that are QUEUED, the oldest first. */
  readonly oldest: (type: string) => Promise<readonly StoredJob[]>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** `GET /job-types/{name}/status`: how the jobs of a type fare now. What could not be read is left out, and named. */
export function typeStatus(dependencies: TypeStatusDependencies): Answer {
  const { registry, oldest, failed, now } = dependencies;
  return async ({ pathParameters: { name } }) => {
    const entry = await findJobType(registry, name);
    if (entry === undefined) {
      throw new Problem("UnknownJobType", `there is no job type ${quote(name)}; GET /job-types lists those there are`);
    }
    const at = now();
    const [{ evidence, unread }, waiting] = await Promise.all([
      readType(dependencies, entry.name, at),
      readSources({ oldest: () => oldest(entry.name) }, failed),
    ]);
    const left = [...unread, ...waiting.unread].sort();
    return jsonResponse(
      200,
      JSON.stringify({
        name: entry.name,
        ...described(evidence, at),
        oldestSeconds: oldestSeconds(waiting.read.oldest, at),
        tasks: { ...tasksOf(evidence), max: entry.maxTasks },
        ...(left.length === 0 ? {} : { unread: left }),
      }),
    );
  };
}

function described(evidence: TypeEvidence, now: number) {
  const { pause, queue, deadLetters } = evidence;
  const words = freshWords({ ...evidence, now });
  return {
    paused: pause ?? undefined,
    waiting: queue?.visible,
    running: queue?.inFlight,
    delayed: queue?.delayed,
    deadLetters,
    workerError: words && { ...words.error, at: words.at, worker: words.worker, image: words.image },
    placement: placementOf({ ...evidence, now }),
  };
}

function tasksOf({ service }: TypeEvidence) {
  if (service === undefined) return {};
  const { desired, running, pending } = service ?? { desired: 0, running: 0, pending: 0 };
  return { desired, running, pending };
}

/** How long the job has waited that waits longest, of those that are due. */
function oldestSeconds(jobs: readonly StoredJob[] | undefined, now: number): number | undefined {
  const waits = (jobs ?? []).filter((job) => (dueAt(job) ?? 0) <= now).map((job) => now - waitsSince(job));
  return waits.length === 0 ? undefined : Math.max(0, Math.round(Math.max(...waits) / 1_000));
}
