import type { JobError } from "@autoscaling-job-queues/domain/errors";
import type { Job } from "@autoscaling-job-queues/domain/job";
import type { Logger } from "@aws-lambda-powertools/logger";
import type { LogLevel } from "./runner.ts";

/** How an attempt ended, in the words of the log. */
const OUTCOMES = {
  succeed: "succeeded",
  stop: "cancelled",
  fail: "failed",
  retry: "failed; it will be retried",
  release: "handed back",
  lost: "lost its lease",
  abandoned: "could not be finished; its message will come back",
} as const;

export type AttemptOutcome = keyof typeof OUTCOMES;

/** The worker's structured log. It never holds inputs, results or tags. */
export class WorkerLog {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** The one line that says how an attempt ended, and why. */
  attemptEnded(job: Job, outcome: AttemptOutcome, runMs: number, error?: JobError): void {
    const line = {
      ...jobKeys(job),
      status: job.status,
      outcome,
      runMs,
      ...(error === undefined ? {} : { reason: error.code, detail: error.message }),
    };
    const level = outcome === "fail" || outcome === "abandoned" ? "error" : error === undefined ? "info" : "warn";
    this.#logger[level](`job ${OUTCOMES[outcome]}`, line);
  }

  /** A message that led to no attempt. */
  messageEnded(message: string, details: Readonly<Record<string, unknown>>): void {
    this.#logger.warn(message, details);
  }

  /** A line of a job's handler. */
  handlerLine(job: Job, level: LogLevel, message: string, details?: Readonly<Record<string, unknown>>): void {
    this.#logger[level](message, { ...jobKeys(job), ...(details === undefined ? {} : { details }) });
  }

  /** A call to AWS that failed after the SDK's retries; it is made again. */
  callFailed(call: string, detail: string): void {
    this.#logger.warn("call failed", { call, detail });
  }

  worker(message: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.#logger.info(message, details);
  }

  workerError(message: string, { code, message: detail }: JobError): void {
    this.#logger.error(message, { reason: code, detail });
  }
}

function jobKeys({ id, type, attempt }: Job) {
  return { jobId: id, jobType: type, attempt };
}
