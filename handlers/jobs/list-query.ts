import { JOB_STATUSES, type JobStatus } from "@autoscaling-job-queues/domain/job";
import type { JobQuery } from "@autoscaling-job-queues/domain/job-list";
import { MAX_TAGS } from "@autoscaling-job-queues/domain/limits";
import type { ROUTES } from "@autoscaling-job-queues/domain/routes";
import type { ApiRequest } from "../http/event.ts";
import { type PathError, Problem, quote } from "../http/problem.ts";
import { queryNumber } from "../http/query-number.ts";
import { queryTime } from "../http/query-time.ts";
import { MAX_TAG_KEY_CHARACTERS, MAX_TAG_VALUE_CHARACTERS } from "./add-job-body.ts";
import { CURSOR } from "./cursor.ts";
import { JOB_TYPE_NAME_SCHEMA } from "./find-job-type.ts";

/** A hundred of all but the largest jobs fit into the 6 MB of a Lambda's answer, at which a page ends (`MAX_PAGE_BYTES`). */
export const MAX_LIMIT = 100;

const MAX_TAG_CHARACTERS = MAX_TAG_KEY_CHARACTERS + 1 + MAX_TAG_VALUE_CHARACTERS;

/** The query parameters of `GET /jobs`, with their JSON Schemas. Those whose schema is a list may be given several times. */
export const LIST_PARAMETERS = {
  type: {
    schema: JOB_TYPE_NAME_SCHEMA,
    description: "Only jobs of this type.",
  },
  status: {
    schema: { type: "array", items: { type: "string", enum: JOB_STATUSES } },
    description: "Only jobs in this state; given several times, in one of them.",
  },
  tag: {
    schema: { type: "array", items: { type: "string", pattern: "[\\s\\S]:", maxLength: MAX_TAG_CHARACTERS }, maxItems: MAX_TAGS },
    description: "Only jobs with this tag, `key:value`; given several times, with all of them.",
  },
  createdAfter: {
    schema: { type: "string", format: "date-time" },
    description: "Only jobs that were added later than this time (RFC 3339; `+` in a query is `%2B`).",
  },
  createdBefore: {
    schema: { type: "string", format: "date-time" },
    description: "Only jobs that were added earlier than this time.",
  },
  limit: { schema: { type: "integer", minimum: 1, maximum: MAX_LIMIT, default: 20 }, description: "Jobs to return, at most." },
  cursor: {
    schema: { type: "string", pattern: CURSOR.source },
    description: "`cursor` of the page before, with the same other parameters.",
  },
} as const satisfies Readonly<Record<(typeof ROUTES.listJobs.query)[number], object>>;

/** What a list is narrowed to, whatever page of it. */
export type ListFilters = Pick<JobQuery, "statuses" | "tags" | "createdAfter" | "createdBefore">;

/** The parameters of a list, checked for their shape. */
export interface ListQuery {
  readonly type: string | undefined;
  readonly filters: ListFilters;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** @throws Problem 400 with every parameter that is out of range. */
export function readListQuery(request: ApiRequest): ListQuery {
  const { query } = request;
  const errors: PathError[] = [];
  const statuses = readStatuses(request, errors);
  const givenTags = query.get("tag") ?? [];
  const tags = [...new Set(givenTags)];
  for (const tag of tags.filter((given) => !isTag(given))) {
    errors.push({ path: "?tag", message: `must be a tag's key and value with a colon between them, not ${quote(tag)}` });
  }
  if (givenTags.length > MAX_TAGS) errors.push({ path: "?tag", message: `must be given at most ${MAX_TAGS} times` });
  const after = queryTime(request, "createdAfter", errors);
  const before = queryTime(request, "createdBefore", errors);
  if (after !== undefined && before !== undefined && after > before) {
    errors.push({ path: "?createdAfter", message: "must not be later than createdBefore: no job is between them" });
  }
  const limit = readLimit(request, errors);
  if (errors.length > 0) throw outOfRange(errors);
  return {
    type: query.get("type")?.[0],
    filters: {
      ...(statuses.length === 0 ? {} : { statuses }),
      ...(tags.length === 0 ? {} : { tags }),
      // As `createdAt` is written, in whole milliseconds.
      ...(after === undefined ? {} : { createdAfter: new Date(Math.floor(after)).toISOString() }),
      ...(before === undefined ? {} : { createdBefore: new Date(Math.ceil(before)).toISOString() }),
    },
    limit,
    cursor: query.get("cursor")?.[0],
  };
}

/** The parameters of the list of a batch's jobs. */
export const BATCH_LIST_PARAMETERS = {
  status: LIST_PARAMETERS.status,
  limit: LIST_PARAMETERS.limit,
  cursor: LIST_PARAMETERS.cursor,
} as const satisfies Readonly<Record<(typeof ROUTES.listBatchJobs.query)[number], object>>;

/** Those, checked for their shape. */
export interface StatusQuery extends Pick<ListQuery, "limit" | "cursor"> {
  /** None for all. */
  readonly statuses: readonly JobStatus[];
}

/** @throws Problem 400 with every parameter that is out of range. */
export function readStatusQuery(request: ApiRequest): StatusQuery {
  const errors: PathError[] = [];
  const statuses = readStatuses(request, errors);
  const limit = readLimit(request, errors);
  if (errors.length > 0) throw outOfRange(errors);
  return { statuses, limit, cursor: request.query.get("cursor")?.[0] };
}

function outOfRange(errors: readonly PathError[]): Problem {
  return new Problem("InvalidRequest", "the query has parameters that are out of range", { errors });
}

function readLimit(request: ApiRequest, errors: PathError[]): number {
  return queryNumber(request, "limit", LIST_PARAMETERS.limit.schema, errors) ?? LIST_PARAMETERS.limit.schema.default;
}

function readStatuses({ query }: ApiRequest, errors: PathError[]): JobStatus[] {
  const statuses = [...new Set(query.get("status"))];
  for (const status of statuses.filter((given) => !isStatus(given))) {
    errors.push({ path: "?status", message: `must be one of ${JOB_STATUSES.join(", ")}, not ${quote(status)}` });
  }
  return statuses.filter(isStatus);
}

function isStatus(status: string): status is JobStatus {
  return (JOB_STATUSES as readonly string[]).includes(status);
}

function isTag(tag: string): boolean {
  return tag.indexOf(":", 1) !== -1 && [...tag].length <= MAX_TAG_CHARACTERS;
}
