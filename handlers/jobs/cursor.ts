import { createHash } from "node:crypto";
import type { JobStatus } from "@autoscaling-job-queues/domain/job";
import { JOB_POSITION, type JobQuery } from "@autoscaling-job-queues/domain/job-list";
import { Problem } from "../http/problem.ts";

/** What a cursor belongs to: another query must not go on from its place. */
export type CursorScope = Omit<JobQuery, "limit" | "after">;

const CHECKSUM_CHARACTERS = 16;
/** What every cursor looks like; none is longer. */
export const CURSOR = /^[A-Za-z0-9_-]{1,134}$/;

/**
 * Writes the place where a page ended as text that callers hand back unread: base64url of the position and a checksum
 * over position and scope. The checksum guards against mistakes; what a caller may see does not depend on it.
 */
export function encodeCursor(position: string, scope: CursorScope): string {
  return Buffer.from(position + checksum(position, scope)).toString("base64url");
}

/** What a cursor through a batch's jobs belongs to. */
export interface BatchScope {
  readonly id: string;
  readonly statuses: readonly JobStatus[];
}

/** Writes the number of the next job of a batch as `encodeCursor` writes a place. */
export function encodeNumber(number: number, { id, statuses }: BatchScope): string {
  return Buffer.from(`${number}${hash([number, id, statuses.toSorted()])}`).toString("base64url");
}

/** @throws Problem 400 when the cursor was not made by `encodeNumber` for this scope. */
export function decodeNumber(cursor: string, scope: BatchScope): number {
  const text = CURSOR.test(cursor) ? Buffer.from(cursor, "base64url").toString() : "";
  const number = Number(text.slice(0, -CHECKSUM_CHARACTERS));
  if (encodeNumber(number, scope) !== cursor) throw wrongCursor();
  return number;
}

/** @throws Problem 400 when the cursor was not made by `encodeCursor` for this scope. */
export function decodeCursor(cursor: string, scope: CursorScope): string {
  const text = CURSOR.test(cursor) ? Buffer.from(cursor, "base64url").toString() : "";
  const position = text.slice(0, -CHECKSUM_CHARACTERS);
  // Compared as a whole: base64 has several texts for the same bytes.
  if (!JOB_POSITION.test(position) || encodeCursor(position, scope) !== cursor) {
    throw wrongCursor();
  }
  return position;
}

function wrongCursor(): Problem {
  return new Problem("InvalidCursor", "the cursor does not belong to this query; start again without one", {
    errors: [{ path: "?cursor", message: "must be the cursor of a page of the same query, unchanged" }],
  });
}

function checksum(position: string, { types, statuses, owner, tags, createdAfter, createdBefore }: CursorScope): string {
  const lists = [types, statuses, tags].map((list) => list?.toSorted() ?? null);
  return hash([position, lists, owner ?? null, createdAfter ?? null, createdBefore ?? null]);
}

function hash(scoped: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(scoped)).digest("base64url").slice(0, CHECKSUM_CHARACTERS);
}
