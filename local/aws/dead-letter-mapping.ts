import type { Message } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { BackgroundLoop } from "../background-loop.ts";
import type { Invoke } from "./gateway.ts";
import { type ConsumedQueue, consumeQueue } from "./queue-consumer.ts";

export interface DeadLetterMappingSettings extends ConsumedQueue {
  readonly invoke: Invoke;
  readonly queueArn: string;
  /** Told in one sentence when a batch failed; its messages come again. */
  readonly report: (line: string) => void;
}

/**
 * The event source mapping of a dead-letter queue: hands its messages to the dead-letter Lambda, and deletes those that it
 * does not name in `batchItemFailures`.
 */
export function startDeadLetterMapping({ invoke, queueArn, report, ...queue }: DeadLetterMappingSettings): BackgroundLoop {
  return consumeQueue(queue, {
    handle: async (messages) => {
      const event: SQSEvent = { Records: messages.map((message) => sqsRecord(message, queueArn)) };
      return succeeded(messages, (await invoke("dead-letter", event)) as SQSBatchResponse | null);
    },
    onError: (error) => report(`dead letters wait: ${error.message}`),
  });
}

/** A failure with an ID that is not in the batch fails all of it (Lambda: reporting batch item failures). */
export function succeeded(messages: readonly Message[], response: SQSBatchResponse | null): readonly Message[] {
  const failed = new Set((response?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  const known = new Set(messages.map(({ MessageId }) => MessageId));
  if ([...failed].some((id) => !known.has(id))) return [];
  return messages.filter(({ MessageId = "" }) => !failed.has(MessageId));
}

/** A message as Lambda hands it over ("Using Lambda with Amazon SQS"). */
export function sqsRecord(message: Message, eventSourceARN: string): SQSRecord {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    {
      dataType: DataType,
      ...(StringValue === undefined ? {} : { stringValue: StringValue }),
      ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString("base64") }),
    },
  ]);
  return {
    messageId: message.MessageId ?? "",
    receiptHandle: message.ReceiptHandle ?? "",
    body: message.Body ?? "",
    attributes: message.Attributes as unknown as SQSRecord["attributes"],
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: message.MD5OfBody ?? "",
    eventSource: "aws:sqs",
    eventSourceARN,
    awsRegion: eventSourceARN.split(":")[3] ?? "",
  };
}
