import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { Job } from "../../domain/job.ts";
import type { Emulators } from "./emulators.ts";

/** Reads the events that were published until `enough` of all seen so far. @returns them, in order of arrival. */
export async function receiveEvents(
  { longPollSqs, eventsQueueUrl }: Emulators,
  enough: (events: readonly Job[]) => boolean,
): Promise<Job[]> {
  const events: Job[] = [];
  const deadline = Date.now() + 15_000;
  while (!enough(events)) {
    if (Date.now() > deadline)
      throw new Error(
        `events did not come; seen: ${JSON.stringify(events.map(({ id, status, version }) => [id, status, version]))}`,
      );
    const { Messages = [] } = await longPollSqs.send(
      new ReceiveMessageCommand({ QueueUrl: eventsQueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    events.push(...Messages.map(({ Body = "" }) => JSON.parse(Body) as Job));
  }
  return events;
}
