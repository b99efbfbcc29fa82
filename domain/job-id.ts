import { createHash } from "node:crypto";
import { ulid } from "ulid";
import { JOB_TYPE_NAME } from "./job-type-name.ts";

/** Between the type and the ULID; no type's name has one. */
export const SEPARATOR = "_";
/** 26 characters of Crockford's base 32, the first at most 7 (github.com/ulid/spec). */
export const ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}";
/** The digits of a ULID. */
export const ULID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * `<type>_<ULID>`. The type is the first part of the jobs table's key, so that IAM (`dynamodb:LeadingKeys`) keeps the workers of one
 * type away from the jobs of all others.
 */
export const JOB_ID = {
  pattern: new RegExp(`^${JOB_TYPE_NAME.pattern.source.slice(1, -1)}${SEPARATOR}${ULID}$`),
  maxLength: JOB_TYPE_NAME.maxLength + SEPARATOR.length + 26,
} as const;

/** The rule in words. */
export const JOB_ID_RULE = "<job type>_<ULID>, such as document_01JCQ8N6V4W2X9Y7Z5T3R1P0MK";

/** Sorts after every job ID. */
export const LAST_JOB_ID = `${"z".repeat(JOB_TYPE_NAME.maxLength)}${SEPARATOR}7${"Z".repeat(25)}`;

export function isJobId(text: string): boolean {
  return text.length <= JOB_ID.maxLength && JOB_ID.pattern.test(text);
}

/** A new ID. @param now epoch milliseconds, the ULID's time part. */
export function newJobId(type: string, now: number): string {
  return `${jobIdPrefix(type)}${ulid(now)}`;
}

/** What the IDs of a type's jobs begin with. */
export function jobIdPrefix(type: string): string {
  return `${type}${SEPARATOR}`;
}

/** The type of the job that an ID names, whether or not there is such a job. */
export function typeOfJobId(id: string): string {
  return id.slice(0, id.indexOf(SEPARATOR));
}

/**
 * The ID of the job of this type that this caller adds under this idempotency key: the same for every try, so that the
 * conditional put of the job's item is the only guard that idempotency needs.
 */
export function jobIdForKey(type: string, owner: string, idempotencyKey: string): string {
  return derivedJobId(type, [owner, idempotencyKey]);
}

/**
 * The ID of the job that retries this one: the same for every try. No key of a caller's makes it, as it derives from three parts.
 *
 * @param job `createdAt` tells apart the jobs that have one ID, one after the other.
 */
export function jobIdForRetry({
  type,
  id,
  createdAt,
}: {
  readonly type: string;
  readonly id: string;
  readonly createdAt: string;
}): string {
  return derivedJobId(type, ["retry", id, createdAt]);
}

function derivedJobId(type: string, parts: readonly string[]): string {
  return `${jobIdPrefix(type)}${derivedUlid(parts)}`;
}

/** The second part of an ID that derives from these: the same for the same, another one for others. */
export function derivedUlid(parts: readonly (string | number)[]): string {
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest();
  return base32(BigInt(`0x${hash.subarray(0, 16).toString("hex")}`), 26);
}

/** The last bits of a number in a ULID's characters, five bits each. */
export function base32(bits: bigint, characters: number): string {
  const digits = Array.from({ length: characters }, (_, index) => Number((bits >> BigInt(5 * index)) & 31n));
  return digits
    .reverse()
    .map((digit) => ULID_ALPHABET[digit])
    .join("");
}
