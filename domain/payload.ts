import { ownerFolder } from "./job-files.ts";
import { MAX_ITEM_PAYLOAD_BYTES } from "./limits.ts";

/** Whether a payload, as JSON text, lives in the job's item; larger ones live in S3. */
export function fitsItem(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_ITEM_PAYLOAD_BYTES;
}

/** Where inputs are: those of jobs whose message a schedule sends are kept for longer, as `later`. */
export const INPUT_FOLDERS = ["inputs", "later"] as const;
export type InputFolder = (typeof INPUT_FOLDERS)[number];

/**
 * Keys of the results bucket. A worker may read below `inputs/<type>/`, `later/<type>/` and `uploads/<type>/`, write below
 * `results/<type>/`, do both below `checkpoints/<type>/`, and nothing elsewhere.
 */
export const payloadKeys = {
  input: (type: string, id: string, writeId: string, folder: InputFolder = "inputs") => `${folder}/${type}/${id}/${writeId}.json`,
  /** A copy of a file: of a job that was retried, or of an upload that would not be kept until its job is due. */
  inputFile: (type: string, id: string, writeId: string, name: string, folder: InputFolder = "inputs") =>
    `${folder}/${type}/${id}/${writeId}/${name}`,
  /** What a caller uploads belongs to no job yet. It is derived, so that no caller can name another's, or one for another type. */
  upload: (type: string, owner: string, upload: string, name: string) =>
    `uploads/${type}/${ownerFolder(owner)}/${upload}/${name}`,
  attempt: (type: string, id: string, attempt: number) => `results/${type}/${id}/${attempt}/`,
  result: (type: string, id: string, attempt: number) => `${payloadKeys.attempt(type, id, attempt)}result.json`,
  file: (type: string, id: string, attempt: number, name: string) => `${payloadKeys.attempt(type, id, attempt)}files/${name}`,
  /** Each checkpoint has a key of its own: what an attempt writes that has lost its lease is never read. */
  checkpoint: (type: string, id: string, writeId: string) => `checkpoints/${type}/${id}/${writeId}.json`,
} as const;

/** Clients resolve `..` in a link's path before they send it, so a key with such a part names another object to them. */
export function isBelow(key: string, folder: string): boolean {
  return key.startsWith(folder) && !key.split("/").some((part) => part === "." || part === "..");
}

/**
 * Whether an object is one that a job of this type may begin with. An item can be written by the workers of its type, and who acts for
 * callers with wider rights must not read for them what they may not.
 */
export function isInputOf({ type, id }: { readonly type: string; readonly id: string }, key: string): boolean {
  return [...INPUT_FOLDERS.map((folder) => `${folder}/${type}/${id}/`), `uploads/${type}/`].some((folder) =>
    isBelow(key, folder),
  );
}
