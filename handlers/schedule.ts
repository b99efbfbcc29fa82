import { randomUUID } from "node:crypto";
import { dynamoDbDocumentClient, snsClient, sqsClient } from "@autoscaling-job-queues/domain/clients";
import { readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import { JobItems } from "@autoscaling-job-queues/domain/job-items";
import { type JobQuery, listJobs } from "@autoscaling-job-queues/domain/job-list";
import { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import type { Context, SQSBatchResponse } from "aws-lambda";
import { jobQueues } from "./jobs/job-queues.ts";
import { lambdaWake } from "./jobs/lambda-wake.ts";
import { handleSchedule } from "./jobs/schedule-events.ts";
import { flushing, lambdaTracer } from "./lambda-tracer.ts";
import { lambdaTelemetry } from "./telemetry.ts";

const { jobsTableName, jobTypesTableName, eventsTopicArn } = readEnvironment([
  "jobsTableName",
  "jobTypesTableName",
  "eventsTopicArn",
]);
const dynamoDb = dynamoDbDocumentClient();
const sqs = sqsClient();
const telemetry = lambdaTelemetry();
const tracer = await lambdaTracer(telemetry);
const store = new JobItems(dynamoDb, jobsTableName);

const dependencies = {
  registry: new JobTypeRegistry(dynamoDb, jobTypesTableName),
  store,
  list: async (query: JobQuery) => await listJobs(dynamoDb, jobsTableName, store, query),
  queue: jobQueues(sqs),
  events: new JobEvents(snsClient(), eventsTopicArn),
  wake: lambdaWake(dynamoDb, jobTypesTableName, sqs, telemetry),
  telemetry,
  tracer,
  now: Date.now,
  newWriteId: randomUUID,
};

/** The Lambda that EventBridge Scheduler invokes when something is due, and that polls the queue of what it could not do. */
export const handler = flushing(tracer, async (event: unknown, context: Context): Promise<SQSBatchResponse | undefined> => {
  telemetry.logger.addContext(context);
  return await handleSchedule(event, dependencies);
});
