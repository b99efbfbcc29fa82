import { randomUUID } from "node:crypto";
import { dynamoDbDocumentClient, snsClient } from "@autoscaling-job-queues/domain/clients";
import { readChoice, readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import { JobStore } from "@autoscaling-job-queues/domain/job-store";
import { apiHandler } from "./http/api-handler.ts";
import { cancelJob } from "./jobs/cancel-job.ts";
import { jobSchedules } from "./jobs/job-schedules.ts";
import { lambdaTelemetry } from "./telemetry.ts";

const environment = readEnvironment(["jobsTableName", "eventsTopicArn"]);
const telemetry = lambdaTelemetry();

/** The *control* Lambda that cancels jobs. */
export const handler = apiHandler(
  {
    cancelJob: cancelJob({
      store: new JobStore(dynamoDbDocumentClient(), environment.jobsTableName),
      events: new JobEvents(snsClient(), environment.eventsTopicArn),
      schedules: jobSchedules(),
      access: readChoice("access"),
      telemetry,
      now: Date.now,
      newWriteId: randomUUID,
    }),
  },
  telemetry,
);
