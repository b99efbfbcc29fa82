import { HeadObjectCommand } from "@aws-sdk/client-s3";
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Job } from "../../../domain/job.ts";
import { JobStore } from "../../../domain/job-store.ts";
import { queueName } from "../../../domain/queue-names.ts";
import type { FinalState, History } from "../history/fact.ts";
import type { World } from "./world.ts";

const DEPTHS = [
  "ApproximateNumberOfMessages" as const,
  "ApproximateNumberOfMessagesNotVisible" as const,
  "ApproximateNumberOfMessagesDelayed" as const,
];

/** The history of a world that has settled, with what its subscriber got and what is left. */
export async function settledHistory(world: World): Promise<History> {
  const ids = jobIds(world);
  const { clients, emulators } = world.platform;
  for (const { Body = "" } of await drained(clients.sqs, emulators.eventsQueueUrl)) {
    const event = JSON.parse(Body) as Job;
    // A world that was given up may have left events behind.
    if (ids.has(event.id)) world.record({ kind: "delivered", event });
  }
  return world.recorder.settled(await finalState(world, ids));
}

/** IDs that a message, an event or an item of this world names. */
function jobIds({ recorder }: World): ReadonlySet<string> {
  return new Set(
    recorder.facts.flatMap((fact) => {
      if (fact.kind === "committed") return [fact.job.id];
      if (fact.kind === "published") return [fact.event.id];
      return fact.kind === "sent" ? [fact.jobId] : [];
    }),
  );
}

async function finalState(world: World, ids: ReadonlySet<string>): Promise<FinalState> {
  const { emulators, clients } = world.platform;
  const jobs = await new JobStore(clients.dynamoDb, emulators.jobsTableName).getMany([...ids], { consistent: true });
  const keys = jobs.flatMap(({ resultLocation, inputLocation }) => [resultLocation?.key ?? [], inputLocation?.key ?? []].flat());
  const objects = new Set<string>();
  for (const Key of keys) {
    await emulators.s3.send(new HeadObjectCommand({ Bucket: emulators.resultsBucket, Key })).then(
      () => objects.add(Key),
      // A lost object is for the checker to find.
      () => undefined,
    );
  }
  const messages = [...(await messagesLeft(world, "queueUrl")), ...(await messagesLeft(world, "deadLetterQueueUrl"))];
  return { jobs, messages, hasObject: (key) => objects.has(key) };
}

async function messagesLeft(
  { platform, deployed, ledger }: World,
  which: "queueUrl" | "deadLetterQueueUrl",
): Promise<FinalState["messages"]> {
  const queueUrl = deployed[which];
  const depth = await queueDepth(platform.clients.sqs, queueUrl);
  if (depth === 0) return [];
  const received = await drained(platform.clients.sqs, queueUrl);
  const bodies = [...received.map(({ Body = "" }) => Body), ...ledger.hidden(queueUrl).map(({ body }) => body)];
  if (bodies.length !== depth) throw new Error(`the world lost track of messages of ${queueUrl}`);
  return bodies.map((jobId) => ({ queue: queueName(queueUrl), jobId }));
}

/** Messages of a queue: visible, in flight and delayed. */
async function queueDepth(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: DEPTHS }));
  return DEPTHS.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

/** Takes all messages that are visible off a queue. */
async function drained(sqs: SQSClient, QueueUrl: string): Promise<Message[]> {
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return all;
    all.push(...Messages);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    if (Messages.length < 10) return all;
  }
}
