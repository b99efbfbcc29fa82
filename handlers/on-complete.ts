import { randomUUID } from "node:crypto";
import { BatchStore } from "@autoscaling-job-queues/domain/batch-store";
import { dynamoDbDocumentClient, snsClient, sqsClient } from "@autoscaling-job-queues/domain/clients";
import { readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import { JobItems } from "@autoscaling-job-queues/domain/job-items";
import { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import type { Context, SNSEvent } from "aws-lambda";
import { followBatches } from "./jobs/batches/follow-batch.ts";
import { jobQueues } from "./jobs/job-queues.ts";
import { lambdaWake } from "./jobs/lambda-wake.ts";
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
  events: new JobEvents(snsClient(), environment.eventsTopicArn),
  payloads: new PayloadStore(environment.resultsBucket),
  wake: lambdaWake(dynamoDb, environment.jobTypesTableName, sqs, telemetry),
  telemetry,
  tracer,
  now: Date.now,
  newWriteId: randomUUID,
};

/** The Lambda that is subscribed to the completion of batches. */
export const handler = flushing(tracer, async (event: SNSEvent, context: Context): Promise<void> => {
  telemetry.logger.addContext(context);
  await followBatches(event, dependencies);
});
