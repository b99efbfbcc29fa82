import { dueAt, isLeased, isTerminal, type StoredJob } from "@autoscaling-job-queues/domain/job";
import type { Cause, CauseFacts } from "../causes.ts";
import { type Evidence, MAX_TASKS_READ } from "../evidence.ts";

/** Finds one cause: undefined where it is not this one, or where what would show it could not be read. */
export type Rule = (evidence: Evidence) => Cause | undefined;

/** Counts of SQS are up to so much behind (SQS: GetQueueAttributes, "at least 1 minute after the producers stop"). */
export const COUNTS_LAG_MS = 60_000;

/** Whether the job needs a worker now: it is queued and due, or the lease of the worker that held it has ended. */
export function needsWorker({ job, now }: Evidence): boolean {
  if (isTerminal(job)) return false;
  return job.status === "QUEUED" ? (dueAt(job) ?? 0) <= now : !isLeased(job, now);
}

/** Since when it needs one, in epoch milliseconds. */
export function waitsSince(job: StoredJob): number {
  if (job.status === "RUNNING") return job.leaseExpiresAt ?? Date.parse(job.updatedAt);
  return Math.max(Date.parse(job.updatedAt), dueAt(job) ?? 0);
}

/** Tasks that have started, those left out that were told to stop: they take no more jobs. Of more than are read, ECS's own count. */
export function startedTasks({ service, runningTasks }: Evidence): number {
  const running = service?.running ?? 0;
  if (runningTasks === undefined) return running;
  const started = runningTasks.filter(({ startedAt }) => startedAt !== undefined).length;
  return runningTasks.length < MAX_TASKS_READ ? started : Math.max(started, running);
}

export function waitedMs({ job, now }: Evidence): number {
  return Math.max(0, now - waitsSince(job));
}

/** Of a cause's facts, those that are known. */
export function known(facts: Readonly<Record<string, string | number | boolean | undefined | null>>): CauseFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== null)) as CauseFacts;
}

/** What is known of the worker whose lease ended; nothing of a job that none held. */
export function lostWorker({ job }: Evidence): Parameters<typeof known>[0] {
  if (job.status !== "RUNNING") return {};
  return { lostWorker: job.leaseOwner, leaseEndsAt: time(job.leaseExpiresAt) };
}

/** ISO 8601 of epoch milliseconds. */
export function time(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}

/** A time that was waited, in words. */
export function inWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return counted(seconds, "second");
  if (seconds < 7_200) return counted(Math.round(seconds / 60), "minute");
  return seconds < 172_800 ? counted(Math.round(seconds / 3_600), "hour") : counted(Math.round(seconds / 86_400), "day");
}

/** A number with its noun. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
