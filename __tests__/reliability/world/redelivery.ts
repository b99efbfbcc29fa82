import { ChangeMessageVisibilityCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { noteMessages } from "./message-calls.ts";
import type { World } from "./world.ts";

/** Who makes duplicates: SQS promises to deliver a message at least once. */
const SQS = "sqs";

/** Shows the job queue's messages that workers have in hand, as if their visibility timeout had ended early. */
export async function redeliver(world: World): Promise<void> {
  const { queueUrl: QueueUrl } = world.deployed;
  for (const { receiptHandle: ReceiptHandle } of world.ledger.hidden(QueueUrl)) {
    if (ReceiptHandle === undefined) continue;
    await world.platform.clients.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    world.ledger.visibilityChanged(ReceiptHandle, 0);
  }
}

/** Delivers a message for the job once more, whether or not there still is one. */
export async function duplicate(world: World, jobId: string): Promise<void> {
  const input = { QueueUrl: world.deployed.queueUrl, Entries: [{ Id: "0", MessageBody: jobId }] };
  const output = { ...(await world.platform.clients.sqs.send(new SendMessageBatchCommand(input))) };
  const call = { by: SQS, command: "SendMessageBatch", input, outcome: { output } };
  for (const fact of world.facts.of(call)) world.record(fact);
  noteMessages(world.ledger, call, world.deployed);
}
