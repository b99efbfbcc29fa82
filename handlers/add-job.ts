import { randomUUID } from "node:crypto";
import { dynamoDbDocumentClient, snsClient, sqsClient } from "@autoscaling-job-queues/domain/clients";
import { readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import { newJobId } from "@autoscaling-job-queues/domain/job-id";
import { JobStore } from "@autoscaling-job-queues/domain/job-store";
import { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import { addJob } from "./accept-job.ts";
import { apiHandler } from "./api-handler.ts";
import { jobQueues } from "./job-queues.ts";
import { lambdaTelemetry } from "./telemetry.ts";
import { Validator } from "./validator.ts";
import { createWake } from "./wake.ts";

const environment = readEnvironment(["jobsTableName", "jobTypesTableName", "eventsTopicArn", "resultsBucket"]);
const dynamoDb = dynamoDbDocumentClient();
const telemetry = lambdaTelemetry();

/** The *add job* Lambda. */
export const handler = apiHandler(
  {
    addJob: addJob({
      registry: new JobTypeRegistry(dynamoDb, environment.jobTypesTableName),
      store: new JobStore(dynamoDb, environment.jobsTableName),
      queue: jobQueues(sqsClient()),
      events: new JobEvents(snsClient(), environment.eventsTopicArn),
      payloads: new PayloadStore(environment.resultsBucket),
      wake: createWake({
        load: async () => (await import("./ecs-services.ts")).ecsServices(),
        telemetry,
        now: Date.now,
      }),
      validator: new Validator(),
      telemetry,
      now: Date.now,
      newJobId,
      newWriteId: randomUUID,
    }),
  },
  telemetry,
);
