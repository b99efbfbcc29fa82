import { publicBatch } from "@autoscaling-job-queues/domain/batch";
import type { BatchEnds } from "@autoscaling-job-queues/domain/batch-ends";
import type { BatchStore } from "@autoscaling-job-queues/domain/batch-store";
import type { Access } from "@autoscaling-job-queues/domain/environment";
import { inParallel } from "@autoscaling-job-queues/domain/in-parallel";
import type { StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobStore } from "@autoscaling-job-queues/domain/job-store";
import type { Answer } from "../../http/api-handler.ts";
import { jsonResponse } from "../../http/event.ts";
import { Problem } from "../../http/problem.ts";
import { onlyOwner } from "../access.ts";
import { type CancelDependencies, cancel } from "../cancel-job.ts";
import { requestedBatchId, visibleBatch } from "./access.ts";
import { jobsOfBatch, pendingNumbers } from "./jobs-of-batch.ts";

export interface CancelBatchDependencies extends CancelDependencies {
  readonly store: Pick<JobStore, "getMany" | "transition">;
  readonly batches: Pick<BatchStore, "get">;
  readonly ends: Pick<BatchEnds, "ended">;
  readonly access: Access;
}

/** Jobs that are cancelled at a time: the clients have 50 connections each. */
const AT_ONCE = 32;

/**
 * `POST /batches/{id}/cancel`: cancels every job of the batch that waits, asks those that run to stop, and leaves those that have ended.
 * Cancelling again changes nothing, and goes on where a request before broke off.
 */
export function cancelBatch(dependencies: CancelBatchDependencies): Answer {
  const { store, batches, ends, access, now } = dependencies;
  return async (request) => {
    const id = requestedBatchId(request);
    const owner = onlyOwner(request, access);
    const batch = visibleBatch(await batches.get(id), { id, owner, now: now() });
    const jobs = await jobsOfBatch(batch, pendingNumbers(batch), store);
    const stored = jobs.filter((job) => job !== undefined);
    const cancelled = await inParallel(stored, AT_ONCE, async (job) => await cancelUnlessEnded(job, dependencies));
    await ends.ended(...cancelled.flat());
    const left = visibleBatch(await batches.get(id), { id, owner, now: now() });
    return jsonResponse(202, JSON.stringify(publicBatch(left)));
  };
}

/** @returns nothing for a job that succeeded or failed meanwhile: its worker tells the batch, once it has published that. */
async function cancelUnlessEnded(job: StoredJob, dependencies: CancelBatchDependencies): Promise<StoredJob[]> {
  try {
    return [(await cancel(job, (current) => current ?? job, dependencies)).job];
  } catch (error) {
    if (error instanceof Problem && error.code === "JobAlreadyEnded") return [];
    throw error;
  }
}
