import { JOB_STATUSES, type JobStatus } from "@autoscaling-job-queues/domain/job";
import type { ROUTES } from "@autoscaling-job-queues/domain/routes";
import type { ApiRequest } from "../http/event.ts";
import { type PathError, Problem, quote } from "../http/problem.ts";
import { CURSOR } from "./cursor.ts";
import { JOB_TYPE_NAME_SCHEMA } from "./job-types.ts";

/** A hundred of all but the largest jobs fit into the 6 MB of a Lambda's answer, at which a page ends (`MAX_PAGE_BYTES`). */
export const MAX_LIMIT = 100;

/** The query parameters of `GET /jobs`, with their JSON Schemas. */
export const LIST_PARAMETERS = {
  type: {
    schema: JOB_TYPE_NAME_SCHEMA,
    description: "Only jobs of this type.",
  },
  status: { schema: { type: "string", enum: JOB_STATUSES }, description: "Only jobs in this state." },
  limit: { schema: { type: "integer", minimum: 1, maximum: MAX_LIMIT, default: 20 }, description: "Jobs to return, at most." },
  cursor: {
    schema: { type: "string", pattern: CURSOR.source },
    description: "`cursor` of the page before, with the same type and status.",
  },
} as const satisfies Readonly<Record<(typeof ROUTES.listJobs.query)[number], object>>;

/** The parameters of a list, checked for their shape. */
export interface ListQuery {
  readonly type: string | undefined;
  readonly status: JobStatus | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
}

const { minimum, maximum, default: DEFAULT_LIMIT } = LIST_PARAMETERS.limit.schema;

/** @throws Problem 400 with every parameter that is out of range. */
export function readListQuery({ query }: ApiRequest): ListQuery {
  const [type, status, limit, cursor] = (["type", "status", "limit", "cursor"] as const).map((name) => query.get(name)?.[0]);
  const errors: PathError[] = [];
  if (status !== undefined && !isStatus(status)) {
    errors.push({ path: "?status", message: `must be one of ${JOB_STATUSES.join(", ")}, not ${quote(status)}` });
  }
  if (limit !== undefined && !isLimit(limit)) {
    errors.push({ path: "?limit", message: `must be a whole number from ${minimum} to ${maximum}, not ${quote(limit)}` });
  }
  if (errors.length > 0) throw new Problem("InvalidRequest", "the query has parameters that are out of range", { errors });
  return { type, status: status as JobStatus | undefined, limit: Number(limit ?? DEFAULT_LIMIT), cursor };
}

function isStatus(status: string): status is JobStatus {
  return (JOB_STATUSES as readonly string[]).includes(status);
}

function isLimit(limit: string): boolean {
  return /^\d{1,4}$/.test(limit) && Number(limit) >= minimum && Number(limit) <= maximum;
}
