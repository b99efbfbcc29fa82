import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { answerDate } from "./answer-date.ts";
import { Batcher, entryFailures } from "./batcher.ts";
import type { Company } from "./company.ts";
import { MAX_BATCH_ENTRIES, MAX_VISIBILITY_SECONDS, SEND_BATCH_BYTES } from "./limits.ts";

/** A message in hand: until its visibility timeout ends, no other worker sees it. */
export interface ReceivedMessage {
  /** A job ID, if nobody but us sends to the queue. */
  readonly body: string;
  readonly receiptHandle: string;
  /** How often it has been received, this time included (approximate, says SQS). */
  readonly receiveCount: number;
  /**
   * Seconds from its sending to this receive, both by SQS's clock, which tells the latter in whole seconds; 0 where SQS does
   * not tell. A dead-lettered message that is redriven counts as new.
   */
  readonly ageSeconds: number;
}

export interface Send {
  readonly jobId: string;
  /** 0 to 900. */
  readonly delaySeconds?: number;
  /** The tenant: on a standard queue it turns fair queueing on. */
  readonly groupId?: string;
}

export interface JobQueueSettings {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /**
   * For receives that wait longer than `client` does: what a client has given up goes on at SQS, and hides the message that it would
   * have brought. See `longPollSqsClient`. @default client
   */
  readonly receiveClient?: SQSClient;
  /** Milliseconds that a call waits for others to share its batch. @default 0 */
  readonly lingerMs?: number;
  /** Who these others are. @default unknown */
  readonly company?: Company;
}

/** One job type's queue. Concurrent sends, visibility changes and deletes share batch calls of up to ten. */
export class JobQueue {
  readonly #receiveClient: SQSClient;
  readonly #queueUrl: string;
  readonly #sends: Batcher<Send>;
  readonly #visibilities: Batcher<{ readonly receiptHandle: string; readonly seconds: number }>;
  readonly #deletes: Batcher<string>;

  constructor({ client, queueUrl: QueueUrl, receiveClient = client, lingerMs = 0, company }: JobQueueSettings) {
    this.#receiveClient = receiveClient;
    this.#queueUrl = QueueUrl;
    const batches = { maxEntries: MAX_BATCH_ENTRIES, lingerMs, company };
    this.#sends = new Batcher({
      ...batches,
      maxBytes: SEND_BATCH_BYTES,
      bytesOf: ({ jobId }) => Buffer.byteLength(jobId),
      send: async (sends) => {
        const Entries = sends.map(({ jobId, delaySeconds, groupId }, index) => ({
          Id: String(index),
          MessageBody: jobId,
          ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
          ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
        }));
        return entryFailures((await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).Failed);
      },
    });
    this.#visibilities = new Batcher({
      ...batches,
      send: async (changes) => {
        const Entries = changes.map(({ receiptHandle: ReceiptHandle, seconds: VisibilityTimeout }, index) => ({
          Id: String(index),
          ReceiptHandle,
          VisibilityTimeout,
        }));
        return entryFailures((await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }))).Failed);
      },
    });
    this.#deletes = new Batcher({
      ...batches,
      send: async (receiptHandles) => {
        const Entries = receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
        return entryFailures((await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))).Failed);
      },
    });
  }

  async send(send: Send): Promise<void> {
    await this.#sends.add(send);
  }

  /**
   * @param max 1 to 10 messages.
   * @param waitSeconds 0 to 20: how long SQS holds the call open while there are none.
   */
  async receive(max: number, waitSeconds: number, signal?: AbortSignal): Promise<ReceivedMessage[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#queueUrl,
      MaxNumberOfMessages: max,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"],
    });
    const receivedAt = answerDate(command);
    const { Messages = [] } = await this.#receiveClient.send(command, signal === undefined ? {} : { abortSignal: signal });
    return Messages.map(({ Body = "", ReceiptHandle = "", Attributes = {} }) => ({
      body: Body,
      receiptHandle: ReceiptHandle,
      receiveCount: Number(Attributes.ApproximateReceiveCount ?? 1),
      ageSeconds: secondsBetween(Attributes.SentTimestamp, receivedAt()),
    }));
  }

  /**
   * Hides the message for so many seconds from now, at most 12 h after its receive; 0 hands it back at once.
   *
   * @throws BatchEntryError when SQS refuses, as it does for a message whose receipt handle went stale.
   */
  async setVisibility(receiptHandle: string, seconds: number): Promise<void> {
    await this.#visibilities.add({ receiptHandle, seconds: Math.min(MAX_VISIBILITY_SECONDS, Math.max(0, Math.ceil(seconds))) });
  }

  /** Acknowledges the message. With a stale receipt handle SQS answers success, and the message may come back. */
  async delete(receiptHandle: string): Promise<void> {
    await this.#deletes.add(receiptHandle);
  }
}

function secondsBetween(sentAt: string | undefined, receivedAt: number | undefined): number {
  return sentAt === undefined || receivedAt === undefined ? 0 : Math.max(0, (receivedAt - Number(sentAt)) / 1_000);
}
