import { fullJitterSeconds } from "@autoscaling-job-queues/domain/backoff";
import type { JobError } from "@autoscaling-job-queues/domain/errors";
import { countedAttempts, type StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { MAX_INTERRUPTIONS } from "@autoscaling-job-queues/domain/limits";
import type { AbortCode } from "./job-aborted-error.ts";
import { failure } from "./runners/handler-failure.ts";
import type { RunOutcome } from "./runners/runner.ts";

/** The transition that ends an attempt. */
export type AttemptEnd =
  | { readonly name: "succeed" | "stop" }
  | { readonly name: "fail"; readonly error: JobError }
  | { readonly name: "retry"; readonly error: JobError; readonly delaySeconds: number }
  /** `error` where it was no shutdown that ended the attempt. */
  | { readonly name: "release"; readonly error?: JobError };

/**
 * Decides how an attempt ends. A cancel request wins over everything; a result wins over a timeout or a shutdown that came
 * too late to stop it, and so does a permanent error over a timeout: another attempt would find what this one found. A hand-back costs
 * no attempt, as long as there are not too many, so that at a shutdown every error leads to one: it may be the shutdown's own, in other
 * words. What a worker could not begin is handed back as at a shutdown.
 *
 * @param job the newest state that the worker knows.
 * @param aborted why the handler was told to stop, if it was.
 * @param random from 0 up to 1, for the jitter.
 */
export function attemptEnd(
  job: StoredJob,
  outcome: RunOutcome,
  aborted: AbortCode | undefined,
  jobType: Pick<JobType, "retry" | "timeoutSeconds">,
  random: () => number,
): AttemptEnd {
  if (job.cancelRequestedAt !== undefined) return { name: "stop" };
  if (outcome.kind === "returned") return { name: "succeed" };
  if (job.interruptions < MAX_INTERRUPTIONS) {
    if (outcome.kind === "notBegun") return { name: "release", error: { code: outcome.code, message: outcome.message } };
    if (aborted === "WorkerShutdown") return { name: "release" };
  }
  const isFinal = outcome.kind === "failed" && outcome.permanent;
  const failed =
    aborted === "JobTimeout" && !isFinal
      ? failure("JobTimeout", `the attempt took longer than ${jobType.timeoutSeconds} s (${outcome.message})`)
      : outcome.kind === "notBegun"
        ? failure(outcome.code, outcome.message)
        : outcome;
  const error: JobError = { code: failed.code, message: failed.message };
  const attempts = countedAttempts(job);
  if (failed.permanent || attempts >= job.maxAttempts) return { name: "fail", error };
  return { name: "retry", error, delaySeconds: failed.retryAfterSeconds ?? fullJitterSeconds(attempts, jobType.retry, random) };
}
