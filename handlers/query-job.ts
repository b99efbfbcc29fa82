import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { BatchStore } from "@autoscaling-job-queues/domain/batch-store";
import { dynamoDbDocumentClient } from "@autoscaling-job-queues/domain/clients";
import { Controls } from "@autoscaling-job-queues/domain/controls";
import { readChoice, readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { JobItems } from "@autoscaling-job-queues/domain/job-items";
import { listJobs as listStoredJobs } from "@autoscaling-job-queues/domain/job-list";
import { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import { apiHandler } from "./http/api-handler.ts";
import { getBatch, listBatchJobs } from "./jobs/batches/read-batches.ts";
import { listJobTypes } from "./jobs/job-types.ts";
import { s3Sign } from "./jobs/links.ts";
import { getJob, listJobs } from "./jobs/read-jobs.ts";
import { DESCRIPTION_FILE, describeApi } from "./openapi/describe-api.ts";
import { lambdaTelemetry } from "./telemetry.ts";

const { jobsTableName, jobTypesTableName, resultsBucket } = readEnvironment([
  "jobsTableName",
  "jobTypesTableName",
  "resultsBucket",
]);
const access = readChoice("access");
const dynamoDb = dynamoDbDocumentClient();
const store = new JobItems(dynamoDb, jobsTableName);
const batches = new BatchStore(dynamoDb, jobsTableName);
const controls = new Controls(dynamoDb, jobTypesTableName);
const registry = new JobTypeRegistry(dynamoDb, jobTypesTableName);

/** The *query job* Lambda: it reads jobs, batches, job types and the API's description. */
export const handler = apiHandler(
  {
    getJob: getJob({
      store,
      resultsBucket,
      sign: s3Sign(),
      payloads: new PayloadStore(resultsBucket),
      access,
      now: Date.now,
      sleep,
    }),
    listJobs: listJobs({
      registry,
      list: (query) => listStoredJobs(dynamoDb, jobsTableName, store, query),
      access,
      now: Date.now,
    }),
    getBatch: getBatch({ batches, access, now: Date.now }),
    listBatchJobs: listBatchJobs({ batches, store, access, now: Date.now }),
    listJobTypes: listJobTypes({ registry, controls, now: Date.now }),
    describeApi: describeApi({ read: () => readFile(new URL(DESCRIPTION_FILE, import.meta.url), "utf8"), registry }),
  },
  lambdaTelemetry(),
);
