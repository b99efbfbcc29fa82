/** A call of the jobs API that the page makes. */
export interface ApiRoute {
  readonly method: "GET" | "POST";
  /** As the API's description writes it. */
  readonly path: string;
  /** Whether it takes a body. @default false */
  readonly body?: boolean;
}

/** What the console passes on; everything else of the API stays out of its reach. */
export const API_ROUTES: readonly ApiRoute[] = [
  { method: "GET", path: "/job-types" },
  { method: "GET", path: "/job-types/{name}/status" },
  { method: "POST", path: "/job-types/{name}/pause", body: true },
  { method: "POST", path: "/job-types/{name}/resume" },
  { method: "GET", path: "/jobs" },
  { method: "GET", path: "/jobs/{id}" },
  { method: "GET", path: "/jobs/{id}/why" },
  { method: "POST", path: "/jobs/{id}/cancel" },
  { method: "POST", path: "/jobs/{id}/retry" },
  { method: "GET", path: "/batches/{id}" },
  { method: "GET", path: "/batches/{id}/jobs" },
  { method: "POST", path: "/batches/{id}/cancel" },
];

/** Names and IDs: nothing that is escaped, a dot or a slash, so that no path becomes another on its way. */
const SEGMENT = "[A-Za-z0-9_-]{1,200}";

const PATTERNS = API_ROUTES.map((route) => ({ route, pattern: new RegExp(`^${route.path.replace(/\{\w+\}/g, SEGMENT)}$`) }));

/** @returns the routes with this path, each of another method. */
export function apiRoutes(path: string): readonly ApiRoute[] {
  return PATTERNS.flatMap(({ route, pattern }) => (pattern.test(path) ? [route] : []));
}
