import { JobQueueError } from "@autoscaling-job-queues/domain/errors";

/** Why a running job is stopped, with the words that its handler and its log line get. */
const REASONS = {
  JobCancelled: "the job was cancelled",
  JobTimeout: "the attempt ran longer than the job type's timeoutSeconds",
  WorkerShutdown: "the worker is shutting down; the job will be run again",
  LeaseLost: "another worker took the job over",
} as const;

export type AbortCode = keyof typeof REASONS;

/** The reason of a handler's abort signal, thrown too by `job.progress` and `job.checkpoint` once the job is aborted. */
export class JobAbortedError extends JobQueueError {
  declare readonly code: AbortCode;
  constructor(code: AbortCode) {
    super(code, REASONS[code]);
  }
}
