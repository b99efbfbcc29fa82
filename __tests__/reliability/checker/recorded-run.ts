import { isTerminal, type Job, type StoredJob } from "../../../domain/job.ts";
import type { Fact, History } from "../history/fact.ts";

/** A history, with what was recorded gathered by job. Positions are places in the list of facts. */
export interface RecordedRun extends History {
  readonly jobs: ReadonlyMap<string, RecordedJob>;
  /** By name. */
  readonly workers: ReadonlyMap<string, Worker>;
  /** The job type of a queue that workers polled. */
  readonly typeOfQueue: ReadonlyMap<string, string>;
}

export type Worker = Extract<Fact, { readonly kind: "workerStarted" }>;

export interface Commit {
  readonly position: number;
  readonly by: string;
  readonly job: StoredJob;
  /** The commit of the version before; undefined for the first, and where that was not recorded. */
  readonly before: Commit | undefined;
  /** Whether a worker took the job with it; not for a commit after one that was not recorded. */
  readonly isClaim: boolean;
}

export interface Publication {
  readonly position: number;
  readonly by: string;
  readonly event: Job;
}

/**
 * One life of a job: an idempotency key that is used again after its job expired begins another under the same ID, which
 * has another time of creation.
 */
export interface Life {
  readonly createdAt: string;
  /**
   * In the order of their versions. That may differ from the order in which they were recorded, where that happens when
   * answers come: two processes' answers may overtake each other.
   */
  readonly commits: readonly Commit[];
  /** The first publication of each version. */
  readonly published: ReadonlyMap<number, Publication>;
  /** The end of each attempt's lease as it was last extended (epoch milliseconds). */
  readonly leases: ReadonlyMap<number, number>;
  /** The delay that an attempt's handler asked for, in seconds. */
  readonly retryAfter: ReadonlyMap<number, number>;
}

export interface RecordedJob {
  readonly id: string;
  /** The oldest first. */
  readonly lives: readonly Life[];
  /** Writes of which nobody knows whether they made a version. */
  readonly unanswered: number;
}

/** The newest commit of a job's newest life. */
export function newestCommit({ lives }: RecordedJob): Commit | undefined {
  return lives.findLast(({ commits }) => commits.length > 0)?.commits.at(-1);
}

/** The commit that made a version of the life that `createdAt` names. */
export function commitOf(job: RecordedJob | undefined, { createdAt, version }: Job): Commit | undefined {
  const life = job?.lives.find((known) => known.createdAt === createdAt);
  const guess = life?.commits[version - 1];
  return guess?.job.version === version ? guess : life?.commits.find((commit) => commit.job.version === version);
}

/** Whether an end of the life has been published by the time of `position`. */
export function endPublishedBefore({ published }: Life, position: number): boolean {
  return [...published.values()].some((publication) => publication.position < position && isTerminal(publication.event));
}

/** The newest life of which anything was recorded by the time of `position`. */
export function lifeAt({ lives }: RecordedJob, position: number): Life | undefined {
  const begun = (recorded: { readonly position: number }): boolean => recorded.position <= position;
  return lives.findLast(({ commits, published }) => commits.some(begun) || [...published.values()].some(begun));
}
