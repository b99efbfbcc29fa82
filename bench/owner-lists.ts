import { randomUUID } from "node:crypto";
import { callSettings } from "@autoscaling-job-queues/domain/clients";
import { newJobId } from "@autoscaling-job-queues/domain/job-id";
import { listJobs as listStoredJobs } from "@autoscaling-job-queues/domain/job-list";
import { JobStore } from "@autoscaling-job-queues/domain/job-store";
import { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import { newJob } from "@autoscaling-job-queues/domain/new-job";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { ApiRequest } from "../handlers/http/event.ts";
import { listJobs } from "../handlers/jobs/read-jobs.ts";
import { type Emulators, startEmulators } from "../local/aws/emulator-process.ts";
import { createTables, TABLE_NAMES } from "../local/aws/tables.ts";
import { median } from "./median.ts";

/** What the first page of a caller's jobs takes, where callers see their own only. */
export interface ListReading {
  readonly jobs: number;
  /** To DynamoDB. */
  readonly calls: number;
  readonly ms: number;
}

export interface ListReadings {
  /** Of a caller with jobs, while there are no others. */
  readonly alone: ListReading;
  /** Of the same caller, among the jobs of others. */
  readonly among: ListReading;
  /** Of a caller without jobs, among those of others. */
  readonly none: ListReading;
}

const CALLERS = 200;
const RUNS = 51;
/** DynamoDB `BatchWriteItem`: at most 25 items (API reference). */
const WRITES = 25;
const CONCURRENT_WRITES = 8;

/** Lists a caller's jobs on an emulator that then holds so many of others. */
export async function measureOwnerLists(others: number, own: number): Promise<ListReadings> {
  const emulators = await startEmulators({ services: ["dynamodb"] });
  try {
    const keys = { accessKeyId: "bench", secretAccessKey: "bench" };
    const settings = { ...callSettings(), endpoint: emulators.endpoints.dynamodb ?? "", region: "us-east-1", credentials: keys };
    const client = DynamoDBDocumentClient.from(new DynamoDBClient(settings));
    await createTables(client);
    await addJobs(client, own, () => "jwt:own");
    // So that no code is compiled while it is measured.
    await readFirstPage(client, emulators, "jwt:own");
    const alone = await readFirstPage(client, emulators, "jwt:own");
    await addJobs(client, others, (index) => `jwt:other-${index % CALLERS}`);
    const among = await readFirstPage(client, emulators, "jwt:own");
    return { alone, among, none: await readFirstPage(client, emulators, "jwt:nobody") };
  } finally {
    await emulators.stop();
  }
}

async function addJobs(client: DynamoDBDocumentClient, count: number, ownerOf: (index: number) => string): Promise<void> {
  const starts = Array.from({ length: Math.ceil(count / WRITES) }, (_, batch) => batch * WRITES);
  const began = Date.now() - count;
  const write = async (): Promise<void> => {
    for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
      const jobs = Array.from({ length: Math.min(WRITES, count - start) }, (_, index) => job(began, start + index, ownerOf));
      const RequestItems = { [TABLE_NAMES.jobs]: jobs.map((Item) => ({ PutRequest: { Item } })) };
      await client.send(new BatchWriteCommand({ RequestItems }));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_WRITES }, write));
}

function job(began: number, index: number, ownerOf: (index: number) => string) {
  const now = began + index;
  return newJob({
    id: newJobId("echo", now),
    type: "echo",
    maxAttempts: 3,
    input: JSON.stringify({ value: index }),
    owner: ownerOf(index),
    requestHash: "bench",
    writeId: randomUUID(),
    now,
  });
}

async function readFirstPage(client: DynamoDBDocumentClient, emulators: Emulators, principal: string): Promise<ListReading> {
  const store = new JobStore(client, TABLE_NAMES.jobs);
  const answer = listJobs({
    registry: new JobTypeRegistry(client, TABLE_NAMES.jobTypes),
    list: (query) => listStoredJobs(client, TABLE_NAMES.jobs, store, query),
    access: "owner",
    now: Date.now,
  });
  const request: ApiRequest = {
    principal,
    pathParameters: {},
    query: new Map(),
    headers: new Map(),
    body: { isBase64Encoded: false },
  };
  await emulators.resetRequestCounts();
  const times: number[] = [];
  let jobs = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const start = performance.now();
    const { body } = await answer(request);
    times.push(performance.now() - start);
    jobs = (JSON.parse(body) as { readonly items: readonly unknown[] }).items.length;
  }
  const calls = Object.values(await emulators.requestCounts()).reduce((sum, count) => sum + count, 0);
  return { jobs, calls: calls / RUNS, ms: median(times) };
}
