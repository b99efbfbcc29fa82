import { randomUUID } from "node:crypto";
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { newJobId } from "../domain/job-id.ts";
import { newJob } from "../domain/new-job.ts";
import type { PlatformClients } from "../local/aws/clients.ts";
import type { Resources } from "../local/aws/resources.ts";

/** DynamoDB `BatchWriteItem`: at most 25 items (API reference). */
const WRITES = 25;
const SENDS = 10;

/** Adds echo jobs of a type as the add-job Lambda leaves them, in batches. */
export async function addEchoJobs(clients: PlatformClients, resources: Resources, type: string, count: number): Promise<void> {
  const now = Date.now();
  const jobs = Array.from({ length: count }, (_, index) =>
    newJob({
      id: newJobId(type, now),
      type,
      maxAttempts: 3,
      input: JSON.stringify({ op: "echo", value: index }),
      owner: "bench",
      requestHash: "bench",
      writeId: randomUUID(),
      now,
    }),
  );
  for (let start = 0; start < count; start += WRITES) {
    const RequestItems = {
      [resources.jobsTableName]: jobs.slice(start, start + WRITES).map((Item) => ({ PutRequest: { Item } })),
    };
    await clients.dynamoDb.send(new BatchWriteCommand({ RequestItems }));
  }
  const QueueUrl = resources.queues.get(type)?.url;
  for (let start = 0; start < count; start += SENDS) {
    const Entries = jobs.slice(start, start + SENDS).map(({ id }, index) => ({ Id: String(index), MessageBody: id }));
    await clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
}
