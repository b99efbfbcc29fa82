import { randomUUID } from "node:crypto";
import { BatchEnds } from "@autoscaling-job-queues/domain/batch-ends";
import { BatchStore } from "@autoscaling-job-queues/domain/batch-store";
import { dynamoDbDocumentClient, snsClient } from "@autoscaling-job-queues/domain/clients";
import { readChoice, readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import { JobStore } from "@autoscaling-job-queues/domain/job-store";
import { apiHandler } from "./http/api-handler.ts";
import { cancelBatch } from "./jobs/batches/cancel-batch.ts";
import { cancelJob } from "./jobs/cancel-job.ts";
import { jobSchedules } from "./jobs/job-schedules.ts";
import { lambdaTelemetry } from "./telemetry.ts";

const environment = readEnvironment(["jobsTableName", "eventsTopicArn"]);
const telemetry = lambdaTelemetry();
const dynamoDb = dynamoDbDocumentClient();
const events = new JobEvents(snsClient(), environment.eventsTopicArn);
const batches = new BatchStore(dynamoDb, environment.jobsTableName);
const ends = new BatchEnds({ store: batches, events, now: Date.now });
const dependencies = {
  store: new JobStore(dynamoDb, environment.jobsTableName),
  events,
  access: readChoice("access"),
  telemetry,
  now: Date.now,
  newWriteId: randomUUID,
};

/** The *cancel job* Lambda: it cancels jobs, one or all of a batch. */
export const handler = apiHandler(
  {
    cancelJob: cancelJob({ ...dependencies, ends, schedules: jobSchedules() }),
    cancelBatch: cancelBatch({ ...dependencies, batches, ends }),
  },
  telemetry,
);
