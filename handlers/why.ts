import { dynamoDbDocumentClient, sqsClient } from "@autoscaling-job-queues/domain/clients";
import { Controls } from "@autoscaling-job-queues/domain/controls";
import { countJobs } from "@autoscaling-job-queues/domain/count-jobs";
import { metricsNamespace, readChoice, readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { JobItems } from "@autoscaling-job-queues/domain/job-items";
import { listJobs } from "@autoscaling-job-queues/domain/job-list";
import { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import { LastWordsStore } from "@autoscaling-job-queues/domain/last-words";
import { oldestQueued } from "@autoscaling-job-queues/domain/oldest-queued";
import { queueDepth } from "@autoscaling-job-queues/domain/queue-depth";
import { apiHandler } from "./http/api-handler.ts";
import type { EcsReads } from "./jobs/why/ecs-reads.ts";
import type { MetricReads } from "./jobs/why/series.ts";
import { typeStatus } from "./jobs/why/type-status.ts";
import { whyJob } from "./jobs/why/why-job.ts";
import { lambdaTelemetry } from "./telemetry.ts";

const { jobsTableName, jobTypesTableName } = readEnvironment(["jobsTableName", "jobTypesTableName"]);
const telemetry = lambdaTelemetry();
const dynamoDb = dynamoDbDocumentClient();
const sqs = sqsClient({ requestTimeoutMs: 1_500 });
const controls = new Controls(dynamoDb, jobTypesTableName);
const store = new JobItems(dynamoDb, jobsTableName);
let ecs: Promise<EcsReads> | undefined;
const loadEcs = async (): Promise<EcsReads> => {
  ecs ??= import("./jobs/why/ecs-reads.ts").then(({ ecsReads }) => ecsReads());
  return await ecs;
};
let metrics: Promise<MetricReads> | undefined;
const loadMetrics = async (): Promise<MetricReads> => {
  metrics ??= import("./jobs/why/metric-reads.ts").then(({ metricReads }) => metricReads());
  return await metrics;
};

const dependencies = {
  store,
  registry: new JobTypeRegistry(dynamoDb, jobTypesTableName),
  pause: async (type: string) => (await controls.get(type)).paused,
  words: async (type: string, now: number) => await new LastWordsStore(dynamoDb, jobsTableName, type).read(now),
  list: async (query: Parameters<typeof listJobs>[3]) => await listJobs(dynamoDb, jobsTableName, store, query),
  countRunning: async (type: string) => await countJobs(dynamoDb, jobsTableName, type, "RUNNING"),
  oldest: async (type: string, now: number) => await oldestQueued(dynamoDb, jobsTableName, store, type, now),
  queueDepth: queueDepth.bind(undefined, sqs),
  loadEcs,
  loadMetrics,
  metricsNamespace: metricsNamespace(),
  failed: (source: string, error: unknown) => telemetry.logger.warn("source not read", { source, error }),
  access: readChoice("access"),
  now: Date.now,
};

/** The *why* Lambda: it says why a job is where it is and how a type fares, from all that it may read, and writes nothing. */
export const handler = apiHandler({ whyJob: whyJob(dependencies), jobTypeStatus: typeStatus(dependencies) }, telemetry);
