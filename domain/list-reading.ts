import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { inParallel } from "./in-parallel.ts";
import { PARTITIONS_AT_ONCE } from "./list-partitions.ts";
import { JOB_POSITION, type PlaceCondition } from "./list-places.ts";
import type { TableIndex } from "./tables.ts";

const PAGE_GROWTH = 4;
/** Entries of a further look, at least: past the bound, some may be no place to stop at. */
export const MIN_FURTHER = 100;

/** The jobs of one type in one state, or those of one owner; where they are spread, a part of them. */
export interface ListPartition {
  readonly index: TableIndex;
  readonly key: string;
  /** Entries that are looked at, at most, unless there is no place to stop at. */
  readonly mostLookedAt: number;
  /** Whether an entry is looked for, as far as it tells. */
  readonly isAsked: (entry: IndexEntry) => boolean;
}

export interface IndexEntry {
  readonly id: string;
  readonly createdAtId: string;
  /** Only while it is compared. */
  readonly tags?: unknown;
}

/** What is read of all partitions alike. */
export interface ListReading {
  readonly tableName: string;
  readonly range: PlaceCondition;
  /** The last place of the page before. */
  readonly after: string | undefined;
  readonly withTags: boolean;
  readonly limit: number;
}

/** How far a partition was read. */
interface Progress extends ListPartition {
  readonly limit: number;
  readonly lookedAt: number;
  /** Absent before the first look, and when the partition was read to its end. */
  readonly from?: Record<string, unknown> | undefined;
}

/** Entries of all partitions, the newest first, that come after those before. */
export interface MergedEntries {
  readonly entries: readonly IndexEntry[];
  /** The place down to which all partitions were looked at; empty when they were read to their ends. */
  readonly horizon: string;
  /** Whether as many entries were looked at as may be. */
  readonly isAtBound: boolean;
}

/** Reads the newest entries of partitions, and older ones for as long as somebody asks for more. */
export async function* mergedEntries(
  client: DynamoDBDocumentClient,
  partitions: readonly ListPartition[],
  reading: ListReading,
): AsyncGenerator<MergedEntries> {
  const seen = new Set<string>();
  let ahead: IndexEntry[] = [];
  let resting: Progress[] = [];
  let going = partitions.map((partition): Progress => ({ ...partition, limit: reading.limit + 1, lookedAt: 0 }));
  while (going.length > 0) {
    const looks = await inParallel(going, PARTITIONS_AT_ONCE, async (progress) => await look(client, progress, reading));
    for (const entry of looks.flatMap(({ entries }) => entries)) {
      // A job that moves on while it is looked for may be in two partitions.
      if (!seen.has(entry.id)) ahead.push(entry);
      seen.add(entry.id);
    }
    const open = [...resting, ...looks.map(({ progress }) => progress)].filter(({ from }) => from !== undefined);
    // Past the newest place where some partition stopped short, the merge could miss entries of that partition.
    const horizon = open.map(placeOf).sort().at(-1) ?? "";
    const isOver = (one: Progress): boolean => one.lookedAt >= one.mostLookedAt;
    const holdsUp = (one: Progress): boolean => placeOf(one) === horizon;
    const entries = ahead.filter(({ createdAtId }) => createdAtId >= horizon);
    ahead = ahead.filter(({ createdAtId }) => createdAtId < horizon);
    entries.sort((a, b) => (a.createdAtId < b.createdAtId ? 1 : -1));
    yield { entries, horizon, isAtBound: open.some((one) => holdsUp(one) && isOver(one)) };
    going = open.filter((one) => holdsUp(one) || !isOver(one));
    resting = open.filter((one) => !going.includes(one));
  }
}

function placeOf({ from }: Progress): string {
  return from?.createdAtId as string;
}

/** Reads on in a partition. Entries at places that no job of ours has are passed over. */
async function look(
  client: DynamoDBDocumentClient,
  progress: Progress,
  { tableName, range, after, withTags }: ListReading,
): Promise<{ readonly entries: readonly IndexEntry[]; readonly progress: Progress }> {
  const { index, key, isAsked, mostLookedAt, limit, from } = progress;
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: index.name,
      KeyConditionExpression: ["#key = :key", ...range.conditions].join(" AND "),
      ProjectionExpression: ["id", "createdAtId", ...(withTags ? ["#tags"] : [])].join(", "),
      ExpressionAttributeNames: { "#key": index.hashKey, ...(withTags ? { "#tags": "tags" } : {}) },
      ExpressionAttributeValues: { ":key": key, ...range.values },
      ScanIndexForward: false,
      Limit: limit,
      ExclusiveStartKey: from,
    }),
  );
  const asked = (Items as IndexEntry[]).filter((entry) => isPlaced(entry) && entry.createdAtId !== after && isAsked(entry));
  const lookedAt = progress.lookedAt + limit;
  const next = Math.max(MIN_FURTHER, Math.min(PAGE_GROWTH * limit, mostLookedAt - lookedAt));
  return {
    entries: asked.map(({ id, createdAtId }) => ({ id, createdAtId })),
    progress: { ...progress, limit: next, lookedAt, from: LastEvaluatedKey },
  };
}

/** Whether an entry is at the place of its own job, which a cursor can name. */
function isPlaced({ id, createdAtId }: IndexEntry): boolean {
  return JOB_POSITION.test(createdAtId) && createdAtId.endsWith(`#${id}`);
}
