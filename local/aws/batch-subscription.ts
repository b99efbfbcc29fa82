import type { Message } from "@aws-sdk/client-sqs";
import type { SNSEvent } from "aws-lambda";
import type { BackgroundLoop } from "../background-loop.ts";
import type { Invoke } from "./gateway.ts";
import { type ConsumedQueue, consumeQueue } from "./queue-consumer.ts";

export interface BatchSubscriptionSettings extends ConsumedQueue {
  readonly invoke: Invoke;
  readonly topicArn: string;
  /** Told in one sentence when the Lambda failed; the event comes again. */
  readonly report: (line: string) => void;
}

/**
 * The on-complete Lambda's subscription to the completion of batches. The platform's SNS delivers to queues only, so a queue stands in
 * between: one that is subscribed with the same filter, and whose messages come again where Lambda's own tries would.
 */
export function startBatchSubscription({ invoke, topicArn, report, ...queue }: BatchSubscriptionSettings): BackgroundLoop {
  return consumeQueue(queue, {
    handle: async (messages) => {
      const done: Message[] = [];
      for (const message of messages) {
        try {
          await invoke("on-complete", snsEvent(message, topicArn));
          done.push(message);
        } catch (error) {
          report(`a job that follows a batch waits: ${(error as Error).message}`);
        }
      }
      return done;
    },
    onError: (error) => report(`completions of batches could not be received: ${error.message}`),
  });
}

/** A message with raw delivery, as SNS hands it to a Lambda ("Using Lambda with Amazon SNS"). */
export function snsEvent({ Body = "", MessageId = "", MessageAttributes = {} }: Message, TopicArn: string): SNSEvent {
  const attributes = Object.entries(MessageAttributes).map(([name, { DataType = "String", StringValue = "" }]) => [
    name,
    { Type: DataType, Value: StringValue },
  ]);
  return {
    Records: [
      {
        EventVersion: "1.0",
        EventSubscriptionArn: `${TopicArn}:local`,
        EventSource: "aws:sns",
        Sns: {
          SignatureVersion: "1",
          Timestamp: new Date().toISOString(),
          Signature: "",
          SigningCertUrl: "",
          MessageId,
          Message: Body,
          MessageAttributes: Object.fromEntries(attributes),
          Type: "Notification",
          UnsubscribeUrl: "",
          TopicArn,
          Subject: "",
        },
      },
    ],
  };
}
