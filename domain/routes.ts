/** The Lambdas, each one file in `handlers/` and one bundle in `dist/handlers/`. */
export const LAMBDAS = [
  "add-job",
  "create-upload",
  "query-job",
  "cancel-job",
  "control",
  "why",
  "dead-letter",
  "on-complete",
  "schedule",
] as const;
export type LambdaName = (typeof LAMBDAS)[number];

/** Those that add jobs, and so make spans. */
export const TRACING_LAMBDAS = ["add-job", "on-complete", "schedule"] as const satisfies readonly LambdaName[];

/** A route of the HTTP API; paths as API Gateway and OpenAPI write them. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly lambda: LambdaName;
  /** The query parameters that it takes; all others are refused. @default none */
  readonly query?: readonly string[];
  /** Those of them that may be given several times. @default none */
  readonly repeatable?: readonly string[];
  /** Whether it takes a body; elsewhere one is refused. @default false */
  readonly body?: boolean;
}

/** The HTTP API: one table for API Gateway, the Lambdas, the local gateway and the OpenAPI description. */
export const ROUTES = {
  addJob: { method: "POST", path: "/jobs", lambda: "add-job", body: true },
  listJobs: {
    method: "GET",
    path: "/jobs",
    lambda: "query-job",
    query: ["type", "status", "tag", "createdAfter", "createdBefore", "limit", "cursor"],
    repeatable: ["status", "tag"],
  },
  getJob: { method: "GET", path: "/jobs/{id}", lambda: "query-job", query: ["waitSeconds"] },
  retryJob: { method: "POST", path: "/jobs/{id}/retry", lambda: "add-job" },
  whyJob: { method: "GET", path: "/jobs/{id}/why", lambda: "why" },
  cancelJob: { method: "POST", path: "/jobs/{id}/cancel", lambda: "cancel-job" },
  addBatch: { method: "POST", path: "/batches", lambda: "add-job", body: true },
  getBatch: { method: "GET", path: "/batches/{id}", lambda: "query-job" },
  listBatchJobs: {
    method: "GET",
    path: "/batches/{id}/jobs",
    lambda: "query-job",
    query: ["status", "limit", "cursor"],
    repeatable: ["status"],
  },
  cancelBatch: { method: "POST", path: "/batches/{id}/cancel", lambda: "cancel-job" },
  createUpload: { method: "POST", path: "/uploads", lambda: "create-upload", body: true },
  pauseJobType: { method: "POST", path: "/job-types/{name}/pause", lambda: "control", body: true },
  resumeJobType: { method: "POST", path: "/job-types/{name}/resume", lambda: "control" },
  listJobTypes: { method: "GET", path: "/job-types", lambda: "query-job" },
  jobTypeStatus: { method: "GET", path: "/job-types/{name}/status", lambda: "why", query: ["hours"] },
  describeApi: { method: "GET", path: "/openapi.json", lambda: "query-job" },
} as const satisfies Record<string, Route>;

export type Operation = keyof typeof ROUTES;

/** A route as API Gateway names it, in its settings and in events. */
export function routeKey({ method, path }: Route): string {
  return `${method} ${path}`;
}

/** Where API Gateway sends every other method and path: its own 404 is not problem+json, so a Lambda answers them. */
export const DEFAULT_ROUTE = { routeKey: "$default", lambda: "query-job" } as const;
