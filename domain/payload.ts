import { MAX_ITEM_PAYLOAD_BYTES } from "./limits.ts";

/** Whether a payload, as JSON text, lives in the job's item; larger ones live in S3. */
export function fitsItem(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_ITEM_PAYLOAD_BYTES;
}

/**
 * Keys of the results bucket. A worker may read below `inputs/<type>/`, write below `results/<type>/`, do both below
 * `checkpoints/<type>/`, and nothing elsewhere.
 */
export const payloadKeys = {
  input: (type: string, id: string, writeId: string) => `inputs/${type}/${id}/${writeId}.json`,
  attempt: (type: string, id: string, attempt: number) => `results/${type}/${id}/${attempt}/`,
  result: (type: string, id: string, attempt: number) => `${payloadKeys.attempt(type, id, attempt)}result.json`,
  file: (type: string, id: string, attempt: number, name: string) => `${payloadKeys.attempt(type, id, attempt)}files/${name}`,
  /** Each checkpoint has a key of its own: what an attempt writes that has lost its lease is never read. */
  checkpoint: (type: string, id: string, writeId: string) => `checkpoints/${type}/${id}/${writeId}.json`,
} as const;
