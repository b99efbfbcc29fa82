import { MAX_ITEM_PAYLOAD_BYTES } from "./limits.ts";

/** Whether a payload, as JSON text, lives in the job's item; larger ones live in S3. */
export function fitsItem(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_ITEM_PAYLOAD_BYTES;
}

/** Keys of the results bucket. A worker may write below `results/<type>/` only, and read below `inputs/<type>/`. */
export const payloadKeys = {
  input: (type: string, id: string, writeId: string) => `inputs/${type}/${id}/${writeId}.json`,
  attempt: (type: string, id: string, attempt: number) => `results/${type}/${id}/${attempt}/`,
  result: (type: string, id: string, attempt: number) => `${payloadKeys.attempt(type, id, attempt)}result.json`,
  file: (type: string, id: string, attempt: number, name: string) => `${payloadKeys.attempt(type, id, attempt)}files/${name}`,
} as const;
