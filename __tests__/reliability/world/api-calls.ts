import type { Context } from "aws-lambda";
import type { Batch } from "../../../domain/batch.ts";
import type { Job } from "../../../domain/job.ts";
import { JobTypeRegistry } from "../../../domain/job-type-registry.ts";
import type { Operation } from "../../../domain/routes.ts";
import { JobSchedules } from "../../../handlers/jobs/job-schedules.ts";
import { ADA, apiEvent, ownerOf, type RequestParts } from "../../handlers/api-event.ts";
import { apiOver, type Handler } from "../../handlers/api-under-test.ts";
import type { ApiRequest } from "../history/fact.ts";
import type { Script } from "./scripted-job.ts";
import type { ProcessKind, SimulatedProcess } from "./simulated-process.ts";
import { UPLOADED } from "./uploaded-file.ts";
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
  /** Whether the job has the file that the client has uploaded. @default false */
  readonly withFile?: boolean;
}

/**
 * `POST /jobs` for a job of the world's type, by a client that waits for the answer of one fresh Lambda.
 *
 * @param skewMs milliseconds that the Lambda's clock is ahead.
 */
export function addJob(world: World, request: AddRequest = {}, skewMs = 0): ApiCall {
  const { script: input = {}, idempotencyKey, delaySeconds, withFile = false } = request;
  const { name: type } = world.deployed.jobType;
  const files = withFile ? { files: { [UPLOADED.name]: UPLOADED.upload } } : {};
  const body = { type, input, ...files, ...(delaySeconds === undefined ? {} : { delaySeconds }) };
  const asked: ApiRequest = {
    operation: "add",
    owner: ownerOf(ADA),
    type,
    payload: JSON.stringify(body),
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
  const headers = idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey };
  return call(world, "add", asked, "addJob", { body, headers }, skewMs);
}

/** `POST /jobs/{id}/retry`. */
export function retryJob(world: World, jobId: string, skewMs = 0): ApiCall {
  return call(world, "add", { operation: "retry", jobId }, "retryJob", { id: jobId }, skewMs);
}

/** `POST /jobs/{id}/cancel`. */
export function cancelJob(world: World, jobId: string, skewMs = 0): ApiCall {
  return call(world, "cancel", { operation: "cancel", jobId }, "cancelJob", { id: jobId }, skewMs);
}

/** A request to pause the world's type, or to resume it, with what came of it. */
export interface ControlCall extends Omit<ApiCall, "answer"> {
  readonly answer: { readonly status: number } | undefined;
}

/** `POST /job-types/{name}/pause`, or `/resume`. */
export function controlType(world: World, operation: "pauseJobType" | "resumeJobType"): ControlCall {
  const { name } = world.deployed.jobType;
  return batchCall(world, "control", operation, { name }, () => undefined);
}

/** `GET /jobs/{id}`. */
export function getJob(world: World, jobId: string, skewMs = 0): ApiCall {
  return call(world, "get", { operation: "get", jobId }, "getJob", { id: jobId }, skewMs);
}

export interface AddBatchRequest {
  /** What each of its jobs does. */
  readonly scripts: readonly Script[];
  readonly idempotencyKey: string;
  /** What the job that follows does; none where it is absent. */
  readonly onComplete?: Script;
}

/** A request for a batch, with what came of it. */
export interface BatchCall extends Omit<ApiCall, "answer"> {
  readonly answer: { readonly status: number; readonly body: Batch } | undefined;
}

/** `POST /batches` for jobs of the world's type. */
export function addBatch(world: World, { scripts, idempotencyKey, onComplete }: AddBatchRequest): BatchCall {
  const { name: type } = world.deployed.jobType;
  const items = scripts.map((input) => ({ input }));
  const body = { type, items, ...(onComplete === undefined ? {} : { onComplete: { type, input: onComplete } }) };
  return batchCall(world, "add", "addBatch", { body, headers: { "idempotency-key": idempotencyKey } }, (status, by, batch) => {
    world.record({ kind: "batchAnswered", by, idempotencyKey, status, ...(batch === undefined ? {} : { batch }) });
  });
}

/** `POST /batches/{id}/cancel`. */
export function cancelBatch(world: World, id: string): BatchCall {
  return batchCall(world, "cancel", "cancelBatch", { id }, () => undefined);
}

function batchCall(
  world: World,
  kind: ProcessKind,
  operation: Operation,
  parts: RequestParts,
  answered: (status: number, by: string, batch: Batch | undefined) => void,
): BatchCall {
  const process = world.spawn(kind);
  let answer: BatchCall["answer"];
  process.run(async () => {
    const handler = lambda(world, process);
    const { statusCode: status, body } = await handler(apiEvent(operation, parts), { awsRequestId: process.name } as Context);
    answer = { status, body: JSON.parse(body) as Batch };
    answered(status, process.name, status < 300 ? answer.body : undefined);
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

function call(
  world: World,
  kind: ProcessKind,
  request: ApiRequest,
  operation: Operation,
  parts: RequestParts,
  skewMs: number,
): ApiCall {
  const process = world.spawn(kind, skewMs);
  const asked = world.recorder.facts.length;
  let answer: ApiCall["answer"];
  process.run(async () => {
    const handler = lambda(world, process);
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

function lambda({ clients, platform, service }: World, { now }: SimulatedProcess): Handler {
  const { jobTypesTableName } = platform.emulators;
  const registry = new JobTypeRegistry(clients.dynamoDb, jobTypesTableName, now);
  const sign = async ({ key }: { readonly key: string }) => `https://results.example.com/${key}`;
  const { payloads } = clients;
  const { validator } = platform;
  const schedules = new JobSchedules(async () => clients.scheduler);
  return apiOver(
    { ...platform.emulators, ...clients },
    { registry, payloads, schedules, validator, sign, now, scaling: service.calls },
  );
}
