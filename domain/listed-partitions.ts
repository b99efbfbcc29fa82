import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { JOB_STATUSES, type JobStatus } from "./job.ts";
import { jobIdPrefix } from "./job-id.ts";
import type { JobQuery } from "./job-list.ts";
import { readListPartitions } from "./list-partition-marks.ts";
import { ownerKey, partitionsOf, typeStatusKey } from "./list-partitions.ts";
import { type IndexEntry, type ListPartition, MIN_FURTHER } from "./list-reading.ts";
import { TABLES } from "./tables.ts";

/**
 * Index entries looked at for one request, of the jobs of one type in one state, or of one owner: bounds a search for few jobs among many.
 * Where they are spread over partitions, each has its share, and {@link MIN_FURTHER} at least. Far more than share a millisecond, as an
 * index partition takes 1,000 writes a second (DynamoDB quotas).
 */
const MAX_LOOKED_AT = 1_000;

const { byOwner, byTypeAndStatus } = TABLES.jobs.indexes;

/** The partitions of the indexes in which a query's jobs can be: what was announced of them is read first. */
export async function listedPartitions(
  client: DynamoDBDocumentClient,
  tableName: string,
  query: JobQuery,
): Promise<ListPartition[]> {
  // Those of all types together where an owner's jobs may be of any.
  const { owner, types = [""], statuses = JOB_STATUSES } = query;
  const partitionsOfType = await readListPartitions(client, tableName, types);
  if (owner === undefined) return statusPartitions(query, statuses, partitionsOfType);
  return ownerPartitions(owner, query, Math.max(1, ...types.map(partitionsOfType)));
}

/**
 * The partitions of types and statuses. IAM knows nothing of an index, so a worker that was broken into can put entries of its jobs into
 * the partitions of other types: they are passed over.
 */
function statusPartitions(
  { types = [], tags = [] }: JobQuery,
  statuses: readonly JobStatus[],
  partitionsOfType: (type: string) => number,
): ListPartition[] {
  return types.flatMap((type) => {
    const count = partitionsOfType(type);
    const isAsked = (entry: IndexEntry) => isOfType(entry, type) && hasTags(entry, tags);
    return statuses.flatMap((status) =>
      partitionsOf(count).map((partition) => ({
        index: byTypeAndStatus,
        key: typeStatusKey(type, status, partition),
        mostLookedAt: lookedAtOf(count),
        isAsked,
      })),
    );
  });
}

function ownerPartitions(owner: string, { types, tags = [] }: JobQuery, count: number): ListPartition[] {
  const isAsked = (entry: IndexEntry) =>
    (types === undefined || types.some((type) => isOfType(entry, type))) && hasTags(entry, tags);
  return partitionsOf(count).map((partition) => ({
    index: byOwner,
    key: ownerKey(owner, partition),
    mostLookedAt: lookedAtOf(count),
    isAsked,
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
