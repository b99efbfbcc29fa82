import { PurgeQueueCommand, ReceiveMessageCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Job } from "../../domain/job.ts";
import type { Emulators } from "../support/emulators.ts";

/** The bodies of the messages that are visible on a queue, at most ten; none of them is visible afterwards. */
export async function receiveMessages(sqs: SQSClient, QueueUrl: string): Promise<string[]> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages.map(({ Body = "" }) => Body);
}

/** The events that were published since the last look, at most ten: SNS has delivered them when it answers a publish. */
export async function publishedEvents({ sqs, eventsQueueUrl }: Emulators): Promise<Job[]> {
  return (await receiveMessages(sqs, eventsQueueUrl)).map((body) => JSON.parse(body) as Job);
}

/** Empties the job queue and the queue of the events. */
export async function purgeQueues({ sqs, queueUrl, eventsQueueUrl }: Emulators): Promise<void> {
  await Promise.all([queueUrl, eventsQueueUrl].map((QueueUrl) => sqs.send(new PurgeQueueCommand({ QueueUrl }))));
}

/** Sends messages of no job. */
export async function sendMessages(sqs: SQSClient, QueueUrl: string, count: number): Promise<void> {
  const sends = Array.from({ length: count }, (_, index) => new SendMessageCommand({ QueueUrl, MessageBody: String(index) }));
  await Promise.all(sends.map(async (send) => await sqs.send(send)));
}
