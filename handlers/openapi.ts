import { MAX_BODY_BYTES } from "@autoscaling-job-queues/domain/limits";
import { type Operation, ROUTES, type Route } from "@autoscaling-job-queues/domain/routes";
import { ADD_JOB_BODY } from "./add-job-body.ts";
import type { Answer } from "./api-handler.ts";
import { jsonResponse } from "./http.ts";
import { JOB, JOB_TYPE } from "./job-schema.ts";
import { LIST_PARAMETERS } from "./list-query.ts";
import { PROBLEMS, type ProblemCode } from "./problem.ts";

interface OperationDescription {
  readonly summary: string;
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  /** Answers that are no error, by status. */
  readonly answers: Readonly<Record<number, object>>;
  /** Errors beyond those that every operation has. */
  readonly problems: readonly ProblemCode[];
}

const OF_EVERY_OPERATION: readonly ProblemCode[] = ["InternalError", "Unavailable"];

const idParameter = { name: "id", in: "path", required: true, schema: JOB.properties.id };
const job = { "application/json": { schema: { $ref: "#/components/schemas/Job" } } };

function listOf(schema: string, properties: object = {}): object {
  const items = { type: "array", items: { $ref: `#/components/schemas/${schema}` } };
  return { "application/json": { schema: { type: "object", required: ["items"], properties: { items, ...properties } } } };
}

const OPERATIONS: Readonly<Record<Operation, OperationDescription>> = {
  addJob: {
    summary: "Adds a job",
    parameters: [
      {
        name: "Idempotency-Key",
        in: "header",
        schema: { type: "string", pattern: "^[ -~]{1,256}$" },
        description: "Requests of one caller with the same key and body add one job.",
      },
    ],
    requestBody: {
      required: true,
      description: `At most ${MAX_BODY_BYTES} bytes.`,
      content: { "application/json": { schema: ADD_JOB_BODY } },
    },
    answers: {
      202: {
        description: "The job is stored and will run.",
        headers: {
          Location: { required: true, schema: { type: "string" }, description: "Path of the job." },
          "Idempotency-Replayed": { schema: { const: "true" }, description: "The job had been added by an earlier request." },
        },
        content: job,
      },
    },
    problems: [
      "InvalidJson",
      "InvalidRequest",
      "Unauthenticated",
      "UnknownJobType",
      "IdempotencyKeyReused",
      "BodyTooLarge",
      "InvalidInput",
    ],
  },
  listJobs: {
    summary: "Lists jobs, newest first",
    parameters: Object.entries(LIST_PARAMETERS).map(([name, parameter]) => ({ name, in: "query", ...parameter })),
    answers: {
      200: {
        description: "A page. While it has a `cursor` there may be more, even where `items` are few.",
        content: listOf("Job", { cursor: { type: "string" } }),
      },
    },
    problems: ["InvalidRequest", "InvalidCursor", "Unauthenticated"],
  },
  getJob: {
    summary: "Reads a job",
    parameters: [idParameter],
    answers: { 200: { description: "The job.", content: job } },
    problems: ["Unauthenticated", "JobNotFound"],
  },
  cancelJob: {
    summary: "Cancels a job",
    parameters: [idParameter],
    answers: {
      200: { description: "The job is cancelled.", content: job },
      202: { description: "The job runs, and its worker will stop it: see `cancelRequestedAt`.", content: job },
    },
    problems: ["Unauthenticated", "JobNotFound", "JobAlreadyEnded"],
  },
  listJobTypes: {
    summary: "Lists the job types",
    answers: { 200: { description: "All job types, by name.", content: listOf("JobType") } },
    problems: [],
  },
  describeApi: {
    summary: "Describes this API",
    answers: { 200: { description: "This description.", content: { "application/json": { schema: { type: "object" } } } } },
    problems: [],
  },
};

const PROBLEM = {
  type: "object",
  required: ["type", "title", "status", "code", "detail"],
  properties: {
    type: { const: "about:blank" },
    title: { type: "string" },
    status: { type: "integer" },
    code: {
      type: "string",
      enum: Object.keys(PROBLEMS),
      description: Object.entries(PROBLEMS)
        .map(([code, { meaning }]) => `- \`${code}\`: ${meaning}`)
        .join("\n"),
    },
    detail: { type: "string" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["path", "message"],
        properties: {
          path: { type: "string", description: "A JSON pointer into the body, `?name` for a query parameter, or a header." },
          message: { type: "string" },
        },
      },
    },
  },
} as const;

/** The OpenAPI 3.1 description of the API, made from the tables that route and check requests. */
export function openApi(): object {
  const byPath = Map.groupBy(Object.entries(ROUTES) as [Operation, Route][], ([, { path }]) => path);
  const paths = [...byPath].map(([path, operations]) => [
    path,
    Object.fromEntries(operations.map(([operation, { method }]) => [method.toLowerCase(), describe(operation)])),
  ]);
  return {
    openapi: "3.1.0",
    info: {
      title: "Autoscaling job queues",
      version: "1.0.0",
      description: "Adds, follows and cancels background jobs. Calls are authorized as the API's deployment asks for.",
    },
    paths: Object.fromEntries(paths),
    components: { schemas: { Job: JOB, JobType: JOB_TYPE, Problem: PROBLEM } },
  };
}

/** `GET /openapi.json`. */
export const describeApi: Answer = async () => jsonResponse(200, openApi());

function describe(operationId: Operation): object {
  const { answers, problems, ...description } = OPERATIONS[operationId];
  const byStatus = Map.groupBy([...problems, ...OF_EVERY_OPERATION], (code) => PROBLEMS[code].status);
  const errors = [...byStatus].map(([status, codes]) => [
    status,
    {
      description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].meaning}`).join("\n\n"),
      ...(status === 503 ? { headers: { "Retry-After": { schema: { type: "integer" }, description: "Seconds." } } } : {}),
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    },
  ]);
  return { operationId, ...description, responses: { ...answers, ...Object.fromEntries(errors) } };
}
