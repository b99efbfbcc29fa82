import type { Job, JobStatus } from "./job.ts";
import { nameOf, type TypedJobType, type TypeOrName } from "./job-type.ts";
import { JobsApiError } from "./jobs-api-error.ts";
import type { Query } from "./query-string.ts";

/** Which jobs are listed; all that are given must hold. */
export interface JobFilters<Type extends TypedJobType = TypedJobType> {
  readonly type?: TypeOrName<Type>;
  /** One state, or several of which a job is in one. */
  readonly status?: JobStatus | readonly JobStatus[];
  /** Tags that a job has, all of them. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Only jobs that were added later than this. */
  readonly createdAfter?: Date | string;
  /** Only jobs that were added earlier than this. */
  readonly createdBefore?: Date | string;
  /** Jobs that one request asks for, 1 to 100. @default 100 */
  readonly pageSize?: number;
}

interface Page {
  readonly items: readonly Job[];
  readonly cursor?: string;
}

/** Reads page after page, until one has no cursor. A page may be empty and not be the last: a request does bounded work. */
export async function* jobPages<Type extends TypedJobType>(
  filters: JobFilters<Type>,
  read: (query: Query) => Promise<Page>,
): AsyncGenerator<readonly Job[], void, undefined> {
  const query = listQuery(filters);
  let cursor: string | undefined;
  do {
    const page = await read({ ...query, cursor });
    yield page.items;
    ({ cursor } = page);
  } while (cursor !== undefined);
}

function listQuery<Type extends TypedJobType>({ type, status, tags = {}, pageSize = 100, ...times }: JobFilters<Type>): Query {
  const { createdAfter, createdBefore } = times;
  return {
    type: type === undefined ? undefined : nameOf(type),
    status,
    tag: Object.entries(tags).map(([key, value]) => `${key}:${value}`),
    createdAfter: createdAfter === undefined ? undefined : timeText("createdAfter", createdAfter),
    createdBefore: createdBefore === undefined ? undefined : timeText("createdBefore", createdBefore),
    limit: pageSize,
  };
}

/** A time as the API takes it (RFC 3339). @throws JobsApiError `InvalidSetting` of a Date that is none. */
export function timeText(name: string, time: Date | string): string {
  if (typeof time === "string") return time;
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new JobsApiError(`${name} is an invalid Date`, { code: "InvalidSetting" });
}
