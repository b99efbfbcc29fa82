import type { Access } from "@autoscaling-job-queues/domain/environment";
import { isScheduled, type StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import { jobJson } from "@autoscaling-job-queues/domain/job-json";
import type { JobStore } from "@autoscaling-job-queues/domain/job-store";
import type { TransitionName } from "@autoscaling-job-queues/domain/transitions";
import type { Answer } from "../http/api-handler.ts";
import { jsonResponse } from "../http/event.ts";
import { Problem } from "../http/problem.ts";
import type { Telemetry } from "../telemetry.ts";
import { onlyOwner, requestedJobId, visibleJob } from "./access.ts";
import type { JobSchedules } from "./job-schedules.ts";

export interface CancelJobDependencies {
  readonly store: Pick<JobStore, "get" | "transition">;
  readonly events: Pick<JobEvents, "publish">;
  readonly schedules: Pick<JobSchedules, "delete">;
  readonly access: Access;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newWriteId: () => string;
}

/** Writes tried for one request: each is lost only to another change of the same job. */
const MAX_ROUNDS = 5;

export interface CancelStep {
  /** The transition to make; none where the job is cancelled, or asked to be, already. */
  readonly transition?: TransitionName;
  readonly statusCode: 200 | 202;
}

/**
 * `POST /jobs/{id}/cancel`: 200 for a job that is cancelled, 202 for one that runs and was asked to stop. Each state is
 * published before it is replaced, as the process that committed it may have died before publishing it. Cancelling again
 * publishes again. The schedule of a job that is not due yet goes with it; where it cannot be deleted, it sends a message that finds
 * the job ended.
 */
export function cancelJob(dependencies: CancelJobDependencies): Answer {
  const { store, events, access, telemetry, now, newWriteId } = dependencies;
  return async (request) => {
    const id = requestedJobId(request);
    const owner = onlyOwner(request, access);
    let current = await store.get(id);
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const job = visibleJob(current, { id, owner, now: now() });
      const { transition, statusCode } = cancelStep(job);
      await events.publish(job);
      if (transition === undefined) {
        await forgetSchedule(job, dependencies);
        return jsonResponse(statusCode, jobJson(job));
      }
      const outcome = await store.transition(job, transition, { now: now(), writeId: newWriteId() });
      if (outcome.applied) {
        await events.publish(outcome.job);
        await forgetSchedule(outcome.job, dependencies);
        telemetry.logger.info("cancel requested", { jobId: id, jobType: job.type, status: outcome.job.status });
        telemetry.count("CancelRequests", { jobType: job.type });
        return jsonResponse(statusCode, jobJson(outcome.job));
      }
      current = outcome.current;
    }
    throw new Problem("Unavailable", `job ${id} changes too fast to be cancelled; try again`, { retryAfterSeconds: 1 });
  };
}

async function forgetSchedule(job: StoredJob, { schedules, telemetry, now }: CancelJobDependencies): Promise<void> {
  const isAhead = job.status === "CANCELLED" && isScheduled(job) && Date.parse(job.runAt ?? "") > now();
  if (!isAhead) return;
  try {
    await schedules.delete(job.id);
  } catch (error) {
    telemetry.logger.warn("schedule of a cancelled job not deleted; its message will find the job ended", {
      jobId: job.id,
      jobType: job.type,
      error,
    });
  }
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
