import { MAX_BATCH_ITEMS } from "@autoscaling-job-queues/domain/limits";
import { metInOrder } from "./capacity-ceilings.ts";
import { EVENTS_PER_JOB, indexWrites, type Load, QUEUED_WRITES, tableWrites } from "./capacity-load.ts";
import type { Ceiling } from "./ceiling.ts";
import { ASSUMED } from "./job-costs.ts";
import { QUOTAS } from "./quotas.ts";

/** How full a partition may be, by plan: partitions get even shares, but no second is like the other. */
export const ROOM = 0.65;

/** The fewest partitions of the lists that take so many jobs a second with room to spare. */
export function partitionsFor(jobsPerSecond: number): number {
  return Math.ceil((jobsPerSecond * QUEUED_WRITES) / (QUOTAS.partitionWrites.value * ROOM));
}

/** What a rate takes of a part that has a quota: a share of 1 or less fits as it is. */
export interface Need {
  readonly ceiling: Ceiling;
  readonly share: number;
}

/** What a rate takes of every part that all jobs meet, the fullest first. */
export function needs(load: Load, jobsPerSecond: number): Need[] {
  return metInOrder(load).map((ceiling) => ({ ceiling, share: jobsPerSecond / ceiling.jobsPerSecond }));
}

/** Adding so many jobs a second in full batches. */
export interface BatchedAdds {
  readonly requestsPerSecond: number;
  readonly executions: number;
  readonly tableWritesPerSecond: number;
  readonly queuedWritesPerSecond: number;
  readonly eventsPerSecond: number;
  readonly listPartitions: number;
}

/** @param jobsPerSecond that end as fast as they come. */
export function batchedAdds(jobsPerSecond: number, jobSeconds: number): BatchedAdds {
  const requestsPerSecond = jobsPerSecond / MAX_BATCH_ITEMS;
  return {
    requestsPerSecond,
    executions: (requestsPerSecond * ASSUMED.batchMilliseconds) / 1_000,
    tableWritesPerSecond: jobsPerSecond * Math.max(tableWrites(jobSeconds), indexWrites()),
    queuedWritesPerSecond: jobsPerSecond * QUEUED_WRITES,
    eventsPerSecond: jobsPerSecond * EVENTS_PER_JOB,
    listPartitions: partitionsFor(jobsPerSecond),
  };
}

/** Seconds until so many tasks are started, from none: a burst at once, and then so many a second. */
export function launchSeconds(tasks: number): number {
  return Math.max(0, tasks - QUOTAS.taskLaunchBurst.value) / QUOTAS.taskLaunches.value;
}
