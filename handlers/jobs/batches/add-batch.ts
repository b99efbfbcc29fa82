import { isComplete, newBatch, publicBatch, type StoredBatch } from "@autoscaling-job-queues/domain/batch";
import { onCompleteJobId } from "@autoscaling-job-queues/domain/batch-id";
import { ownerGroup } from "@autoscaling-job-queues/domain/group-id";
import { isExpired } from "@autoscaling-job-queues/domain/job";
import { onCompleteKey } from "@autoscaling-job-queues/domain/on-complete";
import { payloadKeys } from "@autoscaling-job-queues/domain/payload";
import { TRACE_PARENT_HEADER, traced, traceKeys } from "@autoscaling-job-queues/domain/trace-parent";
import { inSpan } from "@autoscaling-job-queues/domain/traces/tracer";
import type { Answer } from "../../http/api-handler.ts";
import { type ApiResponse, jsonResponse } from "../../http/event.ts";
import { Problem } from "../../http/problem.ts";
import { requirePrincipal } from "../access.ts";
import { addSpan } from "../add-once.ts";
import { type AddBatchDependencies, type AskedBatch, addJobs, filesOf, storeInput } from "./add-batch-jobs.ts";
import { jobsOfBatch, pendingNumbers } from "./jobs-of-batch.ts";
import { readAddBatch } from "./read-add-batch.ts";

/**
 * `POST /batches`. Whatever can be refused is refused before anything is written. Then the batch is stored with all its numbers pending,
 * so that no job can end before there is a batch to tell; then for each job what `addOnce` does, in the same order: message, item,
 * event. A crash leaves a batch of which some jobs run. The same request goes on with it: IDs derive from the batch's ID and
 * the number, so what is there is found. A number that is not pending any more needs no job: it had one, which has ended.
 */
export function addBatch(dependencies: AddBatchDependencies): Answer {
  return async (request) => {
    const owner = requirePrincipal(request);
    const traceparent = traced(request.headers.get(TRACE_PARENT_HEADER));
    const asked = { ...(await readAddBatch(request, owner, dependencies)), owner, ...traceparent };
    const attributes = { "batch.id": asked.id, "messaging.batch.message_count": asked.items.length };
    const span = { ...addSpan(asked.jobType), parent: asked.traceparent, attributes };
    return await inSpan(dependencies.tracer, span, (within) => addAll({ ...asked, ...within }, dependencies));
  };
}

async function addAll(asked: AskedBatch, dependencies: AddBatchDependencies): Promise<ApiResponse> {
  const { batches, now } = dependencies;
  const earlier = await batches.get(asked.id);
  if (earlier !== undefined && !isExpired(earlier, now())) return await goOn(earlier, asked, dependencies);
  refuseRetired(asked);
  const files = await filesOf(asked, numbersOf(asked), dependencies);
  const { id, items, jobType, owner, requestHash, traceparent } = asked;
  const within = traceparent === undefined ? {} : { traceparent };
  const fresh = newBatch({ id, type: jobType.name, total: items.length, owner, requestHash, ...within, now: now() });
  const batch = await batches.create(fresh, now());
  if (batch !== fresh) return await goOn(batch, asked, dependencies);
  await storeOnComplete(batch, asked, dependencies);
  await addJobs(batch, asked, { missing: numbersOf(asked), files, stored: [] }, dependencies);
  const { telemetry } = dependencies;
  telemetry.logger.info("batch added", { batchId: id, jobType: jobType.name, jobs: items.length, ...traceKeys(asked) });
  telemetry.count("BatchesAdded", { jobType: jobType.name });
  return accepted(batch);
}

/** Goes on with a batch that an earlier request, or one at the same time, has begun. */
async function goOn(batch: StoredBatch, repeated: AskedBatch, dependencies: AddBatchDependencies): Promise<ApiResponse> {
  const { store, batches, events, telemetry } = dependencies;
  const { traceparent: _, ...rest } = repeated;
  const asked = { ...rest, ...traced(batch.traceparent) };
  if (batch.requestHash !== asked.requestHash) {
    throw new Problem(
      "IdempotencyKeyReused",
      `the idempotency key belongs to batch ${batch.id}, which was added with another request`,
    );
  }
  if (isComplete(batch)) {
    await events.publishBatch(batch);
  } else {
    const numbers = pendingNumbers(batch);
    const jobs = await jobsOfBatch(batch, numbers, store);
    const missing = numbers.filter((_, index) => jobs[index] === undefined);
    const stored = jobs.filter((job) => job !== undefined);
    const files = await filesOf(asked, missing, dependencies);
    await storeOnComplete(batch, asked, dependencies);
    await addJobs(batch, asked, { missing, files, stored }, dependencies);
  }
  telemetry.logger.info("batch replayed", { batchId: batch.id, jobType: batch.type, ...traceKeys(asked) });
  telemetry.count("BatchesReplayed", { jobType: batch.type });
  return accepted((await batches.get(batch.id)) ?? batch, { "idempotency-replayed": "true" });
}

function accepted(batch: StoredBatch, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  return jsonResponse(202, JSON.stringify(publicBatch(batch)), { location: `/batches/${batch.id}`, ...headers });
}

function numbersOf({ items }: AskedBatch): number[] {
  return [...items.keys()];
}

function refuseRetired({ jobType, onComplete }: AskedBatch): void {
  const retired = [jobType, onComplete?.jobType].find((type) => type?.retired === true);
  if (retired !== undefined) {
    throw new Problem("JobTypeRetired", `job type ${retired.name} is retired, and takes no more jobs`);
  }
}

/** Stores what is to be added in the end. Whoever has seen a job of the batch finds it, as it comes before them all. */
async function storeOnComplete(
  batch: StoredBatch,
  { onComplete, owner, tags, traceparent }: AskedBatch,
  { batches, payloads, newWriteId }: AddBatchDependencies,
): Promise<void> {
  if (onComplete === undefined) return;
  const { name: type } = onComplete.jobType;
  const key = payloadKeys.input(type, onCompleteJobId(type, batch), newWriteId());
  await batches.putOnComplete({
    id: onCompleteKey(batch),
    type,
    ...(await storeInput(onComplete.inputText, key, payloads)),
    owner,
    groupId: ownerGroup(owner),
    ...(tags === undefined ? {} : { tags }),
    ...(traceparent === undefined ? {} : { traceparent }),
    expiresAt: batch.expiresAt,
  });
}
