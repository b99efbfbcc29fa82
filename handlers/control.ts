import { setTimeout as sleep } from "node:timers/promises";
import { dynamoDbDocumentClient } from "@autoscaling-job-queues/domain/clients";
import { Controls } from "@autoscaling-job-queues/domain/controls";
import { readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import { apiHandler } from "./http/api-handler.ts";
import { pauseJobType } from "./jobs/controls/pause-job-type.ts";
import { resumeJobType } from "./jobs/controls/resume-job-type.ts";
import { scalingCalls } from "./jobs/controls/scaling-calls.ts";
import { lambdaTelemetry } from "./telemetry.ts";

const { jobTypesTableName } = readEnvironment(["jobTypesTableName"]);
const dynamoDb = dynamoDbDocumentClient();
const telemetry = lambdaTelemetry();
const dependencies = {
  registry: new JobTypeRegistry(dynamoDb, jobTypesTableName),
  controls: new Controls(dynamoDb, jobTypesTableName),
  scaling: scalingCalls(dynamoDb, jobTypesTableName),
  telemetry,
  now: Date.now,
  sleep,
};

/** The *control* Lambda: it pauses job types, and resumes them. */
export const handler = apiHandler(
  { pauseJobType: pauseJobType(dependencies), resumeJobType: resumeJobType(dependencies) },
  telemetry,
);
