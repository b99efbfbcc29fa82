import type { Job, JobFile, StoredJob } from "./job.ts";

/**
 * What callers may see of a job: all of `jobSchema`, which the compiler checks. Payloads are stored as text, which becomes a part of
 * the job's as it is: no number is read, and no member moved.
 */
const MEMBERS: Readonly<Record<keyof Job, "value" | "files" | "payload">> = {
  id: "value",
  type: "value",
  status: "value",
  version: "value",
  attempt: "value",
  maxAttempts: "value",
  inputLocation: "value",
  files: "files",
  resultLocation: "value",
  error: "value",
  progress: "value",
  attempts: "value",
  tags: "value",
  groupId: "value",
  owner: "value",
  batchId: "value",
  retryOf: "value",
  traceparent: "value",
  createdAt: "value",
  updatedAt: "value",
  startedAt: "value",
  heartbeatAt: "value",
  finishedAt: "value",
  cancelRequestedAt: "value",
  runAt: "value",
  nextAttemptAt: "value",
  expiresAt: "value",
  input: "payload",
  result: "payload",
};
const NAMES = Object.keys(MEMBERS) as (keyof Job)[];
const ATTRIBUTES = NAMES.filter((name) => MEMBERS[name] === "value");
const PAYLOADS = NAMES.filter((name) => MEMBERS[name] === "payload");

/**
 * JSON of the part of a stored job that callers may see: the `Job` of API and events.
 *
 * @param more further members.
 */
export function jobJson(stored: StoredJob, more: object = {}): string {
  const members = Object.fromEntries(ATTRIBUTES.map((attribute) => [attribute, stored[attribute]]));
  const files = stored.files === undefined ? {} : { files: publicFiles(stored.files) };
  const head = JSON.stringify({ ...members, ...files, ...more });
  const payloads = PAYLOADS.flatMap((name) => (stored[name] === undefined ? [] : [`,"${name}":${stored[name]}`]));
  return `${head.slice(0, -1)}${payloads.join("")}}`;
}

/** Where a file is, is nothing for callers: links tell them. */
export function publicFiles(files: NonNullable<StoredJob["files"]>): Record<string, JobFile> {
  return Object.fromEntries(Object.entries(files).map(([name, { bytes, contentType }]) => [name, { bytes, contentType }]));
}
