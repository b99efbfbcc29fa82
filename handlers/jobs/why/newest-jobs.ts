import type { JobStatus, StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobPage, JobQuery } from "@autoscaling-job-queues/domain/job-list";
import type { RecentWork } from "./evidence.ts";

/** Jobs of a type that a look takes, at most. */
const NEWEST = 10;
/** Ends that no worker's attempt brought about. */
const CLOSED: ReadonlySet<string> = new Set(["DeadLettered", "JobExpired", "WorkerLost"]);
const TAKEN_UP: readonly JobStatus[] = ["RUNNING", "SUCCEEDED", "FAILED"];

export interface WorkReads {
  readonly list: (query: JobQuery) => Promise<JobPage>;
  /** Jobs of a type that are RUNNING. */
  readonly countRunning: (type: string) => Promise<number>;
}

/** When workers of a type last took a job up and ended one, as its newest jobs tell that were taken up. */
export async function recentWork({ list, countRunning }: WorkReads, type: string): Promise<RecentWork> {
  const [{ jobs }, running] = await Promise.all([list({ types: [type], statuses: TAKEN_UP, limit: NEWEST }), countRunning(type)]);
  const claimed = jobs.filter(({ attempt, error }) => attempt > 0 && !CLOSED.has(error?.code ?? ""));
  const ended = claimed.filter(({ status }) => status !== "RUNNING");
  const newest = (of: readonly StoredJob[]) => (of.length === 0 ? undefined : Math.max(...of.map(changedAt)));
  const [claimedAt, endedAt] = [newest(claimed), newest(ended)];
  return { running, ...(claimedAt === undefined ? {} : { claimedAt }), ...(endedAt === undefined ? {} : { endedAt }) };
}

/** A cancel request is a change of its caller's. */
function changedAt({ status, updatedAt, startedAt, cancelRequestedAt }: StoredJob): number {
  return Date.parse(status === "RUNNING" && cancelRequestedAt !== undefined ? (startedAt ?? updatedAt) : updatedAt);
}
