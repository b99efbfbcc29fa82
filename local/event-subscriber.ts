import { LONG_POLL_SECONDS } from "@autoscaling-job-queues/domain/clients";
import type { Job } from "@autoscaling-job-queues/domain/job";
import { MAX_BATCH_ENTRIES } from "@autoscaling-job-queues/domain/limits";
import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { startLoop } from "./background-loop.ts";

/** A version of a job, as the events topic published it. SNS may deliver one twice, and versions out of order. */
export type JobEvent = Omit<Job, "progress">;

export interface EventSubscriber {
  /** @returns a function that ends it. */
  onEvent(listener: (event: JobEvent) => void): () => void;
  stop(): Promise<void>;
}

export interface EventSubscriberSettings {
  readonly sqs: SQSClient;
  readonly longPollSqs: SQSClient;
  /** A queue that is subscribed to the topic, with raw delivery. */
  readonly queueUrl: string;
  /** Told in one sentence when events could not be received. */
  readonly report: (line: string) => void;
}

/** A subscriber of the events topic, as a team that follows its jobs would have one. */
export function startEventSubscriber({ sqs, longPollSqs, queueUrl, report }: EventSubscriberSettings): EventSubscriber {
  const listeners = new Set<(event: JobEvent) => void>();
  const loop = startLoop({
    round: async (abortSignal) => {
      const { Messages: messages = [] } = await longPollSqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: MAX_BATCH_ENTRIES,
          WaitTimeSeconds: LONG_POLL_SECONDS,
        }),
        { abortSignal },
      );
      if (messages.length === 0) return;
      for (const { Body = "" } of messages) {
        const event = JSON.parse(Body) as JobEvent;
        for (const listener of listeners) listener(event);
      }
      const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    },
    onError: (error) => report(`events could not be received: ${error.message}`),
  });
  return {
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => loop.stop(),
  };
}
