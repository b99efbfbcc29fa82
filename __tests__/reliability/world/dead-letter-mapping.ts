import { randomUUID } from "node:crypto";
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSRecord } from "aws-lambda";
import { BatchEnds } from "../../../domain/batch-ends.ts";
import { BatchStore } from "../../../domain/batch-store.ts";
import { JobEvents } from "../../../domain/job-events.ts";
import { JobStore } from "../../../domain/job-store.ts";
import { JobTypeRegistry } from "../../../domain/job-type-registry.ts";
import { queueName } from "../../../domain/queue-names.ts";
import { closeDeadLetters, type DeadLetterDependencies } from "../../../handlers/jobs/close-dead-letter.ts";
import { jobQueues } from "../../../handlers/jobs/job-queues.ts";
import { recordedTelemetry } from "../../handlers/recorded-telemetry.ts";
import { invoke } from "./invocation.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** The name of what AWS runs between the queue of dead letters and its Lambda. */
const MAPPING = "dead-letter-mapping";
/** How long a batch is hidden while the Lambda has it, in seconds. */
const HIDDEN_SECONDS = 180;

/**
 * Has the world hand dead letters to the dead-letter Lambda, as its event source mapping does: each batch to a fresh
 * process, whose answer says which messages are deleted. A Lambda that dies leaves the batch hidden for a while.
 */
export function mapDeadLetters(world: World): void {
  const { deadLetterQueueUrl } = world.deployed;
  const moved = new Set<string>();
  let answered: { readonly records: readonly SQSRecord[]; readonly response: SQSBatchResponse } | undefined;
  let invoked: SimulatedProcess | undefined;

  world.chores.push(async () => {
    if (answered !== undefined) {
      const { records, response } = answered;
      answered = undefined;
      await acknowledge(world, records, response);
      return true;
    }
    if (invoked !== undefined && !invoked.gone) return false;
    if (world.visible(deadLetterQueueUrl) === 0) return false;
    const records = await receive(world);
    for (const { messageId, body } of records) {
      if (moved.has(messageId)) continue;
      moved.add(messageId);
      world.record({ kind: "deadLettered", queue: queueName(world.deployed.queueUrl), messageId, jobId: body });
    }
    if (records.length === 0) return true;
    invoked = invoke(world, "dead-letter", async (process) => {
      const response = await closeDeadLetters({ Records: [...records] }, dependencies(world, process));
      answered = { records, response };
    }).process;
    return true;
  });
}

async function receive(world: World): Promise<SQSRecord[]> {
  const input = {
    QueueUrl: world.deployed.deadLetterQueueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: HIDDEN_SECONDS,
    MessageSystemAttributeNames: ["ApproximateReceiveCount" as const],
  };
  const output = await world.platform.clients.sqs.send(new ReceiveMessageCommand(input));
  world.heard({ by: MAPPING, command: "ReceiveMessage", input, outcome: { output: { ...output } } });
  return (output.Messages ?? []).map(
    ({ MessageId: messageId = "", Body: body = "", ReceiptHandle: receiptHandle = "" }) =>
      ({ messageId, body, receiptHandle, eventSourceARN: world.deployed.deadLetterQueueArn }) as SQSRecord,
  );
}

async function acknowledge(world: World, records: readonly SQSRecord[], response: SQSBatchResponse): Promise<void> {
  const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const Entries = records
    .filter(({ messageId }) => !failed.has(messageId))
    .map(({ receiptHandle: ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  if (Entries.length === 0) return;
  const input = { QueueUrl: world.deployed.deadLetterQueueUrl, Entries };
  const output = { ...(await world.platform.clients.sqs.send(new DeleteMessageBatchCommand(input))) };
  world.heard({ by: MAPPING, command: "DeleteMessageBatch", input, outcome: { output } });
}

function dependencies({ clients, platform }: World, { now }: SimulatedProcess): DeadLetterDependencies {
  const { jobsTableName, jobTypesTableName, eventsTopicArn } = platform.emulators;
  const events = new JobEvents(clients.sns, eventsTopicArn);
  return {
    store: new JobStore(clients.dynamoDb, jobsTableName),
    registry: new JobTypeRegistry(clients.dynamoDb, jobTypesTableName, now),
    queue: jobQueues(clients.sqs),
    events,
    ends: new BatchEnds({ store: new BatchStore(clients.dynamoDb, jobsTableName), events, now }),
    telemetry: recordedTelemetry(),
    now,
    newWriteId: randomUUID,
  };
}
