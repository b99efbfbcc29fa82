import type { BatchEnds } from "@autoscaling-job-queues/domain/batch-ends";
import type { Access } from "@autoscaling-job-queues/domain/environment";
import { isScheduled, type StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import { jobJson } from "@autoscaling-job-queues/domain/job-json";
import type { JobStore } from "@autoscaling-job-queues/domain/job-store";
import { traceKeys } from "@autoscaling-job-queues/domain/trace-parent";
import type { TransitionName } from "@autoscaling-job-queues/domain/transitions";
import type { Answer } from "../http/api-handler.ts";
import { jsonResponse } from "../http/event.ts";
import { Problem } from "../http/problem.ts";
import type { Telemetry } from "../telemetry.ts";
import { onlyOwner, requestedJobId, visibleJob } from "./access.ts";
import type { JobSchedules } from "./job-schedules.ts";

export interface CancelDependencies {
  readonly store: Pick<JobStore, "transition">;
  readonly events: Pick<JobEvents, "publish">;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newWriteId: () => string;
}

export interface CancelJobDependencies extends CancelDependencies {
  readonly store: Pick<JobStore, "get" | "transition">;
  readonly ends: Pick<BatchEnds, "ended">;
  readonly schedules: Pick<JobSchedules, "delete">;
  readonly access: Access;
}

/** Writes tried for one request: each is lost only to another change of the same job. */
const MAX_ROUNDS = 5;

export interface CancelStep {
  /** The transition to make; none where the job is cancelled, or asked to be, already. */
  readonly transition?: TransitionName;
  readonly statusCode: 200 | 202;
}

/**
 * `POST /jobs/{id}/cancel`: 200 for a job that is cancelled, 202 for one that runs and was asked to stop. The schedule of a job that is
 * not due yet goes with it; where it cannot be deleted, it sends a message that finds the job ended.
 */
export function cancelJob(dependencies: CancelJobDependencies): Answer {
  const { store, ends, access, now } = dependencies;
  return async (request) => {
    const id = requestedJobId(request);
    const owner = onlyOwner(request, access);
    const check = (job: StoredJob | undefined): StoredJob => visibleJob(job, { id, owner, now: now() });
    const { job, statusCode } = await cancel(check(await store.get(id)), check, dependencies);
    await ends.ended(job);
    await forgetSchedule(job, dependencies);
    return jsonResponse(statusCode, jobJson(job));
  };
}

async function forgetSchedule(job: StoredJob, { schedules, telemetry, now }: CancelJobDependencies): Promise<void> {
  const isAhead = job.status === "CANCELLED" && isScheduled(job) && Date.parse(job.runAt ?? "") > now();
  if (!isAhead) return;
  try {
    await schedules.delete(job);
  } catch (error) {
    telemetry.logger.warn("schedule of a cancelled job not deleted; its message will find the job ended", {
      jobId: job.id,
      jobType: job.type,
      error,
    });
  }
}

/**
 * Cancels a job, or asks it to stop. Each state is published before it is replaced, as the process that committed it may have died
 * before publishing it. Cancelling again publishes again.
 *
 * @param check passes the job that stands in the way of a write, where the caller may see it.
 * @throws Problem 409 for a job that succeeded or failed.
 */
export async function cancel(
  found: StoredJob,
  check: (current: StoredJob | undefined) => StoredJob,
  { store, events, telemetry, now, newWriteId }: CancelDependencies,
): Promise<{ readonly job: StoredJob; readonly statusCode: CancelStep["statusCode"] }> {
  let job = found;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const { transition, statusCode } = cancelStep(job);
    await events.publish(job);
    if (transition === undefined) return { job, statusCode };
    const outcome = await store.transition(job, transition, { now: now(), writeId: newWriteId() });
    if (outcome.applied) {
      await events.publish(outcome.job);
      telemetry.logger.info("cancel requested", {
        jobId: job.id,
        jobType: job.type,
        status: outcome.job.status,
        ...traceKeys(job),
      });
      telemetry.count("CancelRequests", { jobType: job.type });
      return { job: outcome.job, statusCode };
    }
    job = check(outcome.current);
  }
  throw new Problem("Unavailable", `job ${job.id} changes too fast to be cancelled; try again`, { retryAfterSeconds: 1 });
}

/** @throws Problem 409 for a job that succeeded or failed. */
export function cancelStep(job: StoredJob): CancelStep {
  switch (job.status) {
    case "QUEUED":
      return { transition: "cancel", statusCode: 200 };
    case "RUNNING":
      return job.cancelRequestedAt === undefined ? { transition: "requestCancel", statusCode: 202 } : { statusCode: 202 };
    case "CANCELLED":
      return { statusCode: 200 };
    default:
      throw new Problem("JobAlreadyEnded", `job ${job.id} ended as ${job.status}; it can no longer be cancelled`);
  }
}
