import { randomUUID } from "node:crypto";
import { BatchStore } from "@autoscaling-job-queues/domain/batch-store";
import { dynamoDbDocumentClient, snsClient, sqsClient } from "@autoscaling-job-queues/domain/clients";
import { readChoice, readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import { newJobId } from "@autoscaling-job-queues/domain/job-id";
import { JobItems } from "@autoscaling-job-queues/domain/job-items";
import { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import { apiHandler } from "./http/api-handler.ts";
import { Validator } from "./http/validator.ts";
import { addJob } from "./jobs/add-job.ts";
import { jobQueues } from "./jobs/job-queues.ts";
import { jobSchedules } from "./jobs/job-schedules.ts";
import { lambdaWake } from "./jobs/lambda-wake.ts";
import { retryJob } from "./jobs/retry-job.ts";
import { flushing, lambdaTracer } from "./lambda-tracer.ts";
import { lambdaTelemetry } from "./telemetry.ts";

const environment = readEnvironment(["jobsTableName", "jobTypesTableName", "eventsTopicArn", "resultsBucket"]);
const dynamoDb = dynamoDbDocumentClient();
const sqs = sqsClient();
const telemetry = lambdaTelemetry();
const tracer = await lambdaTracer(telemetry);

const dependencies = {
  registry: new JobTypeRegistry(dynamoDb, environment.jobTypesTableName),
  store: new JobItems(dynamoDb, environment.jobsTableName),
  batches: new BatchStore(dynamoDb, environment.jobsTableName),
  queue: jobQueues(sqs),
  schedules: jobSchedules(),
  events: new JobEvents(snsClient(), environment.eventsTopicArn),
  payloads: new PayloadStore(environment.resultsBucket),
  resultsBucket: environment.resultsBucket,
  wake: lambdaWake(dynamoDb, environment.jobTypesTableName, sqs, telemetry),
  access: readChoice("access"),
  validator: new Validator(),
  telemetry,
  tracer,
  now: Date.now,
  newJobId,
  newWriteId: randomUUID,
};

/** The *add job* Lambda: it adds new jobs, one or many, and such as do an ended one again. */
export const handler = flushing(
  tracer,
  apiHandler(
    {
      addJob: addJob(dependencies),
      retryJob: retryJob(dependencies),
      // Loaded when first used: most requests are for one job.
      addBatch: async (request) => {
        const { addBatch } = await import("./jobs/batches/add-batch.ts");
        return await addBatch(dependencies)(request);
      },
    },
    telemetry,
  ),
);
