import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { JOB_STATUSES, type JobStatus, type StoredJob } from "./job.ts";
import { LAST_JOB_ID } from "./job-id.ts";
import type { JobStore } from "./job-store.ts";
import { TABLES } from "./tables.ts";
import { typeStatusKey } from "./transition-values.ts";

/**
 * Index entries looked at for one request, per type and status: bounds a search for one owner's few jobs. Far more than
 * share a millisecond, as an index partition takes 1,000 writes a second (DynamoDB quotas).
 */
const MAX_LOOKED_AT = 1_000;
const PAGE_GROWTH = 4;

export interface JobQuery {
  readonly types: readonly string[];
  readonly status?: JobStatus;
  /** Only jobs of this principal. */
  readonly owner?: string;
  /** Jobs to return, at most. */
  readonly limit: number;
  /** `createdAtId` of the last job of the page before. */
  readonly after?: string;
}

export interface JobPage {
  readonly jobs: readonly StoredJob[];
  /** Where the next page starts; absent when there is none. */
  readonly next?: string;
}

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
  const partitions = query.types.flatMap((type) => statuses.map((status) => typeStatusKey(type, status)));
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
  return {
    // The index lags: a job may have moved on, or be gone.
    jobs: selected.flatMap(({ id }) => jobs.get(id) ?? []).filter((job) => statuses.includes(job.status)),
    ...(next === undefined ? {} : { next }),
  };
}

async function readPartition(
  client: DynamoDBDocumentClient,
  tableName: string,
  typeStatus: string,
  { owner, limit, after }: JobQuery,
): Promise<PartitionPage> {
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
          ":typeStatus": typeStatus,
          ...(after === undefined ? {} : { ":after": after }),
          ...(owner === undefined ? {} : { ":owner": owner }),
        },
        ScanIndexForward: false,
        Limit,
        ExclusiveStartKey,
      }),
    );
    entries.push(...(Items as IndexEntry[]));
    if (LastEvaluatedKey === undefined) return { entries };
    if (entries.length > limit) return { entries, readTo: entries.at(-1)?.createdAtId as string };
    lookedAt += Limit;
    const readTo = endOfMillisecond(LastEvaluatedKey.createdAtId as string);
    if (lookedAt >= MAX_LOOKED_AT && readTo !== after) return { entries, readTo };
    Limit = Math.max(1, Math.min(PAGE_GROWTH * Limit, MAX_LOOKED_AT - lookedAt));
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
