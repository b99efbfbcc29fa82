import type { Job } from "@autoscaling-job-queues/client/job";
import type { Batch, JobTypeDescription } from "@autoscaling-job-queues/client/jobs-client";

export type { Batch, Job };

/** Some of a list. */
export interface Page {
  readonly items: readonly Job[];
  readonly cursor?: string;
}

/** Who has paused a type, when and why. */
export interface Paused {
  readonly by: string;
  readonly at: string;
  readonly reason?: string;
}

export type JobType = JobTypeDescription & { readonly paused?: Paused };

/** Why a job is where it is: `GET /jobs/{id}/why`. */
export interface Why {
  readonly code: string;
  readonly summary: string;
  readonly nextStep: string;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly unread?: readonly string[];
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

/** A type as it is now: `GET /job-types/{name}/status`. */
export interface JobTypeStatus {
  readonly name: string;
  readonly paused?: Paused;
  readonly waiting: number;
  readonly running: number;
  readonly delayed: number;
  readonly deadLetters: number;
  readonly oldestSeconds?: number;
  readonly tasks: { readonly desired: number; readonly running: number; readonly pending: number; readonly max: number };
  readonly workerError?: {
    readonly code: string;
    readonly message: string;
    readonly at: string;
    readonly worker: string;
    readonly image?: string;
  };
  readonly placement?: string;
  readonly unread?: readonly string[];
  readonly series?: { readonly periodSeconds: number; readonly points: readonly SeriesPoint[] };
}

/** An attempt that ended without ending its job. */
export interface PastAttempt {
  readonly attempt: number;
  readonly startedAt?: string;
  readonly endedAt: string;
  readonly outcome: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly worker?: string;
  readonly image?: string;
}

/** What a job tells of itself beside its state. */
export type StoryJob = Job & {
  readonly attempts?: readonly PastAttempt[];
  readonly heartbeatAt?: string;
};
