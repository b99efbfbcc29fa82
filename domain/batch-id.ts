import { derivedUlid, JOB_ID, jobIdPrefix, SEPARATOR, ULID } from "./job-id.ts";
import { JOB_TYPE_NAME } from "./job-type-name.ts";

const BATCH = "batch";

/** `<type>_batch_<ULID>`: no job's ID, and yet the type comes first, so that the workers of other types cannot reach it. */
export const BATCH_ID = {
  pattern: new RegExp(`^${JOB_TYPE_NAME.pattern.source.slice(1, -1)}${SEPARATOR}${BATCH}${SEPARATOR}${ULID}$`),
  maxLength: JOB_ID.maxLength + BATCH.length + SEPARATOR.length,
} as const;

/** All batch IDs, and no job ID, as IAM's `StringLike` has it. */
export const BATCH_KEYS = `*${SEPARATOR}${BATCH}${SEPARATOR}*`;

/** The rule in words. */
export const BATCH_ID_RULE = "<job type>_batch_<ULID>, such as document_batch_01JCQ8N6V4W2X9Y7Z5T3R1P0MK";

export function isBatchId(text: string): boolean {
  return text.length <= BATCH_ID.maxLength && BATCH_ID.pattern.test(text);
}

/** What tells a batch from all others: `createdAt` tells apart those that have one ID, one after the other. */
export interface BatchLife {
  readonly id: string;
  readonly createdAt: string;
}

/** The ID of the batch of this type that this caller adds under this idempotency key: the same for every try. */
export function batchIdForKey(type: string, owner: string, idempotencyKey: string): string {
  return `${jobIdPrefix(type)}${BATCH}${SEPARATOR}${derivedUlid([owner, idempotencyKey])}`;
}

/** The ID of one of a batch's jobs, whoever stores it. @param number from 0 */
export function batchJobId(type: string, { id, createdAt }: BatchLife, number: number): string {
  return `${jobIdPrefix(type)}${derivedUlid([BATCH, id, createdAt, number])}`;
}

/** The ID of the job of this type that is added when the batch has completed: once, however often that is told. */
export function onCompleteJobId(type: string, { id, createdAt }: BatchLife): string {
  return `${jobIdPrefix(type)}${derivedUlid(["on-complete", id, createdAt])}`;
}
