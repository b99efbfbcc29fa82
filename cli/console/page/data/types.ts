import type { Job } from "@autoscaling-job-queues/client/job";
import type { Batch, JobTypeDescription, JobTypeStatus, Why } from "@autoscaling-job-queues/client/jobs-client";

export type { Batch, Job, JobTypeStatus, Why };
export type JobType = JobTypeDescription;
export type PastAttempt = NonNullable<Job["attempts"]>[number];

/** Some of a list. */
export interface Page {
  readonly items: readonly Job[];
  readonly cursor?: string;
}

/** A moment of a type's last hours. */
export type SeriesPoint = NonNullable<JobTypeStatus["series"]>["points"][number];
