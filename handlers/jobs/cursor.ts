import { createHash } from "node:crypto";
import type { JobStatus } from "@autoscaling-job-queues/domain/job";
import type { JobQuery } from "@autoscaling-job-queues/domain/job-list";
import { JOB_POSITION } from "@autoscaling-job-queues/domain/list-places";
import { Problem } from "../http/problem.ts";

/** What a cursor belongs to: another query must not go on from its place. */
export type CursorScope = Omit<JobQuery, "limit" | "after">;

const CHECKSUM_CHARACTERS = 16;
/** What every cursor looks like; none is longer. */
export const CURSOR = /^[A-Za-z0-9_-]{1,134}$/;

/** What a cursor through a batch's jobs belongs to. */
export interface BatchScope {
  readonly id: string;
  readonly statuses: readonly JobStatus[];
}

/** The number of a job of a batch, past the first. */
const NUMBER = /^[1-9]\d{0,2}$/;

/** Writes the position where a page of a list ended. */
export function encodeCursor(position: string, scope: CursorScope): string {
  return seal(position, listScope(scope));
}

/** @throws Problem 400 when the cursor was not made by `encodeCursor` for this scope. */
export function decodeCursor(cursor: string, scope: CursorScope): string {
  return unseal(cursor, JOB_POSITION, listScope(scope));
}

/** Writes the number of the next job of a batch. */
export function encodeNumber(number: number, scope: BatchScope): string {
  return seal(String(number), batchScope(scope));
}

/** @throws Problem 400 when the cursor was not made by `encodeNumber` for this scope. */
export function decodeNumber(cursor: string, scope: BatchScope): number {
  return Number(unseal(cursor, NUMBER, batchScope(scope)));
}

/**
 * A place as text that callers hand back unread: base64url of the place and a checksum over place and scope. The checksum guards against
 * mistakes, and whoever likes can make one: what a caller may see does not depend on it, and a place is checked for its form.
 */
function seal(place: string, scope: readonly unknown[]): string {
  const checksum = createHash("sha256")
    .update(JSON.stringify([place, ...scope]))
    .digest("base64url");
  return Buffer.from(place + checksum.slice(0, CHECKSUM_CHARACTERS)).toString("base64url");
}

function unseal(cursor: string, form: RegExp, scope: readonly unknown[]): string {
  const text = CURSOR.test(cursor) ? Buffer.from(cursor, "base64url").toString() : "";
  const place = text.slice(0, -CHECKSUM_CHARACTERS);
  // Compared as a whole: base64 has several texts for the same bytes.
  if (form.test(place) && seal(place, scope) === cursor) return place;
  throw new Problem("InvalidCursor", "the cursor does not belong to this query; start again without one", {
    errors: [{ path: "?cursor", message: "must be the cursor of a page of the same query, unchanged" }],
  });
}

function listScope({ types, statuses, owner, tags, createdAfter, createdBefore }: CursorScope): unknown[] {
  const lists = [types, statuses, tags].map((list) => list?.toSorted() ?? null);
  return [lists, owner ?? null, createdAfter ?? null, createdBefore ?? null];
}

function batchScope({ id, statuses }: BatchScope): unknown[] {
  return [id, statuses.toSorted()];
}
