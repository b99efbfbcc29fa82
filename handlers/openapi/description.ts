import { type Operation, ROUTES, type Route } from "@autoscaling-job-queues/domain/routes";
import { HEADERS } from "../http/event.ts";
import { PROBLEMS, type ProblemCode } from "../http/problem.ts";
import { BATCH } from "./batch-schema.ts";
import { JOB, JOB_TYPE, UPLOAD } from "./job-schema.ts";
import { OPERATIONS } from "./operations.ts";
import { GATEWAY_ERROR, GATEWAY_ERRORS, PROBLEM } from "./problem-schema.ts";
import { JOB_TYPE_STATUS, WHY } from "./why-schema.ts";

const OF_EVERY_OPERATION: readonly ProblemCode[] = ["InvalidRequest", "InternalError", "Unavailable"];

/** The headers of every answer of an operation. */
const FIXED_HEADERS = Object.fromEntries(
  Object.entries(HEADERS).map(([name, value]) => [name, { required: true, schema: { type: "string", const: value } }]),
);

const RETRY_AFTER = { schema: { type: "integer", minimum: 1 }, description: "Seconds." };

/** How callers prove who they are; a deployment asks for one of the two. */
const SECURITY_SCHEMES = {
  iam: {
    type: "apiKey",
    in: "header",
    name: "Authorization",
    description: "AWS Signature Version 4, service `execute-api`.",
    "x-amazon-apigateway-authtype": "awsSigv4",
  },
  jwt: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
};

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
      description:
        "Adds, follows and cancels background jobs. Every call is authorized as the deployment asks for: by IAM or by a JWT. " +
        "Query parameters and members of bodies that are not described are refused, and so are parameters that are given twice, and " +
        "a body other than `{}` where none is described. Any other path or method is answered with 404 and a `Problem` whose code is " +
        "`RouteNotFound`. Errors of API Gateway itself, such as a missing signature or a body over 6 MB, are a `GatewayError`.",
    },
    security: Object.keys(SECURITY_SCHEMES).map((scheme) => ({ [scheme]: [] })),
    paths: Object.fromEntries(paths),
    components: {
      responses: Object.fromEntries(
        (Object.keys(ROUTES) as Operation[]).flatMap(errorsOf).map((error) => [responseName(error), describeError(error)]),
      ),
      schemas: {
        ...{ Job: JOB, Batch: BATCH, JobType: JOB_TYPE, Upload: UPLOAD, Why: WHY, JobTypeStatus: JOB_TYPE_STATUS },
        ...{ Problem: PROBLEM, GatewayError: GATEWAY_ERROR },
      },
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

/** The errors of one status. */
interface OperationError {
  readonly status: number;
  /** Those of the operation itself; none where only API Gateway answers so. */
  readonly codes: readonly ProblemCode[];
}

function describe(operationId: Operation): object {
  const { answers, problems: _, ...description } = OPERATIONS[operationId];
  const responses = Object.entries(answers).map(([status, { headers = {}, ...answer }]) => [
    status,
    { ...answer, headers: { ...FIXED_HEADERS, ...headers } },
  ]);
  const errors = errorsOf(operationId).map((error) => [error.status, { $ref: `#/components/responses/${responseName(error)}` }]);
  return { operationId, ...description, responses: Object.fromEntries([...responses, ...errors]) };
}

function errorsOf(operationId: Operation): OperationError[] {
  const codes = [...OPERATIONS[operationId].problems, ...OF_EVERY_OPERATION];
  const byStatus = Map.groupBy(codes, (code): number => PROBLEMS[code].status);
  const statuses = new Set([...byStatus.keys(), ...Object.keys(GATEWAY_ERRORS).map(Number)]);
  return [...statuses].map((status) => ({ status, codes: byStatus.get(status) ?? [] }));
}

/** Most operations share most of their errors: each is described once. */
function responseName({ status, codes }: OperationError): string {
  return [status, ...codes].join("_");
}

/** An error of the operation itself is a problem document; one of API Gateway has a message only, and none of our headers. */
function describeError({ status, codes }: OperationError): object {
  const byGateway = GATEWAY_ERRORS[status];
  const meanings = [
    ...codes.map((code) => `\`${code}\`: ${PROBLEMS[code].meaning}`),
    ...(byGateway === undefined ? [] : [`From API Gateway: ${byGateway}`]),
  ];
  const fixed = Object.entries(FIXED_HEADERS).map(([name, header]) => [name, { ...header, required: byGateway === undefined }]);
  return {
    description: meanings.join("\n\n"),
    ...(codes.length === 0
      ? {}
      : { headers: { ...Object.fromEntries(fixed), ...(status === 503 ? { "Retry-After": RETRY_AFTER } : {}) } }),
    content: {
      ...(codes.length === 0 ? {} : { "application/problem+json": { schema: problemSchema(status, codes) } }),
      ...(byGateway === undefined ? {} : { "application/json": { schema: { $ref: "#/components/schemas/GatewayError" } } }),
    },
  };
}

function problemSchema(status: number, codes: readonly ProblemCode[]): object {
  const narrowed = { properties: { status: { const: status }, code: { enum: codes } } };
  return { allOf: [{ $ref: "#/components/schemas/Problem" }, narrowed] };
}
