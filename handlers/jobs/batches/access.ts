import type { StoredBatch } from "@autoscaling-job-queues/domain/batch";
import { BATCH_ID_RULE, isBatchId } from "@autoscaling-job-queues/domain/batch-id";
import { isExpired } from "@autoscaling-job-queues/domain/job";
import type { ApiRequest } from "../../http/event.ts";
import { Problem, quote } from "../../http/problem.ts";

/** The ID in the path. @throws Problem 404 when it is none. */
export function requestedBatchId({ pathParameters: { id = "" } }: ApiRequest): string {
  if (isBatchId(id)) return id;
  throw new Problem("BatchNotFound", `${quote(id)} is not a batch ID; a batch ID is ${BATCH_ID_RULE}`);
}

/** Passes a batch that the caller may see. @throws Problem 404 when it does not exist, has expired, or belongs to another caller. */
export function visibleBatch(
  batch: StoredBatch | undefined,
  { id, owner, now }: { readonly id: string; readonly owner: string | undefined; readonly now: number },
): StoredBatch {
  if (batch === undefined || isExpired(batch, now) || (owner !== undefined && batch.owner !== owner)) {
    throw new Problem("BatchNotFound", `there is no batch ${id}; batches are deleted a while after they have completed`);
  }
  return batch;
}
