import { dynamoDbDocumentClient, sqsClient } from "@autoscaling-job-queues/domain/clients";
import { Controls } from "@autoscaling-job-queues/domain/controls";
import { readChoice, readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { listJobs } from "@autoscaling-job-queues/domain/job-list";
import { JobStore } from "@autoscaling-job-queues/domain/job-store";
import { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import { LastWordsStore } from "@autoscaling-job-queues/domain/last-words";
import { oldestQueued } from "@autoscaling-job-queues/domain/oldest-queued";
import { apiHandler } from "./http/api-handler.ts";
import type { EcsReads } from "./jobs/why/ecs-reads.ts";
import { queueDepth } from "./jobs/why/queue-depths.ts";
import { typeStatus } from "./jobs/why/type-status.ts";
import { whyJob } from "./jobs/why/why-job.ts";
import { lambdaTelemetry } from "./telemetry.ts";

const { jobsTableName, jobTypesTableName } = readEnvironment(["jobsTableName", "jobTypesTableName"]);
const telemetry = lambdaTelemetry();
const dynamoDb = dynamoDbDocumentClient();
const sqs = sqsClient({ requestTimeoutMs: 1_500 });
const controls = new Controls(dynamoDb, jobTypesTableName);
const store = new JobStore(dynamoDb, jobsTableName);
let ecs: Promise<EcsReads> | undefined;
const loadEcs = async (): Promise<EcsReads> => {
  ecs ??= import("./jobs/why/ecs-reads.ts").then(({ ecsReads }) => ecsReads());
  return await ecs;
};

const dependencies = {
  store,
  registry: new JobTypeRegistry(dynamoDb, jobTypesTableName),
  pause: async (type: string) => (await controls.get(type)).paused,
  words: async (type: string, now: number) => await new LastWordsStore(dynamoDb, jobsTableName, type).read(now),
  list: async (query: Parameters<typeof listJobs>[3]) => await listJobs(dynamoDb, jobsTableName, store, query),
  oldest: async (type: string) => await oldestQueued(dynamoDb, jobsTableName, store, type),
  queueDepth: queueDepth.bind(undefined, sqs),
  loadEcs,
  failed: (source: string, error: unknown) => telemetry.logger.warn("source not read", { source, error }),
  access: readChoice("access"),
  now: Date.now,
};

/** The *control* Lambda that says why: it reads all that keeps a job from running, and writes nothing. */
export const handler = apiHandler({ whyJob: whyJob(dependencies), jobTypeStatus: typeStatus(dependencies) }, telemetry);
