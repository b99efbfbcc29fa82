import { createHash } from "node:crypto";
import { decodeTime, ulid } from "ulid";
import { UPLOAD_NAMED_DAYS } from "./limits.ts";
import { essence } from "./media-type.ts";

/** A file that jobs of a type take. */
export interface FileSettings {
  /** One sentence for callers, served by `GET /job-types`. */
  readonly description: string;
  /** The most bytes that it may have, at most `MAX_UPLOAD_BYTES`. */
  readonly maxBytes: number;
  /** Whether a job must have it. @default true */
  readonly required?: boolean;
  /** Media types without parameters, such as `text/csv`. @default any */
  readonly contentTypes?: readonly string[];
}

/** The files that jobs of a type take, by the names that callers and the handler give them. */
export type FileDeclarations = Readonly<Record<string, FileSettings>>;

/** A file's declaration, with its defaults filled in. */
export interface DeclaredFile extends FileSettings {
  readonly required: boolean;
}

/** What a job type's name for a file may be: it is a part of keys, of paths and of programs. */
export const FILE_NAME = { pattern: /^[A-Za-z][A-Za-z0-9_-]{0,31}$/, maxLength: 32 } as const;
/** The rule in words. */
export const FILE_NAME_RULE = "1 to 32 letters, digits, hyphens and underscores, a letter first";

/** An upload, as `POST /uploads` names it: the ULID of the time when it was asked for. */
export const UPLOAD_ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** A new one. @param now epoch milliseconds. */
export function newUploadId(now: number): string {
  return ulid(now);
}

/** What is wrong with a file, told of the member that it is wrong in. */
export interface FileFault {
  readonly member: "bytes" | "contentType";
  /** A sentence without its subject. */
  readonly message: string;
}

/** Compares a file with its declaration. */
export function fileFaults(
  { maxBytes, contentTypes }: FileSettings,
  { bytes, contentType }: { readonly bytes: number; readonly contentType: string },
): FileFault[] {
  const isAllowed = contentTypes === undefined || contentTypes.includes(essence(contentType));
  return [
    ...(bytes > maxBytes ? [{ member: "bytes", message: `must be at most ${maxBytes}, not ${bytes}` } as const] : []),
    ...(isAllowed
      ? []
      : [{ member: "contentType", message: `must be ${contentTypes.join(" or ")}, not ${contentType}` } as const]),
  ];
}

/** Whether an upload may still become a file of a job: within a day of its making. @param now epoch milliseconds. */
export function mayBeNamed(upload: string, now: number): boolean {
  return now - decodeTime(upload) <= UPLOAD_NAMED_DAYS * 86_400_000;
}

/**
 * The folder of a caller's uploads. An owner is any text of up to 2 KB, with slashes and dots; a key of S3 has 1 KB, and whoever follows a
 * link in it resolves `..`.
 */
export function ownerFolder(owner: string): string {
  return createHash("sha256").update(owner).digest("base64url");
}
