import { MAX_ITEM_PAYLOAD_BYTES } from "./limits.ts";

/** DynamoDB nests attributes 32 deep (quotas); the payload is itself an attribute. */
const MAX_DEPTH = 30;
/** DynamoDB holds numbers from 1E-130 on (data types); the SDK reads integers past 2^53 as BigInt. */
const MIN_MAGNITUDE = 1e-130;
/** DynamoDB has no empty names; the SDK takes the other two for a prototype and for a class, not for names. */
const UNSAFE_NAMES: ReadonlySet<string> = new Set(["", "__proto__", "constructor"]);

/**
 * Whether a JSON payload may live in the job's item: small enough, and such that DynamoDB gives it back as it was.
 * Any other goes to S3 as text.
 *
 * @param json the same value as JSON.
 */
export function fitsItem(value: unknown, json: string): boolean {
  return Buffer.byteLength(json) <= MAX_ITEM_PAYLOAD_BYTES && isStorable(value, MAX_DEPTH);
}

function isStorable(value: unknown, depth: number): boolean {
  if (depth === 0) return false;
  if (typeof value === "number") {
    return Math.abs(value) <= Number.MAX_SAFE_INTEGER && (value === 0 || Math.abs(value) >= MIN_MAGNITUDE);
  }
  // DynamoDB's strings are UTF-8, which has no half surrogate pairs.
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(
    ([name, content]) => !UNSAFE_NAMES.has(name) && name.isWellFormed() && isStorable(content, depth - 1),
  );
}

/** Keys of the results bucket. A worker may write below `results/<type>/` only, and read below `inputs/<type>/`. */
export const payloadKeys = {
  input: (type: string, id: string, writeId: string) => `inputs/${type}/${id}/${writeId}.json`,
  attempt: (type: string, id: string, attempt: number) => `results/${type}/${id}/${attempt}/`,
  result: (type: string, id: string, attempt: number) => `${payloadKeys.attempt(type, id, attempt)}result.json`,
  file: (type: string, id: string, attempt: number, name: string) => `${payloadKeys.attempt(type, id, attempt)}files/${name}`,
} as const;
