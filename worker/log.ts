import type { JobError } from "@autoscaling-job-queues/domain/errors";
import type { Job } from "@autoscaling-job-queues/domain/job";
import { traceKeys } from "@autoscaling-job-queues/domain/trace-parent";
import type { Logger } from "@aws-lambda-powertools/logger";
import type { LogLevel } from "./runners/runner.ts";

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

type AttemptKeys = Pick<Job, "id" | "type" | "attempt"> & { readonly traceparent?: string | undefined };
/** For the log alone, a stack beside what is stored of an error. */
export type LoggedError = JobError & { readonly stack?: string };

export type AttemptOutcome = keyof typeof OUTCOMES;

/** The worker's structured log. It never holds inputs, results or tags. */
export class WorkerLog {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** The one line that says how an attempt ended, and why. */
  attemptEnded(job: Job, outcome: AttemptOutcome, runMs: number, error?: LoggedError): void {
    const line = {
      ...jobKeys(job),
      status: job.status,
      outcome,
      runMs,
      ...(error === undefined ? {} : errorKeys(error)),
    };
    const level = outcome === "fail" || outcome === "abandoned" ? "error" : error === undefined ? "info" : "warn";
    this.#logger[level](`job ${OUTCOMES[outcome]}`, line);
  }

  /** A message that led to no attempt. */
  messageEnded(message: string, details: Readonly<Record<string, unknown>>): void {
    this.#logger.warn(message, details);
  }

  /** A line of a job's handler. */
  handlerLine(job: AttemptKeys, level: LogLevel, message: string, details?: Readonly<Record<string, unknown>>): void {
    this.#logger[level](message, { ...jobKeys(job), ...(details === undefined ? {} : { details }) });
  }

  /** An uncaught error of a job that had ended; the job is absent where it is unknown. */
  strayError(job: AttemptKeys | undefined, error: LoggedError): void {
    const whose = job === undefined ? "no known job" : "a job that had ended";
    this.#logger.error(`stray error of ${whose}`, { ...(job === undefined ? {} : jobKeys(job)), ...errorKeys(error) });
  }

  /** What a job has left in its thread, for which another thread has taken that one's place. */
  threadReplaced(job: AttemptKeys, left: readonly string[]): void {
    this.#logger.warn("job left something behind; its thread is replaced", { ...jobKeys(job), left });
  }

  /** A call to AWS that failed after the SDK's retries; it is made again. */
  callFailed(call: string, detail: string): void {
    this.#logger.warn("call failed", { call, detail });
  }

  worker(message: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.#logger.info(message, details);
  }

  workerError(message: string, error: LoggedError): void {
    this.#logger.error(message, errorKeys(error));
  }
}

function jobKeys({ id, type, attempt, traceparent }: AttemptKeys) {
  return { jobId: id, jobType: type, attempt, ...traceKeys({ traceparent }) };
}

function errorKeys({ code, message, stack }: LoggedError) {
  return { reason: code, detail: message, ...(stack === undefined ? {} : { stack }) };
}
