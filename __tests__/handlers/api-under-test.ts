import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "aws-lambda";
import { BatchEnds } from "../../domain/batch-ends.ts";
import { BatchStore } from "../../domain/batch-store.ts";
import { callSettings } from "../../domain/clients.ts";
import { Controls } from "../../domain/controls.ts";
import { countJobs } from "../../domain/count-jobs.ts";
import { METRICS_NAMESPACE } from "../../domain/environment.ts";

import { JobEvents } from "../../domain/job-events.ts";
import { newUploadId } from "../../domain/job-files.ts";
import { newJobId } from "../../domain/job-id.ts";
import { listJobs as listStoredJobs } from "../../domain/job-list.ts";
import { JobStore } from "../../domain/job-store.ts";
import { JobTypeRegistry } from "../../domain/job-type-registry.ts";
import { LastWordsStore } from "../../domain/last-words.ts";
import { LINK_SECONDS } from "../../domain/limits.ts";
import { oldestQueued } from "../../domain/oldest-queued.ts";
import { PayloadStore } from "../../domain/payload-store.ts";
import { queueDepth } from "../../domain/queue-depth.ts";
import { registryEntry } from "../../domain/registry-entry.ts";
import type { Operation } from "../../domain/routes.ts";
import { apiHandler } from "../../handlers/http/api-handler.ts";
import type { ApiEvent, ApiResponse } from "../../handlers/http/event.ts";
import { Validator } from "../../handlers/http/validator.ts";
import { addJob } from "../../handlers/jobs/add-job.ts";
import { addBatch } from "../../handlers/jobs/batches/add-batch.ts";
import type { AddBatchDependencies } from "../../handlers/jobs/batches/add-batch-jobs.ts";
import { type CancelBatchDependencies, cancelBatch } from "../../handlers/jobs/batches/cancel-batch.ts";
import { getBatch, listBatchJobs } from "../../handlers/jobs/batches/read-batches.ts";
import { type CancelJobDependencies, cancelJob } from "../../handlers/jobs/cancel-job.ts";
import type { ChangeControlDependencies } from "../../handlers/jobs/controls/change-control.ts";
import { pauseJobType } from "../../handlers/jobs/controls/pause-job-type.ts";
import { resumeJobType } from "../../handlers/jobs/controls/resume-job-type.ts";
import { type CreateUploadDependencies, createUpload } from "../../handlers/jobs/create-upload.ts";
import { jobQueues } from "../../handlers/jobs/job-queues.ts";
import { JobSchedules } from "../../handlers/jobs/job-schedules.ts";
import { listJobTypes } from "../../handlers/jobs/job-types.ts";
import { s3Sign } from "../../handlers/jobs/links.ts";
import { type GetJobDependencies, getJob, listJobs } from "../../handlers/jobs/read-jobs.ts";
import { type RetryJobDependencies, retryJob } from "../../handlers/jobs/retry-job.ts";
import { uploadSigner } from "../../handlers/jobs/upload-signer.ts";
import { ecsReads } from "../../handlers/jobs/why/ecs-reads.ts";
import { type TypeStatusDependencies, typeStatus } from "../../handlers/jobs/why/type-status.ts";
import { type WhyJobDependencies, whyJob } from "../../handlers/jobs/why/why-job.ts";
import { describeApi } from "../../handlers/openapi/describe-api.ts";
import { openApi } from "../../handlers/openapi/description.ts";
import { canaryJob } from "../../jobs/canary/job-type.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { apiEvent, type RequestParts } from "./api-event.ts";
import { type RecordedTelemetry, recordedTelemetry } from "./recorded-telemetry.ts";
import { scalingStandIn } from "./scaling-stand-in.ts";
import { schedulerStandIn } from "./scheduler-stand-in.ts";

export const CONTEXT = { awsRequestId: "request-1", functionName: "test" } as Context;

/** An answer, with its JSON parsed. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body: any;
}

/** A Lambda's handler. */
export type Handler = (event: ApiEvent, context: Context) => Promise<ApiResponse>;

export type Call = (operation: Operation, parts?: RequestParts) => Promise<Answered>;

/** The API on emulators, with the job type `canary` registered. */
export interface ApiUnderTest extends Emulators {
  readonly call: Call;
  readonly telemetry: RecordedTelemetry;
  readonly store: JobStore;
  readonly registry: JobTypeRegistry;
  readonly events: JobEvents;
  /** The same API with some parts replaced. */
  readonly variant: (parts: ApiParts) => Call;
  /** What `variant` calls: one handler for all operations. */
  readonly handler: (parts: ApiParts) => Handler;
}

export type ApiParts = Partial<
  AddBatchDependencies &
    RetryJobDependencies &
    CancelJobDependencies &
    CancelBatchDependencies &
    GetJobDependencies &
    CreateUploadDependencies &
    ChangeControlDependencies &
    WhyJobDependencies &
    TypeStatusDependencies
>;

/** Starts the API; jobs of the canary type go to the emulators' one queue. */
export async function startApi(): Promise<ApiUnderTest> {
  const emulators = await startEmulators();
  const { dynamoDb, jobsTableName, jobTypesTableName, queueUrl } = emulators;
  const store = new JobStore(dynamoDb, jobsTableName);
  // Its clock stands still: an entry that grows old in the middle of a test would be one more call.
  const registry = new JobTypeRegistry(dynamoDb, jobTypesTableName, () => 0);
  const events = new JobEvents(emulators.sns, emulators.eventsTopicArn);
  const telemetry = recordedTelemetry();
  await registry.register(registryEntry(canaryJob, { queueUrl, cluster: "jobs", service: "canary" }));
  const handler = (parts: ApiParts): Handler => apiOver(emulators, { store, registry, events, telemetry, ...parts });
  const variant = (parts: ApiParts): Call => caller(handler(parts));
  return { ...emulators, call: variant({}), telemetry, store, registry, events, variant, handler };
}

type ApiResources = Pick<
  Emulators,
  "dynamoDb" | "sqs" | "sns" | "jobsTableName" | "jobTypesTableName" | "eventsTopicArn" | "resultsBucket"
>;

/** The code of all Lambdas of the API, as one handler. @param parts replace what it is made of otherwise. */
export function apiOver(
  { dynamoDb, sqs, sns, jobsTableName, jobTypesTableName, eventsTopicArn, resultsBucket }: ApiResources,
  parts: ApiParts,
): Handler {
  const store = new JobStore(dynamoDb, jobsTableName);
  const registry = new JobTypeRegistry(dynamoDb, jobTypesTableName);
  const batches = new BatchStore(dynamoDb, jobsTableName);
  const events = new JobEvents(sns, eventsTopicArn);
  const now = parts.now ?? Date.now;
  const controls = new Controls(dynamoDb, jobTypesTableName);
  const list = listStoredJobs.bind(undefined, dynamoDb, jobsTableName, store);
  const dependencies = {
    registry,
    controls,
    list,
    store,
    batches,
    ends: new BatchEnds({ store: batches, events, now }),
    queue: jobQueues(sqs),
    schedules: new JobSchedules(async () => schedulerStandIn().calls),
    events,
    payloads: new PayloadStore(resultsBucket),
    wake: async () => undefined,
    pause: async (type: string) => (await controls.get(type)).paused,
    words: async (type: string, at: number) => await new LastWordsStore(dynamoDb, jobsTableName, type).read(at),
    countRunning: async (type: string) => await countJobs(dynamoDb, jobsTableName, type, "RUNNING"),
    oldest: oldestQueued.bind(undefined, dynamoDb, jobsTableName, store),
    queueDepth: queueDepth.bind(undefined, sqs),
    loadEcs: async () => ecsReads(),
    // CloudWatch has nothing yet.
    loadMetrics: async () => async () => new Map(),
    metricsNamespace: METRICS_NAMESPACE,
    failed: () => undefined,
    scaling: scalingStandIn(),
    validator: new Validator(),
    telemetry: recordedTelemetry(),
    access: "account" as const,
    resultsBucket,
    sign: s3Sign(),
    now: Date.now,
    sleep,
    newJobId,
    newWriteId: () => crypto.randomUUID(),
    newUpload: newUploadId,
    signUpload: uploadSigner(callSettings(), LINK_SECONDS),
    ...parts,
  };
  return apiHandler(
    {
      addJob: addJob(dependencies),
      retryJob: retryJob(dependencies),
      createUpload: createUpload(dependencies),
      cancelJob: cancelJob(dependencies),
      addBatch: addBatch(dependencies),
      getBatch: getBatch(dependencies),
      listBatchJobs: listBatchJobs(dependencies),
      cancelBatch: cancelBatch(dependencies),
      getJob: getJob(dependencies),
      listJobs: listJobs({ ...dependencies, registry, list }),
      whyJob: whyJob(dependencies),
      jobTypeStatus: typeStatus(dependencies),
      pauseJobType: pauseJobType(dependencies),
      resumeJobType: resumeJobType(dependencies),
      listJobTypes: listJobTypes({ registry, controls, now: dependencies.now }),
      describeApi: describeApi({ read: async () => JSON.stringify(openApi()), registry }),
    },
    dependencies.telemetry,
  );
}

/** Calls a Lambda's handler as API Gateway does. */
export function caller(handler: Handler): Call {
  return async (operation, parts) => answered(await handler(apiEvent(operation, parts), CONTEXT));
}

export function answered({ statusCode, headers, body }: ApiResponse): Answered {
  return { status: statusCode, headers, body: JSON.parse(body) };
}
