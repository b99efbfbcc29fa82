import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { JOB_STATUSES, type JobStatus, type StoredJob } from "./job.ts";
import type { JobItems } from "./job-items.ts";
import { jobJson } from "./job-json.ts";
import { MAX_PAGE_BYTES } from "./limits.ts";
import { endOfMillisecond, JOB_POSITION, placesOf } from "./list-places.ts";
import { type IndexEntry, mergedEntries } from "./list-reading.ts";
import { isListable } from "./listable-job.ts";
import { listedPartitions } from "./listed-partitions.ts";

/** Jobs that are read for one request to find those that are asked for, at most, or few more: bounds a search for few among many. */
const MAX_JOBS_READ = 1_000;
/** Jobs that are read at a time. Callers choose how large inputs and tags are, up to what an item may have: all at once, they could take a Lambda's memory. */
const JOBS_AT_ONCE = 100;

export interface JobQuery {
  /** Only jobs of these types. An owner's may be of any type where there are none. */
  readonly types?: readonly string[];
  /** Only jobs in one of these states. @default all */
  readonly statuses?: readonly JobStatus[];
  /** Only jobs of this principal. */
  readonly owner?: string;
  /** Only jobs with all of these tags, each `key:value`. */
  readonly tags?: readonly string[];
  /** Only jobs that were added later than this, as `createdAt` has it. */
  readonly createdAfter?: string;
  /** Only jobs that were added earlier than this. */
  readonly createdBefore?: string;
  /** Jobs to return, at most; fewer where they would not fit into an answer. */
  readonly limit: number;
  /** `createdAtId` of the last job of the page before. */
  readonly after?: string;
}

export interface JobPage {
  readonly jobs: readonly StoredJob[];
  /** Where the next page starts; absent when there is none. */
  readonly next?: string;
}

interface ListedJob {
  readonly place: string;
  readonly job: StoredJob;
}

/**
 * Lists jobs, newest first. Each type and status is one partition of an index, or as many as the type ever spread its jobs over, which is
 * read first; their newest entries are merged, and the jobs themselves read from the table, in this order and only until the page is full.
 * The jobs of an owner are in another index, whatever jobs there are of others. A job that changes its status between two pages keeps its place
 * in the order.
 *
 * A page takes a query for each partition, and reads as many jobs as it has; where entries are passed over for their tags, or an owner's jobs
 * for their states, five queries at most, and 1,000 jobs. The page before the end may tell of a next one that is empty.
 */
export async function listJobs(
  client: DynamoDBDocumentClient,
  tableName: string,
  store: Pick<JobItems, "getMany">,
  query: JobQuery,
): Promise<JobPage> {
  const { limit, after, owner, statuses = JOB_STATUSES, tags = [] } = query;
  const range = placesOf(query);
  if (range === undefined) return { jobs: [] };
  const partitions = await listedPartitions(client, tableName, query);
  const isAsked = (job: StoredJob) => isListable(job) && statuses.includes(job.status) && (owner ?? job.owner) === job.owner;
  // The end of the millisecond where the last page ended is no way on: jobs that were listed would be found again, page after page.
  const isWayOn = (place: string) => JOB_POSITION.test(place) && (after === undefined || place < after);
  const listed: ListedJob[] = [];
  let jobsRead = 0;
  const reading = { tableName, range, after, withTags: tags.length > 0, limit };
  for await (const { entries, horizon, isAtBound } of mergedEntries(client, partitions, reading)) {
    let from = 0;
    while (from < entries.length && listed.length < limit) {
      // As many as it takes if as many as before are asked for.
      const further = Math.ceil(((limit - listed.length) * (jobsRead + 1)) / (listed.length + 1));
      const some = entries.slice(from, from + Math.min(JOBS_AT_ONCE, further));
      from += some.length;
      jobsRead += some.length;
      listed.push(...(await readJobs(store, some)).filter(({ job }) => isAsked(job)));
      const place = endOfMillisecond(some.at(-1)?.createdAtId ?? "");
      if (listed.length < limit && jobsRead >= MAX_JOBS_READ && isWayOn(place)) return pageTo(place, listed);
    }
    const isMore = listed.length > limit || from < entries.length || horizon !== "";
    if (listed.length >= limit) return pageOf(listed.slice(0, limit), isMore ? listed[limit - 1]?.place : undefined);
    const place = endOfMillisecond(horizon);
    if (isAtBound && isWayOn(place)) return pageTo(place, listed);
  }
  return pageOf(listed);
}

/** In the order of the entries. The indexes lag: a job may be gone. */
async function readJobs(store: Pick<JobItems, "getMany">, entries: readonly IndexEntry[]): Promise<ListedJob[]> {
  const ids = entries.map(({ id }) => id);
  const jobs = new Map((await store.getMany(ids, { consistent: true })).map((job) => [job.id, job]));
  return entries.flatMap(({ id, createdAtId: place }) => {
    const job = jobs.get(id);
    return job === undefined ? [] : [{ place, job }];
  });
}

/** A page that ends where a search stopped. What is past that is found again. */
function pageTo(place: string, listed: readonly ListedJob[]): JobPage {
  return pageOf(
    listed.filter((one) => one.place >= place),
    place,
  );
}

/** As many of these as fit into an answer. */
function pageOf(listed: readonly ListedJob[], next?: string): JobPage {
  const jobs = listed.map(({ job }) => job);
  const room = roomFor(jobs);
  const end = room < jobs.length ? listed[room - 1]?.place : next;
  return { jobs: jobs.slice(0, room), ...(end === undefined ? {} : { next: end }) };
}

/** How many of these fit into one answer. The first always does. */
export function roomFor(jobs: readonly (StoredJob | undefined)[]): number {
  let bytes = 0;
  const first = jobs.findIndex((job) => {
    // In an answer of Lambda, a body is a string of JSON.
    bytes += job === undefined ? 0 : Buffer.byteLength(JSON.stringify(jobJson(job)));
    return bytes > MAX_PAGE_BYTES;
  });
  return first === -1 ? jobs.length : first;
}
