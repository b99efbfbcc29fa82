import { createHash } from "node:crypto";
import { batchCounts, isComplete, type StoredBatch } from "@autoscaling-job-queues/domain/batch";
import { isBatchId, onCompleteJobId } from "@autoscaling-job-queues/domain/batch-id";
import type { BatchStore } from "@autoscaling-job-queues/domain/batch-store";
import { isExpired } from "@autoscaling-job-queues/domain/job";
import type { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import type { OnComplete } from "@autoscaling-job-queues/domain/on-complete";
import { fitsItem, payloadKeys } from "@autoscaling-job-queues/domain/payload";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import type { SNSEvent } from "aws-lambda";
import { withMember } from "../../http/member-texts.ts";
import { quote } from "../../http/problem.ts";
import { type AddOnceDependencies, addOnce, type JobPayload } from "../add-once.ts";

export interface FollowBatchDependencies extends AddOnceDependencies {
  readonly registry: Pick<JobTypeRegistry, "get">;
  readonly batches: Pick<BatchStore, "get" | "getOnComplete" | "setOnCompleteJob">;
  readonly payloads: Pick<PayloadStore, "put" | "getText">;
}

/**
 * Adds the job that a batch's `onComplete` asked for. The event that it is called with is a hint, as every worker can publish on the
 * topic: the batch's item says whether it is complete, and an item that no worker can write says what is to be added. The job's ID derives
 * from the batch, so an event that comes twice adds one job.
 *
 * @throws Error where the job cannot be added: Lambda calls again, and then keeps the event in the dead-letter queue.
 */
export async function followBatches({ Records }: SNSEvent, dependencies: FollowBatchDependencies): Promise<void> {
  for (const { Sns } of Records) await followBatch(Sns.Message, dependencies);
}

async function followBatch(message: string, dependencies: FollowBatchDependencies): Promise<void> {
  const { batches, registry, telemetry, now } = dependencies;
  const id = batchIdIn(message);
  if (id === undefined) return telemetry.logger.warn("event dropped: it is of no batch", { event: quote(message) });
  const batch = await batches.get(id);
  if (batch === undefined || isExpired(batch, now()) || !isComplete(batch)) {
    return telemetry.logger.warn("event dropped: there is no such batch, or it is not complete", { batchId: id });
  }
  // The job may be gone by now, and must not be added again.
  if (batch.onCompleteJobId !== undefined) return;
  const onComplete = await batches.getOnComplete(batch);
  if (onComplete === undefined) return;
  const { type, owner, groupId, tags, traceparent } = onComplete;
  const jobType = await registry.get(type);
  if (jobType === undefined) throw new Error(`batch ${id} is complete, and job type ${type} of its onComplete is not deployed`);
  const jobId = onCompleteJobId(type, batch);
  const asked = {
    id: jobId,
    owner,
    groupId,
    ...(tags === undefined ? {} : { tags }),
    ...(traceparent === undefined ? {} : { traceparent }),
    requestHash: createHash("sha256").update(jobId).digest("hex"),
    jobType,
    mayExist: true,
    payload: (writeId: string) => inputOf(batch, onComplete, payloadKeys.input(type, jobId, writeId), dependencies),
  };
  await addOnce(asked, dependencies);
  await batches.setOnCompleteJob(batch, jobId);
  telemetry.logger.info("job of onComplete added", { batchId: id, jobId, jobType: type });
}

function batchIdIn(message: string): string | undefined {
  try {
    const { id } = JSON.parse(message) as { readonly id?: unknown };
    return typeof id === "string" && isBatchId(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

/** The input with the batch's ID and counts. */
async function inputOf(
  batch: StoredBatch,
  { input, inputLocation }: OnComplete,
  key: string,
  { payloads }: FollowBatchDependencies,
): Promise<JobPayload> {
  const given = inputLocation === undefined ? (input ?? "{}") : await payloads.getText(inputLocation);
  const { pending: _, ...counts } = batchCounts(batch);
  const text = withMember(given, "batch", JSON.stringify({ id: batch.id, ...counts }));
  return fitsItem(text) ? { input: text } : { inputLocation: await payloads.put(key, text, "application/json") };
}
