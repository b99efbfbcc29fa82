import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { Job } from "../../domain/job.ts";
import type { Emulators } from "./emulators.ts";

/** An event as a subscriber gets it. */
export interface ReceivedEvent {
  readonly job: Job;
  /** Message attributes: name to type and value. */
  readonly attributes: Readonly<Record<string, readonly [type: string | undefined, value: string | undefined]>>;
}

/** Takes so many of the events that were published, in the order they come; waits up to 15 s for the next. */
export async function takeEvents({ longPollSqs, eventsQueueUrl }: Emulators, count: number): Promise<ReceivedEvent[]> {
  const events: ReceivedEvent[] = [];
  while (events.length < count) {
    const { Messages = [] } = await longPollSqs.send(
      new ReceiveMessageCommand({
        QueueUrl: eventsQueueUrl,
        MaxNumberOfMessages: Math.min(10, count - events.length),
        WaitTimeSeconds: 15,
        VisibilityTimeout: 43_200,
        MessageAttributeNames: ["All"],
      }),
    );
    if (Messages.length === 0) throw new Error(`${count} events were expected, ${events.length} came`);
    for (const { Body = "", MessageAttributes = {} } of Messages) {
      const attributes = Object.entries(MessageAttributes).map(
        ([name, { DataType, StringValue }]) => [name, [DataType, StringValue]] as const,
      );
      events.push({ job: JSON.parse(Body), attributes: Object.fromEntries(attributes) });
    }
  }
  return events;
}
