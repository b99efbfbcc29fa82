import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { JOB_STATUSES, type JobStatus, type StoredJob } from "./job.ts";
import { JOB_ID, jobIdPrefix, LAST_JOB_ID } from "./job-id.ts";
import { jobJson } from "./job-json.ts";
import type { JobStore } from "./job-store.ts";
import { MAX_PAGE_BYTES } from "./limits.ts";
import { TABLES } from "./tables.ts";
import { typeStatusKey } from "./transition-values.ts";

/**
 * Index entries looked at for one request, per type and status: bounds a search for one owner's few jobs. Far more than
 * share a millisecond, as an index partition takes 1,000 writes a second (DynamoDB quotas).
 */
const MAX_LOOKED_AT = 1_000;
const PAGE_GROWTH = 4;
/** Entries of a further look, at least: past the bound, some may be no place to stop at. */
const MIN_FURTHER = 100;

export interface JobQuery {
  readonly types: readonly string[];
  readonly status?: JobStatus;
  /** Only jobs of this principal. */
  readonly owner?: string;
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

/** A place in the order of jobs, the sort key of the index: `createdAt#id`. */
export const JOB_POSITION = new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z#${JOB_ID.pattern.source.slice(1)}`);

/** The jobs of one type in one state. */
type Partition = Pick<StoredJob, "type" | "status">;

interface IndexEntry {
  readonly id: string;
  readonly createdAtId: string;
}

interface PartitionPage {
  readonly entries: readonly IndexEntry[];
  /** A sort key down to which all was looked at; absent when the partition was read to its end. Names no job of others. */
  readonly readTo?: string;
}

/**
 * Lists jobs, newest first. Each type and status is one partition of the index; their newest entries are merged, and the
 * jobs themselves read from the table. A job that changes its status between two pages keeps its place in the order.
 */
export async function listJobs(
  client: DynamoDBDocumentClient,
  tableName: string,
  store: JobStore,
  query: JobQuery,
): Promise<JobPage> {
  const statuses = query.status === undefined ? JOB_STATUSES : [query.status];
  const partitions = query.types.flatMap((type) => statuses.map((status) => ({ type, status })));
  const pages = await Promise.all(partitions.map((partition) => readPartition(client, tableName, partition, query)));

  // Past the newest place where some partition stopped short, the merge could miss entries of that partition.
  const horizon = pages.reduce((newest, { readTo = "" }) => (readTo > newest ? readTo : newest), "");
  const merged = [...new Map(pages.flatMap(({ entries }) => entries).map((entry) => [entry.id, entry])).values()]
    .filter(({ createdAtId }) => createdAtId >= horizon)
    .sort((a, b) => (a.createdAtId < b.createdAtId ? 1 : -1));
  const selected = merged.slice(0, query.limit);
  const next = merged.length > query.limit ? selected.at(-1)?.createdAtId : horizon || undefined;

  const jobs = new Map(
    (
      await store.getMany(
        selected.map(({ id }) => id),
        { consistent: true },
      )
    ).map((job) => [job.id, job]),
  );
  // The index lags: a job may have moved on, or be gone.
  const shown = selected.map(({ id }) => jobs.get(id)).map((job) => (job && statuses.includes(job.status) ? job : undefined));
  const room = roomFor(shown);
  const end = room < shown.length ? selected[room - 1]?.createdAtId : next;
  return { jobs: shown.slice(0, room).filter((job) => job !== undefined), ...(end === undefined ? {} : { next: end }) };
}

/** How many of these fit into one answer. The first always does. */
function roomFor(jobs: readonly (StoredJob | undefined)[]): number {
  let bytes = 0;
  const first = jobs.findIndex((job) => {
    // In an answer of Lambda, a body is a string of JSON.
    bytes += job === undefined ? 0 : Buffer.byteLength(JSON.stringify(jobJson(job)));
    return bytes > MAX_PAGE_BYTES;
  });
  return first === -1 ? jobs.length : first;
}

/**
 * Reads the newest entries of a partition. IAM knows nothing of an index, so a worker that was broken into can put entries of its jobs into
 * the partitions of other types, and at places that no cursor could name: they are passed over.
 */
async function readPartition(
  client: DynamoDBDocumentClient,
  tableName: string,
  { type, status }: Partition,
  { owner, limit, after }: JobQuery,
): Promise<PartitionPage> {
  const isOwn = ({ id, createdAtId }: IndexEntry) => id.startsWith(jobIdPrefix(type)) && JOB_POSITION.test(createdAtId);
  const entries: IndexEntry[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  let Limit = limit + 1;
  let lookedAt = 0;
  for (;;) {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: TABLES.jobs.index.name,
        KeyConditionExpression: `typeStatus = :typeStatus${after === undefined ? "" : " AND createdAtId < :after"}`,
        ...(owner === undefined ? {} : { FilterExpression: "#owner = :owner", ExpressionAttributeNames: { "#owner": "owner" } }),
        ExpressionAttributeValues: {
          ":typeStatus": typeStatusKey(type, status),
          ...(after === undefined ? {} : { ":after": after }),
          ...(owner === undefined ? {} : { ":owner": owner }),
        },
        ScanIndexForward: false,
        Limit,
        ExclusiveStartKey,
      }),
    );
    entries.push(...(Items as IndexEntry[]).filter(isOwn));
    if (LastEvaluatedKey === undefined) return { entries };
    if (entries.length > limit) return { entries, readTo: entries.at(-1)?.createdAtId as string };
    lookedAt += Limit;
    const readTo = endOfMillisecond(LastEvaluatedKey.createdAtId as string);
    if (lookedAt >= MAX_LOOKED_AT && readTo !== after && JOB_POSITION.test(readTo)) return { entries, readTo };
    Limit = Math.max(MIN_FURTHER, Math.min(PAGE_GROWTH * Limit, MAX_LOOKED_AT - lookedAt));
    ExclusiveStartKey = LastEvaluatedKey;
  }
}

/**
 * The last sort key of a millisecond. The entry where a search stopped may be another owner's, whose ID a cursor must
 * not tell; from here on, the next page looks at its whole millisecond again.
 */
function endOfMillisecond(createdAtId: string): string {
  return `${createdAtId.slice(0, createdAtId.indexOf("#"))}#${LAST_JOB_ID}`;
}
