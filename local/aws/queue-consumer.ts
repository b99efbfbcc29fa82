import { LONG_POLL_SECONDS } from "@autoscaling-job-queues/domain/clients";
import { MAX_BATCH_ENTRIES } from "@autoscaling-job-queues/domain/limits";
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type BackgroundLoop, startLoop } from "../background-loop.ts";

/** A queue, and the clients that its messages are taken with. */
export interface ConsumedQueue {
  readonly sqs: SQSClient;
  readonly longPollSqs: SQSClient;
  readonly queueUrl: string;
}

interface Consumer {
  /** @returns the messages that are dealt with: they are deleted, and the others come again. */
  readonly handle: (messages: readonly Message[]) => Promise<readonly Message[]>;
  readonly onError: (error: Error) => void;
}

/** Hands a queue's messages over, up to ten at a time with all their attributes, until it is stopped. */
export function consumeQueue(
  { sqs, longPollSqs, queueUrl: QueueUrl }: ConsumedQueue,
  { handle, onError }: Consumer,
): BackgroundLoop {
  const receive = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: MAX_BATCH_ENTRIES,
    WaitTimeSeconds: LONG_POLL_SECONDS,
    MessageSystemAttributeNames: ["All"],
    MessageAttributeNames: ["All"],
  });
  return startLoop({
    round: async (abortSignal) => {
      const { Messages: messages = [] } = await longPollSqs.send(receive, { abortSignal });
      if (messages.length === 0) return;
      const done = await handle(messages);
      if (done.length === 0) return;
      const Entries = done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    },
    onError,
  });
}
