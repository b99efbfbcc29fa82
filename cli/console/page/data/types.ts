import type { Job } from "@autoscaling-job-queues/client/job";
import type { Batch, JobTypeDescription, JobTypeStatus as StatusNow, Why } from "@autoscaling-job-queues/client/jobs-client";

export type { Batch, Job, Why };
export type JobType = JobTypeDescription;
export type PastAttempt = NonNullable<Job["attempts"]>[number];

/** Some of a list. */
export interface Page {
  readonly items: readonly Job[];
  readonly cursor?: string;
}

/** A moment of a type's last hours. */
export interface SeriesPoint {
  readonly at: string;
  readonly waiting?: number;
  readonly running?: number;
  readonly tasks?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly runSeconds?: number;
  readonly queueWaitSeconds?: number;
}

/** A type as it is now, and as it was where its last hours are asked for. */
export type JobTypeStatus = StatusNow & {
  readonly series?: { readonly periodSeconds: number; readonly points: readonly SeriesPoint[] };
};
