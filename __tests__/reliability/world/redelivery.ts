import { ChangeMessageVisibilityCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import type { World } from "./world.ts";

/** Who makes duplicates: SQS promises to deliver a message at least once. */
const SQS = "sqs";

/** Shows the job queue's messages that workers have in hand, as if their visibility timeout had ended early. */
export async function redeliver(world: World): Promise<void> {
  const { queueUrl } = world.deployed;
  for (const { receiptHandle } of world.hidden(queueUrl)) {
    if (receiptHandle !== undefined) await show(world, queueUrl, receiptHandle);
  }
}

/** Ends a message's visibility timeout: its receipt handle is stale from now on. */
export async function show({ platform }: World, QueueUrl: string, ReceiptHandle: string): Promise<void> {
  await platform.emulators.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
}

/** Delivers a message for the job once more, whether or not there still is one. */
export async function duplicate(world: World, jobId: string): Promise<void> {
  const input = { QueueUrl: world.deployed.queueUrl, Entries: [{ Id: "0", MessageBody: jobId }] };
  const output = { ...(await world.platform.clients.sqs.send(new SendMessageBatchCommand(input))) };
  world.heard({ by: SQS, command: "SendMessageBatch", input, outcome: { output } });
}
