import { setTimeout as delay } from "node:timers/promises";
import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { paginateScan } from "@aws-sdk/lib-dynamodb";
import type { StoredJob } from "../../../domain/job.ts";
import { isJobId } from "../../../domain/job-id.ts";
import { queueName } from "../../../domain/queue-names.ts";
import type { FinalState } from "../history/fact.ts";
import type { ChaosPlatform } from "./chaos-platform.ts";

const LOOK_MS = 200;

/** Messages of a queue: visible, in flight and delayed. */
export async function messagesIn({ clients }: ChaosPlatform, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  return (["", "NotVisible", "Delayed"] as const).reduce(
    (sum, kind) => sum + Number(Attributes[`ApproximateNumberOfMessages${kind}`]),
    0,
  );
}

/** Waits until every job has ended, no queue holds a message and nothing is scheduled, or the time is up. @returns whether that was so in time. */
export async function settled(platform: ChaosPlatform, withinMs: number): Promise<boolean> {
  for (const deadline = performance.now() + withinMs; performance.now() < deadline; await delay(LOOK_MS)) {
    if (platform.recorder.openJobs.size > 0 || platform.schedulesLeft > 0) continue;
    const counts = await Promise.all(platform.queueUrls.map((url) => messagesIn(platform, url)));
    if (counts.every((count) => count === 0)) return true;
  }
  return false;
}

/** Reads what is left. */
export async function finalState(platform: ChaosPlatform): Promise<FinalState> {
  const [jobs, keys, messages] = await Promise.all([allJobs(platform), allKeys(platform), allMessages(platform)]);
  return { jobs, messages, hasObject: (key) => keys.has(key) };
}

async function allJobs({ clients, jobsTableName: TableName }: ChaosPlatform): Promise<StoredJob[]> {
  const jobs: StoredJob[] = [];
  const pages = paginateScan({ client: clients.dynamoDb }, { TableName, ConsistentRead: true });
  for await (const { Items = [] } of pages) jobs.push(...(Items as StoredJob[]));
  // The table also has batches, and what follows them.
  return jobs.filter(({ id }) => isJobId(id));
}

async function allKeys({ clients, bucket: Bucket }: ChaosPlatform): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: clients.s3 }, { Bucket })) {
    for (const { Key = "" } of Contents) keys.add(Key);
  }
  return keys;
}

/** What can be received: after the run has settled, everything. */
async function allMessages({ clients, queueUrls }: ChaosPlatform): Promise<{ queue: string; jobId: string }[]> {
  const left: { queue: string; jobId: string }[] = [];
  for (const QueueUrl of queueUrls) {
    for (;;) {
      const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      left.push(...Messages.map(({ Body = "" }) => ({ queue: queueName(QueueUrl), jobId: Body })));
      if (Messages.length === 0) break;
    }
  }
  return left;
}
