import { ULID_ALPHABET } from "./job-id.ts";
import { MAX_LIST_PARTITIONS } from "./limits.ts";

/**
 * A type may spread its jobs over several partitions of the indexes that list them, as one takes 1,000 writes a second. A job's partition is
 * chosen once, when it is added, and stands in its item: nobody who writes the item later needs to know over how many its type spreads jobs
 * (docs/decisions/0040-list-partitions.md). Partition 0 has the keys of a type that spreads none.
 */

/** Of an ID, the characters whose bits are random, or a hash's: a million values. */
const DIGITS = 4;
const OWNER_KEY = /^\d+#/;
/** Partitions that are read at a time: an answer to a query has up to 1 MB (DynamoDB API reference), and all could take a Lambda's memory. */
export const PARTITIONS_AT_ONCE = 16;

/** The partition of a job that is added while its type spreads jobs over so many: each gets as many jobs as any other. */
export function listPartitionOf(id: string, partitions: number): number {
  return [...id.slice(-DIGITS)].reduce((number, digit) => 32 * number + ULID_ALPHABET.indexOf(digit), 0) % partitions;
}

/** Partition key of the index by type and status. */
export function typeStatusKey(type: string, status: string, partition = 0): string {
  return partition === 0 ? `${type}#${status}` : `${type}#${status}#${partition}`;
}

/** The partition in such a key. The workers of its type may write anything into an item; what is no partition is the first. */
export function listPartitionIn(typeStatus: unknown): number {
  const partition = Number(String(typeStatus).split("#")[2]);
  return Number.isInteger(partition) && partition > 0 && partition < MAX_LIST_PARTITIONS ? partition : 0;
}

/** Partition key of the index by owner: what the item of a job has for its owner. */
export function ownerKey(owner: string, partition: number): string {
  return partition === 0 ? owner : `${partition}#${owner}`;
}

/** Whether a partition stands before an owner, which begins with a letter: the kind of its authorizer. */
export function isOwnerKey(owner: unknown): owner is string {
  return typeof owner === "string" && OWNER_KEY.test(owner);
}

/** The owner in such a key. */
export function ownerIn(key: string): string {
  return key.replace(OWNER_KEY, "");
}

/** All partitions of so many. */
export function partitionsOf(count: number): number[] {
  return Array.from({ length: count }, (_, partition) => partition);
}
