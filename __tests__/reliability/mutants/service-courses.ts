import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { isTerminal, type StoredJob } from "../../../domain/job.ts";
import { JobStore } from "../../../domain/job-store.ts";
import { newJob } from "../../../domain/new-job.ts";
import { queueName } from "../../../domain/queue-names.ts";
import { entriesOf, INTERNAL_ERROR, performBut } from "../faults/batch-faults.ts";
import { getJob } from "../world/api-calls.ts";
import type { Interceptor } from "../world/call-gate.ts";
import { duplicate } from "../world/redelivery.ts";
import type { World } from "../world/world.ts";
import type { Course } from "./course-probe.ts";

/** Courses for the guards against what services do: half-failed batches, stale reads, messages that went astray. */
export const SERVICE_COURSES = {
  "a batch of sends of which an entry fails": {
    play: async (stage) => {
      const { world } = stage;
      stage.intercept(failFirst(world, "SendMessageBatch"));
      stage.worker();
      await stage.add({});
    },
  },
  "a batch of events of which an entry fails": {
    play: async (stage) => {
      const { world } = stage;
      stage.worker();
      stage.intercept(failFirst(world, "PublishBatch"));
      await stage.add({});
    },
  },
  "reads from a replica that lags behind": {
    play: async (stage) => {
      const { world } = stage;
      const { jobsTableName } = world.platform.emulators;
      stage.intercept(async (attempt, perform) => {
        const output = await perform();
        const { TableName, ConsistentRead } = attempt.input;
        const isStale = attempt.operation === "GetItem" && TableName === jobsTableName && ConsistentRead !== true;
        return isStale ? { ...output, Item: undefined } : output;
      });
      const id = await stage.add({});
      const read = getJob(world, id ?? "");
      await world.until(() => read.over);
    },
  },
  "a message that names another type's job": {
    isOpen: true,
    play: async (stage) => {
      const { world } = stage;
      const job = await addStrangersJob(world);
      stage.worker();
      await duplicate(world, job.id);
      await world.settle();
    },
  },
  "a dead letter in another type's queue": {
    isOpen: true,
    play: async (stage) => {
      const { world } = stage;
      const job = await addStrangersJob(world);
      const { deadLetterQueueUrl: QueueUrl } = world.deployed;
      await world.platform.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: job.id }));
      stage.worker();
      await stage.add({});
      await world.settle();
      const closed = world.recorder.facts.some(
        (fact) => fact.kind === "committed" && fact.job.id === job.id && isTerminal(fact.job),
      );
      stage.demand(25, !closed, () => "a dead letter of one type's queue ended another type's job");
    },
  },
} as const satisfies Record<string, Course>;

/** A job of another type than the world's, with its message. */
async function addStrangersJob(world: World): Promise<StoredJob> {
  const { clients, emulators } = world.platform;
  const strangers = await world.platform.takeJobType({ settings: { concurrency: 3 } });
  const job = newJob({
    id: `${strangers.jobType.name}_01K91ABCDEFGHJKMNPQRSTVWXY`,
    type: strangers.jobType.name,
    maxAttempts: 3,
    input: "{}",
    owner: "another",
    requestHash: "",
    writeId: "1",
    now: world.now,
  });
  await new JobStore(clients.dynamoDb, emulators.jobsTableName).create(job, world.now);
  world.record({ kind: "sent", by: "another", queue: queueName(strangers.queueUrl), messageId: "1", jobId: job.id });
  world.record({ kind: "committed", by: "another", job });
  return job;
}

/** Fails all entries of the first batch call of an operation, in an answer that is a success. */
function failFirst(world: World, operation: string): Interceptor {
  let hasFailed = false;
  return async (attempt, perform) => {
    if (hasFailed || attempt.operation !== operation) return await perform();
    hasFailed = true;
    return await performBut(world, attempt, new Set(entriesOf(attempt)), INTERNAL_ERROR);
  };
}
