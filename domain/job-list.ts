import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { JOB_STATUSES, type JobStatus, type StoredJob } from "./job.ts";
import { JOB_ID, jobIdPrefix, LAST_JOB_ID } from "./job-id.ts";
import type { JobItems } from "./job-items.ts";
import { jobJson } from "./job-json.ts";
import { MAX_PAGE_BYTES } from "./limits.ts";
import { readListPartitions } from "./list-partition-marks.ts";
import { ownerKey, PARTITIONS_AT_ONCE, partitionsOf, typeStatusKey } from "./list-partitions.ts";
import { isListable } from "./listable-job.ts";
import { TABLES } from "./tables.ts";

/**
 * Index entries looked at for one request, of the jobs of one type in one state, or of one owner: bounds a search for few jobs among many.
 * Where they are spread over partitions, each has its share, and {@link MIN_FURTHER} at least. Far more than share a millisecond, as an
 * index partition takes 1,000 writes a second (DynamoDB quotas).
 */
const MAX_LOOKED_AT = 1_000;
const PAGE_GROWTH = 4;
/** Entries of a further look, at least: past the bound, some may be no place to stop at. */
const MIN_FURTHER = 100;
/** Jobs that are read at a time. Callers choose how large tags are, up to 30 KB for a job: all at once, they could take a Lambda's memory. */
const JOBS_AT_ONCE = 100;

const { byOwner, byTypeAndStatus } = TABLES.jobs.indexes;

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

/** A place in the order of jobs, the sort key of the indexes: `createdAt#id`. */
export const JOB_POSITION = new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z#${JOB_ID.pattern.source.slice(1)}`);

/** The jobs of one type in one state, or those of one owner; where they are spread, a part of them. */
interface Partition {
  readonly index: (typeof TABLES.jobs.indexes)[keyof typeof TABLES.jobs.indexes];
  readonly key: string;
  /** Entries that are looked at, at most. */
  readonly mostLookedAt: number;
  /** Of the entries with a fitting place, those that are looked for. */
  readonly select: (entries: readonly IndexEntry[]) => Promise<IndexEntry[]> | IndexEntry[];
}

interface IndexEntry {
  readonly id: string;
  readonly createdAtId: string;
  /** Only while it is compared. */
  readonly tags?: unknown;
}

interface PartitionPage {
  readonly entries: readonly IndexEntry[];
  /** A sort key down to which all was looked at; absent when the partition was read to its end. Names no job of others. */
  readonly readTo?: string;
}

/**
 * Lists jobs, newest first. Each type and status is one partition of an index, or as many as the type ever spread its jobs over, which is
 * read first; their newest entries are merged, and the jobs themselves read from the table. The jobs of an owner are in another index,
 * whatever jobs there are of others. A job that changes its status between two pages keeps its place in the order.
 *
 * A page takes a query for each partition; where entries are passed over for their tags, or an owner's for their states, five at most.
 */
export async function listJobs(
  client: DynamoDBDocumentClient,
  tableName: string,
  store: Pick<JobItems, "getMany">,
  query: JobQuery,
): Promise<JobPage> {
  const statuses = query.statuses ?? JOB_STATUSES;
  const shown = new Map<string, StoredJob>();
  /** The indexes lag: a job may have moved on, or be gone. */
  const read = async (entries: readonly IndexEntry[]): Promise<void> => {
    const ids = entries.map(({ id }) => id).filter((id) => !shown.has(id));
    for (let start = 0; start < ids.length; start += JOBS_AT_ONCE) {
      for (const job of await store.getMany(ids.slice(start, start + JOBS_AT_ONCE), { consistent: true })) {
        if (!isListable(job)) continue;
        if (statuses.includes(job.status) && (query.owner ?? job.owner) === job.owner) shown.set(job.id, job);
      }
    }
  };
  // Those of all types together where an owner's jobs may be of any.
  const { owner, types = [""] } = query;
  const partitionsOfType = await readListPartitions(client, tableName, types);
  const partitions =
    owner === undefined
      ? statusPartitions(query, statuses, partitionsOfType)
      : ownerPartitions(owner, query, Math.max(1, ...types.map(partitionsOfType)), async (entries) => {
          if (query.statuses === undefined) return entries;
          await read(entries);
          return entries.filter(({ id }) => shown.has(id));
        });
  const pages = await readPartitions(partitions, async (partition) => await readPartition(client, tableName, partition, query));

  // Past the newest place where some partition stopped short, the merge could miss entries of that partition.
  const horizon = pages.reduce((newest, { readTo = "" }) => (readTo > newest ? readTo : newest), "");
  const merged = [...new Map(pages.flatMap(({ entries }) => entries).map((entry) => [entry.id, entry])).values()]
    .filter(({ createdAtId }) => createdAtId >= horizon)
    .sort((a, b) => (a.createdAtId < b.createdAtId ? 1 : -1));
  const selected = merged.slice(0, query.limit);
  const next = merged.length > query.limit ? selected.at(-1)?.createdAtId : horizon || undefined;
  await read(selected);
  const found = selected.map(({ id }) => shown.get(id));
  const room = roomFor(found);
  const end = room < found.length ? selected[room - 1]?.createdAtId : next;
  return { jobs: found.slice(0, room).filter((job) => job !== undefined), ...(end === undefined ? {} : { next: end }) };
}

/** @returns what was read of each partition, in no order. */
async function readPartitions(
  partitions: readonly Partition[],
  readOne: (partition: Partition) => Promise<PartitionPage>,
): Promise<PartitionPage[]> {
  const rest = [...partitions];
  const pages: PartitionPage[] = [];
  const readOn = async (): Promise<void> => {
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) pages.push(await readOne(next));
  };
  await Promise.all(Array.from({ length: PARTITIONS_AT_ONCE }, readOn));
  return pages;
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

/**
 * The partitions of types and statuses. IAM knows nothing of an index, so a worker that was broken into can put entries of its jobs into
 * the partitions of other types: they are passed over.
 */
function statusPartitions(
  { types = [], tags = [] }: JobQuery,
  statuses: readonly JobStatus[],
  partitionsOfType: (type: string) => number,
): Partition[] {
  return types.flatMap((type) => {
    const count = partitionsOfType(type);
    const select = (entries: readonly IndexEntry[]) => entries.filter((entry) => isOfType(entry, type) && hasTags(entry, tags));
    return statuses.flatMap((status) =>
      partitionsOf(count).map((partition) => ({
        index: byTypeAndStatus,
        key: typeStatusKey(type, status, partition),
        mostLookedAt: lookedAtOf(count),
        select,
      })),
    );
  });
}

/** @param select chooses further among the entries of the right types and tags. */
function ownerPartitions(
  owner: string,
  { types, tags = [] }: JobQuery,
  count: number,
  select: (entries: IndexEntry[]) => Promise<IndexEntry[]>,
): Partition[] {
  const isAsked = (entry: IndexEntry) =>
    (types === undefined || types.some((type) => isOfType(entry, type))) && hasTags(entry, tags);
  return partitionsOf(count).map((partition) => ({
    index: byOwner,
    key: ownerKey(owner, partition),
    mostLookedAt: lookedAtOf(count),
    select: (entries) => select(entries.filter(isAsked)),
  }));
}

function lookedAtOf(partitions: number): number {
  return Math.max(MIN_FURTHER, Math.ceil(MAX_LOOKED_AT / partitions));
}

function isOfType({ id }: IndexEntry, type: string): boolean {
  return id.startsWith(jobIdPrefix(type));
}

/** Whoever broke into a worker may have written tags of any form, in which there is nothing to find. */
function hasTags({ tags }: IndexEntry, asked: readonly string[]): boolean {
  const own = Object.entries((tags ?? {}) as object).filter(([, value]) => typeof value === "string");
  const texts = new Set(own.map(([key, value]) => `${key}:${value}`));
  return asked.every((tag) => texts.has(tag));
}

/** Whether an entry is at the place of its own job, which a cursor can name. */
function isPlaced({ id, createdAtId }: IndexEntry): boolean {
  return JOB_POSITION.test(createdAtId) && createdAtId.endsWith(`#${id}`);
}

/** Reads the newest entries of a partition. Those at places that no job of ours has are passed over. */
async function readPartition(
  client: DynamoDBDocumentClient,
  tableName: string,
  { index, key, mostLookedAt, select }: Partition,
  { limit, tags = [], ...query }: JobQuery,
): Promise<PartitionPage> {
  const range = placesOf(query);
  if (range === undefined) return { entries: [] };
  const entries: IndexEntry[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  let Limit = limit + 1;
  let lookedAt = 0;
  for (;;) {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: index.name,
        KeyConditionExpression: ["#key = :key", ...range.conditions].join(" AND "),
        ProjectionExpression: ["id", "createdAtId", ...(tags.length > 0 ? ["#tags"] : [])].join(", "),
        ExpressionAttributeNames: { "#key": index.hashKey, ...(tags.length > 0 ? { "#tags": "tags" } : {}) },
        ExpressionAttributeValues: { ":key": key, ...range.values },
        ScanIndexForward: false,
        Limit,
        ExclusiveStartKey,
      }),
    );
    const fitting = (Items as IndexEntry[]).filter((entry) => isPlaced(entry) && entry.createdAtId !== query.after);
    entries.push(...(await select(fitting)).map(({ id, createdAtId }) => ({ id, createdAtId })));
    if (LastEvaluatedKey === undefined) return { entries };
    if (entries.length > limit) return { entries, readTo: entries.at(-1)?.createdAtId as string };
    lookedAt += Limit;
    const readTo = endOfMillisecond(LastEvaluatedKey.createdAtId as string);
    // The end of the millisecond where the last page ended is no way on: jobs that were listed would be found again, page after page.
    const isFurther = query.after === undefined || readTo < query.after;
    if (lookedAt >= mostLookedAt && isFurther && JOB_POSITION.test(readTo)) return { entries, readTo };
    Limit = Math.max(MIN_FURTHER, Math.min(PAGE_GROWTH * Limit, mostLookedAt - lookedAt));
    ExclusiveStartKey = LastEvaluatedKey;
  }
}

/**
 * The places that a query asks for, as a condition on the sort key; undefined where there can be none. DynamoDB takes one condition, and
 * between two places both belong to it (API reference: Query).
 */
function placesOf({ after, createdAfter, createdBefore }: Pick<JobQuery, "after" | "createdAfter" | "createdBefore">) {
  // A place begins with a time and `#`, which `$` follows: so no place is a bound that is a time.
  const from = createdAfter === undefined ? undefined : `${createdAfter}$`;
  const to = [after, createdBefore].filter((place) => place !== undefined).sort()[0];
  if (from !== undefined && to !== undefined) {
    if (from > to) return undefined;
    return { conditions: ["createdAtId BETWEEN :from AND :to"], values: { ":from": from, ":to": to } };
  }
  if (from !== undefined) return { conditions: ["createdAtId > :from"], values: { ":from": from } };
  if (to !== undefined) return { conditions: ["createdAtId < :to"], values: { ":to": to } };
  return { conditions: [], values: {} };
}

/**
 * The last sort key of a millisecond. The entry where a search stopped may be another owner's, whose ID a cursor must
 * not tell; from here on, the next page looks at its whole millisecond again.
 */
function endOfMillisecond(createdAtId: string): string {
  return `${createdAtId.slice(0, createdAtId.indexOf("#"))}#${LAST_JOB_ID}`;
}
