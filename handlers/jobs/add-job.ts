import { ownerGroup } from "@autoscaling-job-queues/domain/group-id";
import { isExpired, type StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import { jobIdForKey } from "@autoscaling-job-queues/domain/job-id";
import { jobJson } from "@autoscaling-job-queues/domain/job-json";
import type { JobQueue } from "@autoscaling-job-queues/domain/job-queue";
import type { JobStore } from "@autoscaling-job-queues/domain/job-store";
import type { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import { type NewJob, newJob } from "@autoscaling-job-queues/domain/new-job";
import { fitsItem, payloadKeys } from "@autoscaling-job-queues/domain/payload";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import type { Answer } from "../http/api-handler.ts";
import { type ApiResponse, jsonResponse } from "../http/event.ts";
import { Problem } from "../http/problem.ts";
import type { Validator } from "../http/validator.ts";
import type { Telemetry } from "../telemetry.ts";
import { requirePrincipal } from "./access.ts";
import { type AddJobRequest, readAddJob } from "./read-add-job.ts";
import { requestHash } from "./request-hash.ts";
import type { Wake } from "./wake.ts";

export interface AddJobDependencies {
  readonly registry: Pick<JobTypeRegistry, "get">;
  readonly store: Pick<JobStore, "get" | "create">;
  /** The queue at a URL. */
  readonly queue: (queueUrl: string) => Pick<JobQueue, "send">;
  readonly events: Pick<JobEvents, "publish">;
  readonly payloads: Pick<PayloadStore, "put">;
  readonly wake: Wake;
  readonly validator: Validator;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newJobId: (type: string, now: number) => string;
  readonly newWriteId: () => string;
}

/**
 * A task that is asked for now runs in about a minute. For a job that is kept back longer it would idle, and stay, as
 * the empty alarm counts delayed messages; the scale-out alarm starts one when the job becomes visible.
 */
const WAKE_WITHIN_SECONDS = 60;

/**
 * `POST /jobs`. The message is the outbox: it is sent before the item is created, so a crash in between leaves a message
 * without a job, which workers drop, and never a job without a message. Of two requests with one key at the same time,
 * the one that comes second at the table finds the other's job; its message is a duplicate, which does workers no harm.
 */
export function addJob(dependencies: AddJobDependencies): Answer {
  const { store, telemetry, now } = dependencies;
  return async (request) => {
    const owner = requirePrincipal(request);
    const adding = await readAddJob(request, dependencies);
    const hash = requestHash(adding.body, adding.inputText);
    const { idempotencyKey } = adding;
    const { type } = adding.body;
    const id = idempotencyKey === undefined ? dependencies.newJobId(type, now()) : jobIdForKey(type, owner, idempotencyKey);
    if (idempotencyKey !== undefined) {
      const earlier = await store.get(id);
      if (earlier !== undefined && !isExpired(earlier, now())) return await replay(earlier, hash, dependencies);
    }
    if (adding.jobType.retired === true)
      throw new Problem("JobTypeRetired", `job type ${type} is retired, and takes no more jobs`);
    const job = await enqueue(adding, { id, owner, requestHash: hash }, dependencies);
    const created = await store.create(job, now());
    if (!created.applied) {
      if (created.current === undefined) throw new Error(`job ${id} was neither created nor found`);
      return await replay(created.current, hash, dependencies);
    }
    const waking = (adding.body.delaySeconds ?? 0) <= WAKE_WITHIN_SECONDS ? dependencies.wake(adding.jobType) : undefined;
    try {
      await dependencies.events.publish(job);
    } finally {
      // Nothing may be left under way when the Lambda is frozen.
      await waking;
    }
    telemetry.logger.info("job added", { jobId: id, jobType: job.type, status: job.status });
    telemetry.count("JobsAdded", { jobType: job.type });
    return accepted(job);
  };
}

/** Stores a large input and sends the message. @returns the job to create. */
async function enqueue(
  { body, inputText, jobType }: AddJobRequest,
  identity: Pick<NewJob, "id" | "owner" | "requestHash">,
  { payloads, queue, now, newWriteId }: AddJobDependencies,
): Promise<StoredJob> {
  const { type, delaySeconds, groupId = ownerGroup(identity.owner), tags } = body;
  const { id } = identity;
  const writeId = newWriteId();
  const payload = fitsItem(inputText)
    ? { input: inputText }
    : { inputLocation: await payloads.put(payloadKeys.input(type, id, writeId), inputText, "application/json") };
  const addedAt = now();
  await queue(jobType.queueUrl).send({ jobId: id, groupId, ...(delaySeconds === undefined ? {} : { delaySeconds }) });
  return newJob({
    ...identity,
    type,
    maxAttempts: jobType.maxAttempts,
    ...payload,
    ...(tags === undefined ? {} : { tags }),
    groupId,
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
    writeId,
    now: addedAt,
  });
}

/** Answers a repeated request with the job as it is now, and publishes that again: the Lambda that added it may have died before. */
async function replay(job: StoredJob, hash: string, { events, telemetry }: AddJobDependencies): Promise<ApiResponse> {
  if (job.requestHash !== hash) {
    throw new Problem(
      "IdempotencyKeyReused",
      `the idempotency key belongs to job ${job.id}, which was added with another request`,
    );
  }
  await events.publish(job);
  telemetry.logger.info("job replayed", { jobId: job.id, jobType: job.type, status: job.status });
  telemetry.count("JobsReplayed", { jobType: job.type });
  return accepted(job, { "idempotency-replayed": "true" });
}

function accepted(job: StoredJob, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  return jsonResponse(202, jobJson(job), { location: `/jobs/${job.id}`, ...headers });
}
