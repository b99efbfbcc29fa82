import { randomUUID } from "node:crypto";
import type { Context } from "aws-lambda";
import type { Job } from "../../../domain/job.ts";
import { JobEvents } from "../../../domain/job-events.ts";
import { newJobId } from "../../../domain/job-id.ts";
import { JobStore } from "../../../domain/job-store.ts";
import { JobTypeRegistry } from "../../../domain/job-type-registry.ts";
import type { Operation } from "../../../domain/routes.ts";
import { apiHandler } from "../../../handlers/http/api-handler.ts";
import * as acceptJob from "../../../handlers/jobs/add-job.ts";
import * as requestCancel from "../../../handlers/jobs/cancel-job.ts";
import { jobQueues } from "../../../handlers/jobs/job-queues.ts";
import * as readJobs from "../../../handlers/jobs/read-jobs.ts";
import { ADA, apiEvent, ownerOf, type RequestParts } from "../../handlers/api-event.ts";
import { recordedTelemetry } from "../../handlers/recorded-telemetry.ts";
import type { ApiRequest } from "../history/fact.ts";
import type { Script } from "./scripted-job.ts";
import type { ProcessKind, SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** A request of a client, with what came of it. */
export interface ApiCall {
  readonly process: SimulatedProcess;
  /** Undefined while, or where, the client got none. */
  readonly answer: { readonly status: number; readonly body: Job } | undefined;
  /** Answered, or its Lambda is gone. */
  readonly over: boolean;
}

export interface AddRequest {
  /** @default {} */
  readonly script?: Script;
  readonly idempotencyKey?: string;
  readonly delaySeconds?: number;
}

export interface InvocationSettings {
  /** Milliseconds that its clock is ahead. @default 0 */
  readonly skewMs?: number;
  /** Replaces dependencies, given the real ones. */
  readonly overrides?: (real: ApiDependencies) => Partial<ApiDependencies>;
}

export type ApiDependencies = acceptJob.AddJobDependencies & requestCancel.CancelJobDependencies & readJobs.GetJobDependencies;

/** `POST /jobs` for a job of the world's type, by a client that waits for the answer of one fresh Lambda. */
export function addJob(world: World, request: AddRequest = {}, settings?: InvocationSettings): ApiCall {
  const { script: input = {}, idempotencyKey, delaySeconds } = request;
  const { name: type } = world.deployed.jobType;
  const body = { type, input, ...(delaySeconds === undefined ? {} : { delaySeconds }) };
  const asked: ApiRequest = {
    operation: "add",
    owner: ownerOf(ADA),
    type,
    payload: JSON.stringify(body),
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
  const headers = idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey };
  return call(world, "add", asked, "addJob", { body, headers }, settings);
}

/** `POST /jobs/{id}/cancel`. */
export function cancelJob(world: World, jobId: string, settings?: InvocationSettings): ApiCall {
  return call(world, "cancel", { operation: "cancel", jobId }, "cancelJob", { id: jobId }, settings);
}

/** `GET /jobs/{id}`. */
export function getJob(world: World, jobId: string, settings?: InvocationSettings): ApiCall {
  return call(world, "get", { operation: "get", jobId }, "getJob", { id: jobId }, settings);
}

function call(
  world: World,
  kind: ProcessKind,
  request: ApiRequest,
  operation: Operation,
  parts: RequestParts,
  { skewMs = 0, overrides = () => ({}) }: InvocationSettings = {},
): ApiCall {
  const process = world.spawn(kind, skewMs);
  const asked = world.recorder.facts.length;
  let answer: ApiCall["answer"];
  process.run(async () => {
    const handler = lambda(world, process, overrides);
    const { statusCode: status, body } = await handler(apiEvent(operation, parts), { awsRequestId: process.name } as Context);
    answer = { status, body: JSON.parse(body) as Job };
    const answered = { kind: "answered", client: "client", asked, request, status } as const;
    world.record(status < 300 ? { ...answered, job: answer.body } : answered);
    process.exit();
  });
  return {
    process,
    get answer() {
      return answer;
    },
    get over() {
      return process.gone;
    },
  };
}

function lambda(world: World, { now }: SimulatedProcess, overrides: NonNullable<InvocationSettings["overrides"]>) {
  const { clients, platform } = world;
  const { jobsTableName, jobTypesTableName, eventsTopicArn, resultsBucket } = platform.emulators;
  const telemetry = recordedTelemetry();
  const real: ApiDependencies = {
    registry: new JobTypeRegistry(clients.dynamoDb, jobTypesTableName, now),
    store: new JobStore(clients.dynamoDb, jobsTableName),
    queue: jobQueues(clients.sqs),
    events: new JobEvents(clients.sns, eventsTopicArn),
    payloads: clients.payloads,
    wake: async () => undefined,
    validator: platform.validator,
    telemetry,
    access: "account",
    resultsBucket,
    sign: async ({ key }) => `https://results.example.com/${key}`,
    now,
    newJobId,
    newWriteId: randomUUID,
  };
  const dependencies = { ...real, ...overrides(real) };
  const operations = {
    addJob: acceptJob.addJob(dependencies),
    cancelJob: requestCancel.cancelJob(dependencies),
    getJob: readJobs.getJob(dependencies),
  };
  return apiHandler(operations, telemetry);
}
