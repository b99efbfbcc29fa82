import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { JobEvent, JobStates } from "./job-states.ts";

export interface SubscriberSettings {
  readonly sqs: SQSClient;
  /** A queue that is subscribed to the events topic, with raw message delivery. */
  readonly queueUrl: string;
  readonly states: JobStates;
  /** Told of each event that was stored, after it was; not of one again. */
  readonly onChange: (event: JobEvent) => void;
  /** Told why a message was not stored. The message stays in the queue, and comes again. */
  readonly onError: (error: unknown) => void;
  /** Ends the subscriber. */
  readonly signal: AbortSignal;
}

/**
 * Stores events until the signal aborts. A message is deleted only after its event has been stored, so a crash at any moment leaves
 * at worst a message that comes again, and `JobStates` does not store an event twice.
 *
 * @throws what a call to SQS threw after the SDK's retries: whatever supervises the process starts it anew.
 */
export async function runSubscriber({ sqs, queueUrl, states, onChange, onError, signal }: SubscriberSettings): Promise<void> {
  const isStored = ({ Body = "" }: Message): boolean => {
    try {
      const event = states.keep(Body);
      if (event !== undefined) onChange(event);
      return true;
    } catch (error) {
      onError(error);
      return false;
    }
  };
  while (!signal.aborted) {
    const stored = (await receive(sqs, queueUrl, signal)).filter(isStored);
    if (stored.length === 0) continue;
    // An entry that fails here is a duplicate later.
    const Entries = stored.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

/** Waits up to 20 seconds, SQS's most, for up to 10 messages, also its most. */
async function receive(sqs: SQSClient, QueueUrl: string, signal: AbortSignal): Promise<Message[]> {
  try {
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 });
    const { Messages = [] } = await sqs.send(command, { abortSignal: signal });
    return Messages;
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
}
