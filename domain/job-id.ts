import { createHash } from "node:crypto";
import { ulid } from "ulid";

/** A ULID: 26 characters of Crockford's base 32, the first at most 7 (github.com/ulid/spec). */
const JOB_ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

export function isJobId(text: string): boolean {
  return JOB_ID.test(text);
}

/** A new ID. @param now epoch milliseconds, its time part. */
export function newJobId(now: number): string {
  return ulid(now);
}

/**
 * The ID of the job that this caller adds under this idempotency key: the same for every try, so that the
 * conditional put of the job's item is the only guard that idempotency needs.
 */
export function jobIdForKey(owner: string, idempotencyKey: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([owner, idempotencyKey]))
    .digest();
  let bits = BigInt(`0x${hash.subarray(0, 16).toString("hex")}`);
  let id = "";
  for (let index = 0; index < 26; index += 1) {
    id = ALPHABET[Number(bits & 31n)] + id;
    bits >>= 5n;
  }
  return id;
}
