import type { Pause } from "@autoscaling-job-queues/domain/controls";
import type { JobTypeRegistry, RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import type { LastWords } from "@autoscaling-job-queues/domain/last-words";
import type { QueueDepth } from "@autoscaling-job-queues/domain/queue-depth";
import { deadLettersUrl } from "@autoscaling-job-queues/domain/queue-names";
import type { EcsReads } from "./ecs-reads.ts";
import type { Known, TypeEvidence, Unread } from "./evidence.ts";
import { recentWork, type WorkReads } from "./newest-jobs.ts";
import { type Failed, readSources, type Sources } from "./read-sources.ts";

export interface TypeSourceDependencies extends WorkReads {
  readonly registry: Pick<JobTypeRegistry, "get">;
  readonly pause: (type: string) => Promise<Pause | undefined>;
  readonly words: (type: string, now: number) => Promise<LastWords | undefined>;
  readonly queueDepth: (queueUrl: string, signal: AbortSignal) => Promise<QueueDepth>;
  /** Loaded when first used: a job that has ended needs no look at ECS. */
  readonly loadEcs: () => Promise<EcsReads>;
  readonly failed: Failed;
}

export interface TypeReading {
  readonly evidence: TypeEvidence;
  readonly unread: Unread;
}

/** Nothing read. */
export const NO_EVIDENCE: TypeEvidence = {
  type: undefined,
  pause: undefined,
  queue: undefined,
  deadLetters: undefined,
  service: undefined,
  runningTasks: undefined,
  stoppedTasks: undefined,
  words: undefined,
  recent: undefined,
};

/** What is found by a type's name alone. */
function namedSources(
  { registry, pause, words, ...work }: TypeSourceDependencies,
  type: string,
  now: number,
): Sources<Pick<Known, "type" | "pause" | "words" | "recent">> {
  return {
    type: async () => (await registry.get(type)) ?? null,
    pause: async () => (await pause(type)) ?? null,
    words: async () => (await words(type, now)) ?? null,
    recent: async () => await recentWork(work, type),
  };
}

/** What its entry says where to find. */
function placedSources(
  { queueDepth, loadEcs }: TypeSourceDependencies,
  { queueUrl, wake }: RegistryEntry,
): Sources<Pick<Known, "queue" | "deadLetters" | "service" | "runningTasks" | "stoppedTasks">> {
  const tasks = (status: "RUNNING" | "STOPPED") => async (signal: AbortSignal) =>
    await (await loadEcs()).tasks(wake, status, signal);
  return {
    queue: async (signal) => await queueDepth(queueUrl, signal),
    deadLetters: async (signal) => {
      const { visible, inFlight, delayed } = await queueDepth(deadLettersUrl(queueUrl), signal);
      return visible + inFlight + delayed;
    },
    service: async (signal) => await (await loadEcs()).service(wake, signal),
    runningTasks: tasks("RUNNING"),
    stoppedTasks: tasks("STOPPED"),
  };
}

/** Reads all that tells how the jobs of a type fare, side by side. It never fails: what could not be read is named. */
export async function readType(dependencies: TypeSourceDependencies, type: string, now: number): Promise<TypeReading> {
  const { failed } = dependencies;
  const named = await readSources(namedSources(dependencies, type, now), failed);
  const entry = named.read.type;
  if (!entry) return { evidence: { ...NO_EVIDENCE, ...named.read }, unread: named.unread };
  const placed = await readSources(placedSources(dependencies, entry), failed);
  return {
    evidence: { ...NO_EVIDENCE, ...named.read, ...placed.read },
    unread: [...named.unread, ...placed.unread].sort(),
  };
}
