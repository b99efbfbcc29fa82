/** The Lambdas, each one file in `handlers/` and one bundle in `dist/handlers/`. */
export const LAMBDAS = ["add-job", "query-job", "cancel-job", "dead-letter"] as const;
export type LambdaName = (typeof LAMBDAS)[number];

/** A route of the HTTP API; paths as API Gateway and OpenAPI write them. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly lambda: LambdaName;
}

/** The HTTP API: one table for API Gateway, the local gateway and the OpenAPI description. */
export const ROUTES = {
  addJob: { method: "POST", path: "/jobs", lambda: "add-job" },
  listJobs: { method: "GET", path: "/jobs", lambda: "query-job" },
  getJob: { method: "GET", path: "/jobs/{id}", lambda: "query-job" },
  cancelJob: { method: "POST", path: "/jobs/{id}/cancel", lambda: "cancel-job" },
  listJobTypes: { method: "GET", path: "/job-types", lambda: "query-job" },
  describeApi: { method: "GET", path: "/openapi.json", lambda: "query-job" },
} as const satisfies Record<string, Route>;

export type Operation = keyof typeof ROUTES;

/** Where API Gateway sends every other method and path: its own 404 is no problem+json, so a Lambda answers them. */
export const DEFAULT_ROUTE = { routeKey: "$default", lambda: "query-job" } as const;
