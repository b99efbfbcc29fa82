import { randomUUID } from "node:crypto";
import { BatchEnds } from "@autoscaling-job-queues/domain/batch-ends";
import { BatchStore } from "@autoscaling-job-queues/domain/batch-store";
import { dynamoDbDocumentClient, snsClient, sqsClient } from "@autoscaling-job-queues/domain/clients";
import { DEAD_LETTERS_CLOSED } from "@autoscaling-job-queues/domain/dead-letter-metric";
import { readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import { JobStore } from "@autoscaling-job-queues/domain/job-store";
import { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { closeDeadLetters } from "./jobs/close-dead-letter.ts";
import { jobQueues } from "./jobs/job-queues.ts";
import { lambdaTelemetry } from "./telemetry.ts";

const environment = readEnvironment(["jobsTableName", "jobTypesTableName", "eventsTopicArn"]);
const dynamoDb = dynamoDbDocumentClient();
// One process has all Lambdas of one machine, and one variable for their name.
const telemetry = lambdaTelemetry({ serviceName: DEAD_LETTERS_CLOSED.service });
const events = new JobEvents(snsClient(), environment.eventsTopicArn);
const dependencies = {
  store: new JobStore(dynamoDb, environment.jobsTableName),
  registry: new JobTypeRegistry(dynamoDb, environment.jobTypesTableName),
  queue: jobQueues(sqsClient()),
  events,
  ends: new BatchEnds({ store: new BatchStore(dynamoDb, environment.jobsTableName), events, now: Date.now }),
  telemetry,
  now: Date.now,
  newWriteId: randomUUID,
};

/** The Lambda behind the dead-letter queues; its event source mapping reports failures by message. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  telemetry.logger.addContext(context);
  return await closeDeadLetters(event, dependencies);
}
