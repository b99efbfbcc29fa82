import { isExpired, isScheduled, type StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import type { JobItems } from "@autoscaling-job-queues/domain/job-items";
import { jobJson } from "@autoscaling-job-queues/domain/job-json";
import type { JobQueue } from "@autoscaling-job-queues/domain/job-queue";
import type { RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import { type NewJob, newJob } from "@autoscaling-job-queues/domain/new-job";
import type { InputFolder } from "@autoscaling-job-queues/domain/payload";
import { traceKeys } from "@autoscaling-job-queues/domain/trace-parent";
import { inSpan, type Tracer } from "@autoscaling-job-queues/domain/traces/tracer";
import { type ApiResponse, jsonResponse } from "../http/event.ts";
import { Problem } from "../http/problem.ts";
import type { Telemetry } from "../telemetry.ts";
import type { JobSchedules } from "./job-schedules.ts";
import type { Wake } from "./wake.ts";

export interface AddOnceDependencies {
  /** Undefined where no spans are recorded. */
  readonly tracer?: Tracer | undefined;
  readonly store: Pick<JobItems, "get" | "create">;
  /** The queue at a URL. */
  readonly queue: (queueUrl: string) => Pick<JobQueue, "send">;
  /** Absent where no job is added for later. */
  readonly schedules?: Pick<JobSchedules, "put">;
  readonly events: Pick<JobEvents, "publish">;
  readonly wake: Wake;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newWriteId: () => string;
}

/** A job that is asked for. */
export interface AskedJob extends Omit<NewJob, keyof ReturnType<typeof ofType> | keyof JobPayload | "writeId" | "now"> {
  readonly jobType: RegistryEntry;
  /** The `traceparent` of the job that it does again. */
  readonly follows?: string | undefined;
  /** Whether an earlier request may have added it. */
  readonly mayExist: boolean;
  /**
   * Stores an input that is large, and finds the files.
   *
   * @param writeId names this write of them.
   * @param folder where what is stored is kept until the job is due.
   * @throws Problem for a file, or for a job that can no longer be due when it was to be.
   */
  readonly payload: (writeId: string, folder: InputFolder) => Promise<JobPayload>;
}

/** What a job works on. */
export type JobPayload = Pick<NewJob, "input" | "inputLocation" | "files">;

/**
 * Adds a job, or answers with it where it is there. The message is the outbox: it is sent before the item is created, so a crash in
 * between leaves a message without a job, which workers drop, and never a job without a message. Of a job that is due later than in a
 * minute the schedule is, which sends the message then. Of two requests for one job at the same
 * time, the one that comes second at the table finds the other's job; its message is a duplicate, which does workers no harm.
 *
 * @throws Problem 409 where another request made a job of this ID, or the job's type is retired.
 */
export async function addOnce({ follows, ...asked }: AskedJob, dependencies: AddOnceDependencies): Promise<ApiResponse> {
  const { id, jobType, traceparent } = asked;
  const attributes = { "job.id": id, "messaging.message.id": id };
  const span = { ...addSpan(jobType), parent: traceparent, link: follows, attributes };
  return await inSpan(dependencies.tracer, span, (within) => addWithin({ ...asked, ...within }, dependencies));
}

/** What all spans about adding to a type have in common. */
export function addSpan({ name, queueUrl }: RegistryEntry) {
  return { operation: "add", jobType: name, queueUrl } as const;
}

async function addWithin(asked: AskedJob, dependencies: AddOnceDependencies): Promise<ApiResponse> {
  const { store, telemetry, now } = dependencies;
  const { id, jobType, requestHash } = asked;
  if (asked.mayExist) {
    const earlier = await store.get(id);
    if (earlier !== undefined && !isExpired(earlier, now())) return await replay(earlier, requestHash, dependencies);
  }
  if (jobType.retired === true) {
    throw new Problem("JobTypeRetired", `job type ${jobType.name} is retired, and takes no more jobs`);
  }
  const job = await enqueue(asked, dependencies);
  const created = await store.create(job, now());
  if (!created.applied) {
    if (created.current === undefined) throw new Error(`job ${id} was neither created nor found`);
    return await replay(created.current, requestHash, dependencies);
  }
  const waking = isScheduled(job) ? undefined : dependencies.wake(jobType);
  try {
    await dependencies.events.publish(job);
  } finally {
    // Nothing may be left under way when the Lambda is frozen.
    await waking;
  }
  telemetry.logger.info("job added", logKeys(job));
  telemetry.count("JobsAdded", { jobType: job.type });
  return accepted(job);
}

/** Sees to the payload, and to the message or the schedule that sends it. @returns the job to create. */
async function enqueue(
  { jobType, mayExist: _, payload, ...asked }: AskedJob,
  { queue, schedules, now, newWriteId }: AddOnceDependencies,
): Promise<StoredJob> {
  const { id, groupId } = asked;
  const writeId = newWriteId();
  const make = (input: JobPayload) => newJob({ ...asked, ...input, ...ofType(jobType), writeId, now: now() });
  const job = make(await payload(writeId, isScheduled(make({})) ? "later" : "inputs"));
  if (isScheduled(job)) {
    if (schedules === undefined) throw new Error(`job ${id} is for later, and this Lambda makes no schedules`);
    await schedules.put(job);
  } else {
    const delaySeconds = secondsUntilDue(job);
    const message = { jobId: id, ...(groupId === undefined ? {} : { groupId }) };
    await queue(jobType.queueUrl).send({ ...message, ...(delaySeconds === 0 ? {} : { delaySeconds }) });
  }
  return job;
}

/** What a job has from its type. */
export function ofType({ name: type, maxAttempts, listPartitions }: RegistryEntry) {
  return { type, maxAttempts, listPartitions } satisfies Partial<NewJob>;
}

/** From when the job was added, in whole seconds: SQS counts them from later on. */
function secondsUntilDue({ runAt, createdAt }: StoredJob): number {
  return runAt === undefined ? 0 : Math.ceil((Date.parse(runAt) - Date.parse(createdAt)) / 1_000);
}

/** Answers a repeated request with the job as it is now, and publishes that again: the Lambda that added it may have died before. */
async function replay(job: StoredJob, hash: string, { events, telemetry }: AddOnceDependencies): Promise<ApiResponse> {
  if (job.requestHash !== hash) {
    throw new Problem(
      "IdempotencyKeyReused",
      `the idempotency key belongs to job ${job.id}, which was added with another request`,
    );
  }
  await events.publish(job);
  telemetry.logger.info("job replayed", logKeys(job));
  telemetry.count("JobsReplayed", { jobType: job.type });
  return accepted(job, { "idempotency-replayed": "true" });
}

function logKeys(job: StoredJob) {
  return { jobId: job.id, jobType: job.type, status: job.status, ...traceKeys(job) };
}

function accepted(job: StoredJob, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  return jsonResponse(202, jobJson(job), { location: `/jobs/${job.id}`, ...headers });
}
