import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { inParallel } from "./in-parallel.ts";
import { dueAt, type StoredJob } from "./job.ts";
import { jobIdPrefix } from "./job-id.ts";
import type { JobItems } from "./job-items.ts";
import { readListPartitions } from "./list-partition-marks.ts";
import { PARTITIONS_AT_ONCE, partitionsOf, typeStatusKey } from "./list-partitions.ts";
import { TABLES } from "./tables.ts";

/** Jobs of a page, as many as BatchGetItem takes, and pages that a look takes, at most: jobs that are not due yet stand among them. */
const PAGE_JOBS = 100;
const MAX_PAGES = 5;

const { byTypeAndStatus } = TABLES.jobs.indexes;

interface IndexEntry {
  readonly id: string;
  readonly createdAtId: string;
}

/** A partition of the index, read from its oldest entry on. */
interface Reading {
  readonly key: string;
  /** Where it goes on; absent before the first page and after the last. */
  from?: Record<string, unknown> | undefined;
  ended?: boolean;
}

function placeOf({ from }: Reading): string {
  return (from?.createdAtId as string | undefined) ?? "";
}

/**
 * Of the jobs of a type that are QUEUED and due, some of the oldest, the oldest first, eventually consistent: those of the first hundred that has
 * any, and none where about 500 older ones are not due yet. Where the type spreads its jobs over partitions, each gives its share of a page, and the one furthest behind a page.
 * IAM knows nothing of an index, so entries of other types are passed over; see `listJobs`.
 *
 * @param now epoch milliseconds.
 */
export async function oldestQueued(
  client: DynamoDBDocumentClient,
  tableName: string,
  store: Pick<JobItems, "getMany">,
  type: string,
  now: number,
): Promise<StoredJob[]> {
  const partitions = (await readListPartitions(client, tableName, [type]))(type);
  const readings: Reading[] = partitionsOf(partitions).map((partition) => ({ key: typeStatusKey(type, "QUEUED", partition) }));
  let ahead: IndexEntry[] = [];
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const open = readings.filter(({ ended }) => ended !== true);
    // What is furthest behind holds up all others: it may be where all jobs are of before the type spread them.
    const behind = open.reduce((last, one) => (placeOf(one) < placeOf(last) ? one : last));
    const share = Math.ceil(PAGE_JOBS / partitions);
    const read = await inParallel(open, PARTITIONS_AT_ONCE, async (one) => await readOn(one, one === behind ? PAGE_JOBS : share));
    // Past the oldest place where some partition stopped short, there may be older jobs in that partition.
    const ends = open.flatMap(({ from }) => (from === undefined ? [] : [from.createdAtId as string]));
    const isSeen = ({ createdAtId }: IndexEntry) => ends.every((end) => createdAtId <= end);
    const entries = [...ahead, ...read.flat()];
    ahead = entries.filter((entry) => !isSeen(entry));
    const seen = entries.filter((entry) => isSeen(entry) && entry.id.startsWith(jobIdPrefix(type)));
    const due = await oldestDue(seen.sort((a, b) => (a.createdAtId < b.createdAtId ? -1 : 1)));
    if (due.length > 0 || ends.length === 0) return due;
  }
  return [];

  /** Reads jobs whole, which can take 400 KB each: a hundred at a time, and none past the first hundred that has any. */
  async function oldestDue(seen: readonly IndexEntry[]): Promise<StoredJob[]> {
    for (let start = 0; start < seen.length; start += PAGE_JOBS) {
      const jobs = await store.getMany(seen.slice(start, start + PAGE_JOBS).map(({ id }) => id));
      const due = jobs.filter((job) => job.status === "QUEUED" && (dueAt(job) ?? 0) <= now);
      if (due.length > 0) return due.sort((a, b) => (a.createdAtId < b.createdAtId ? -1 : 1));
    }
    return [];
  }

  async function readOn(reading: Reading, Limit: number): Promise<IndexEntry[]> {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: byTypeAndStatus.name,
        KeyConditionExpression: "#key = :key",
        ProjectionExpression: "id, createdAtId",
        ExpressionAttributeNames: { "#key": byTypeAndStatus.hashKey },
        ExpressionAttributeValues: { ":key": reading.key },
        Limit,
        ExclusiveStartKey: reading.from,
      }),
    );
    reading.from = LastEvaluatedKey;
    reading.ended = LastEvaluatedKey === undefined;
    return Items as IndexEntry[];
  }
}
