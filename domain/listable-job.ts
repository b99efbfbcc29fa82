import type { StoredJob } from "./job.ts";

const TEXTS = [
  ...["status", "owner", "groupId", "batchId", "retryOf", "traceparent", "createdAt", "updatedAt", "startedAt", "heartbeatAt"],
  ...["finishedAt", "cancelRequestedAt", "runAt", "nextAttemptAt"],
] as readonly (keyof StoredJob)[];
const NUMBERS: readonly (keyof StoredJob)[] = ["version", "attempt", "maxAttempts", "expiresAt"];

/**
 * Whether the members of an item are of the kinds that this system writes. What lists have is looked into by commands and pages of people who
 * watch all types: a worker of one type that was broken into could otherwise have all of them fail, by an error that is null or a time that
 * is a list.
 */
export function isListable(job: StoredJob): boolean {
  const { error, progress, tags, attempts } = job;
  return (
    TEXTS.every((name) => job[name] === undefined || isText(job[name])) &&
    NUMBERS.every((name) => job[name] === undefined || isNumber(job[name])) &&
    isRecord(tags, isText) &&
    isRecord(error, isText) &&
    isRecord(progress, (value) => isText(value) || isNumber(value)) &&
    (attempts === undefined || (Array.isArray(attempts) && attempts.every(isAttempt)))
  );
}

function isAttempt(attempt: unknown): boolean {
  return isRecord(attempt, (value) => isText(value) || isNumber(value) || isRecord(value, isText));
}

function isRecord(value: unknown, isMember: (member: unknown) => boolean): boolean {
  if (value === undefined) return true;
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isMember);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}
