import type { BatchEnds } from "@autoscaling-job-queues/domain/batch-ends";
import { DEAD_LETTERS_CLOSED } from "@autoscaling-job-queues/domain/dead-letter-metric";
import type { JobError } from "@autoscaling-job-queues/domain/errors";
import { isLeased, isTerminal, type StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import { isJobId } from "@autoscaling-job-queues/domain/job-id";
import type { JobQueue } from "@autoscaling-job-queues/domain/job-queue";
import type { JobStore } from "@autoscaling-job-queues/domain/job-store";
import type { JobTypeRegistry, RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import { MAX_MESSAGE_CHARACTERS } from "@autoscaling-job-queues/domain/limits";
import { holdsDeadLettersOf, mayHoldDeadLettersOf, queueName } from "@autoscaling-job-queues/domain/queue-names";
import { traceKeys } from "@autoscaling-job-queues/domain/trace-parent";
import type { TransitionName } from "@autoscaling-job-queues/domain/transitions";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { quote } from "../http/problem.ts";
import type { Telemetry } from "../telemetry.ts";

export interface DeadLetterDependencies {
  readonly store: Pick<JobStore, "get" | "transition">;
  readonly registry: Pick<JobTypeRegistry, "get">;
  /** The queue at a URL. */
  readonly queue: (queueUrl: string) => Pick<JobQueue, "send">;
  readonly events: Pick<JobEvents, "publish">;
  readonly ends: Pick<BatchEnds, "ended">;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newWriteId: () => string;
}

/** Writes tried for one message; past them it stays in the dead-letter queue and comes again. */
const MAX_ROUNDS = 5;

/** A job that a worker holds is looked at again after so long: twice the default lease. */
const RETURN_DELAY_SECONDS = 60;

/** Closes the jobs of a batch of dead-lettered messages. Messages that could not be dealt with stay in their queue. */
export async function closeDeadLetters(event: SQSEvent, dependencies: DeadLetterDependencies): Promise<SQSBatchResponse> {
  const failed = await Promise.all(
    event.Records.map(async (record) => {
      const { messageId, body } = record;
      try {
        await closeDeadLetter(record, dependencies);
        return [];
      } catch (error) {
        dependencies.telemetry.logger.error("dead letter not closed; it will come again", {
          messageId,
          jobId: quote(body),
          error,
        });
        return [{ itemIdentifier: messageId }];
      }
    }),
  );
  return { batchItemFailures: failed.flat() };
}

/**
 * Fails the job of a dead-lettered message, or cancels it where that was asked for. A job that a worker holds goes back
 * to its queue, since its worker may yet need a message. A job that ended is published again: the message may have
 * been on its way to do that. A queue of dead letters speaks for the jobs of its own type only: what names a job of another goes on
 * to the queue of that, where it may be the only message, and at worst is a duplicate.
 */
async function closeDeadLetter({ body, eventSourceARN }: SQSRecord, dependencies: DeadLetterDependencies): Promise<void> {
  const { store, registry, events, ends, telemetry, now, newWriteId } = dependencies;
  if (!isJobId(body)) return telemetry.logger.warn("dead letter dropped: its body is not a job ID", { body: quote(body) });
  let job = await store.get(body);
  const jobType = job && (await registry.get(job.type));
  if (job !== undefined && !isOwn(eventSourceARN, job, jobType))
    return await sendHome(eventSourceARN, job, jobType, dependencies);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (job === undefined) return telemetry.logger.warn("dead letter dropped: there is no such job", { jobId: body });
    if (isLeased(job, now())) return await sendBack(job, jobType, dependencies);
    await events.publish(job);
    if (isTerminal(job)) return await ends.ended(job);
    const outcome = await store.transition(job, closing(job), { now: now(), writeId: newWriteId(), error: deadLettered(job) });
    if (outcome.applied) {
      await events.publish(outcome.job);
      await ends.ended(outcome.job);
      const { id, type, status } = outcome.job;
      telemetry.logger.warn("dead letter closed its job", {
        jobId: id,
        jobType: type,
        status,
        lastError: job.error?.code,
        ...traceKeys(job),
      });
      telemetry.count(DEAD_LETTERS_CLOSED.name, { jobType: type });
      return;
    }
    job = outcome.current;
  }
  throw new Error(`job ${body} changed ${MAX_ROUNDS} times while its dead letter was to be closed`);
}

/** Whether the dead letters of the job's type come from this queue. */
function isOwn(arn: string, { type }: StoredJob, jobType: RegistryEntry | undefined): boolean {
  return jobType === undefined ? mayHoldDeadLettersOf(arn, type) : holdsDeadLettersOf(arn, jobType.queueUrl);
}

async function sendHome(
  arn: string,
  { id, type, groupId }: StoredJob,
  jobType: RegistryEntry | undefined,
  { queue, telemetry }: DeadLetterDependencies,
): Promise<void> {
  const attributes = { jobId: id, jobType: type, deadLetterQueue: queueName(arn) };
  telemetry.count("DeadLettersMisplaced", { jobType: type });
  if (jobType === undefined) {
    return telemetry.logger.error("dead letter dropped: its job is of another type, which is not registered", attributes);
  }
  await queue(jobType.queueUrl).send({ jobId: id, ...(groupId === undefined ? {} : { groupId }) });
  telemetry.logger.error("dead letter of another type's job sent to that type's queue", attributes);
}

async function sendBack(
  { id, type, groupId }: StoredJob,
  jobType: RegistryEntry | undefined,
  { queue, telemetry }: DeadLetterDependencies,
): Promise<void> {
  if (jobType === undefined) throw new Error(`job ${id} is of type ${type}, which is not registered`);
  await queue(jobType.queueUrl).send({
    jobId: id,
    delaySeconds: RETURN_DELAY_SECONDS,
    ...(groupId === undefined ? {} : { groupId }),
  });
  telemetry.logger.warn("dead letter sent back: a worker holds its job", { jobId: id, jobType: type });
  telemetry.count("DeadLettersReturned", { jobType: type });
}

export function closing({ status, cancelRequestedAt }: StoredJob): TransitionName {
  if (status === "QUEUED") return "failQueued";
  return cancelRequestedAt === undefined ? "failAbandoned" : "stopAbandoned";
}

function deadLettered({ error }: StoredJob): JobError {
  const reason = "the job's message was received too often, and the job has not ended";
  const last = error === undefined ? "" : `; its last attempt failed with ${error.code}: ${error.message}`;
  return { code: "DeadLettered", message: `${reason}${last}`.slice(0, MAX_MESSAGE_CHARACTERS).toWellFormed() };
}
