import type { Job, StoredJob } from "./job.ts";

/** What callers may see of a job, apart from its payloads. */
const ATTRIBUTES = [
  "id",
  "type",
  "status",
  "version",
  "attempt",
  "maxAttempts",
  "inputLocation",
  "resultLocation",
  "error",
  "progress",
  "tags",
  "groupId",
  "owner",
  "createdAt",
  "updatedAt",
  "startedAt",
  "finishedAt",
  "cancelRequestedAt",
  "runAt",
  "nextAttemptAt",
  "expiresAt",
] as const satisfies readonly (keyof Job)[];

/** Stored as text, which is a part of the job's as it is: no number is read, and no member moved. */
const PAYLOADS = ["input", "result"] as const satisfies readonly (keyof Job)[];

/**
 * JSON of the part of a stored job that callers may see: the `Job` of API and events.
 *
 * @param more further members.
 */
export function jobJson(stored: StoredJob, more: object = {}): string {
  const members = Object.fromEntries(ATTRIBUTES.map((attribute) => [attribute, stored[attribute]]));
  const head = JSON.stringify({ ...members, ...more });
  const payloads = PAYLOADS.flatMap((name) => (stored[name] === undefined ? [] : [`,"${name}":${stored[name]}`]));
  return `${head.slice(0, -1)}${payloads.join("")}}`;
}
