import { callSettings } from "@autoscaling-job-queues/domain/clients";
import type { PayloadLocation, StoredJob } from "@autoscaling-job-queues/domain/job";
import { LINK_SECONDS } from "@autoscaling-job-queues/domain/limits";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";

/** Makes a link that reads one object for `LINK_SECONDS`, or less if the credentials that signed it end sooner. */
export type Sign = (object: { readonly bucket: string; readonly key: string }) => Promise<string>;

/** A file that a job stored, as it stands in the job's result. */
interface FileReference extends PayloadLocation {
  readonly contentType: string;
}

/** A file of a large result, with its link. */
export type LinkedFile = FileReference & { readonly url: string };

/** The largest result in S3 that is read for the files in it, in bytes. */
const MAX_READ_BYTES = 1_048_576;
/** Files of a large result that get a link: a link has up to 2 KB, and a Lambda answers at most 6 MB (Lambda quotas). */
const MAX_LINKED_FILES = 1_000;

/** Signs with S3's presigner. Client and presigner are loaded when first used: few jobs have anything in S3. */
export function s3Sign(): Sign {
  let signer: Promise<Sign> | undefined;
  return async (object) => {
    signer ??= import("./s3-signer.ts").then(({ s3Signer }) => s3Signer(callSettings(), LINK_SECONDS));
    return await (await signer)(object);
  };
}

export interface JobLinks {
  readonly inputUrl?: string;
  readonly resultUrl?: string;
  /** The result with a `url` beside every file in it. */
  readonly result?: unknown;
  /** The files in a result that is in S3 itself, in its order. */
  readonly resultFiles?: readonly LinkedFile[];
}

export interface LinkDependencies {
  readonly resultsBucket: string;
  readonly sign: Sign;
  readonly payloads: Pick<PayloadStore, "getText">;
}

/**
 * The links of a job. Whatever a result claims, nothing is signed but objects of the results bucket that belong to this very
 * job.
 */
export async function jobLinks(
  { id, type, inputLocation, result, resultLocation }: StoredJob,
  { resultsBucket: bucket, sign, payloads }: LinkDependencies,
): Promise<JobLinks> {
  const isOwn = (location: { bucket: string; key: string } | undefined, folder: "inputs" | "results"): boolean =>
    location?.bucket === bucket && isBelow(location.key, `${folder}/${type}/${id}/`);
  const isOwnFile = (file: FileReference): boolean => isOwn(file, "results");
  const ownResult = isOwn(resultLocation, "results") ? resultLocation : undefined;
  const [inputUrl, resultUrl, linkedResult, resultFiles = []] = await Promise.all([
    inputLocation !== undefined && isOwn(inputLocation, "inputs") ? sign(inputLocation) : undefined,
    ownResult && sign(ownResult),
    linkFiles(result, isOwnFile, sign),
    ownResult && readResult(ownResult, payloads).then((stored) => linkedFiles(stored, isOwnFile, sign)),
  ]);
  return {
    ...(inputUrl === undefined ? {} : { inputUrl }),
    ...(resultUrl === undefined ? {} : { resultUrl }),
    ...(linkedResult === undefined ? {} : { result: linkedResult }),
    ...(resultFiles.length === 0 ? {} : { resultFiles }),
  };
}

/** @returns undefined for a result that is too large, or that the bucket has no more. */
async function readResult(location: PayloadLocation, payloads: LinkDependencies["payloads"]): Promise<unknown> {
  if (location.bytes > MAX_READ_BYTES) return undefined;
  try {
    return JSON.parse(await payloads.getText(location));
  } catch (error) {
    if ((error as Error).name === "NoSuchKey") return undefined;
    throw error;
  }
}

async function linkedFiles(result: unknown, isOwn: (file: FileReference) => boolean, sign: Sign): Promise<LinkedFile[]> {
  const files = fileReferences(result).filter(isOwn).slice(0, MAX_LINKED_FILES);
  return await Promise.all(
    files.map(async ({ bucket, key, bytes, contentType }) => {
      return { bucket, key, bytes, contentType, url: await sign({ bucket, key }) };
    }),
  );
}

function fileReferences(value: unknown): FileReference[] {
  if (typeof value !== "object" || value === null) return [];
  return isFileReference(value) ? [value] : Object.values(value).flatMap(fileReferences);
}

async function linkFiles(value: unknown, isOwn: (file: FileReference) => boolean, sign: Sign): Promise<unknown> {
  if (Array.isArray(value)) return await Promise.all(value.map((item) => linkFiles(item, isOwn, sign)));
  if (typeof value !== "object" || value === null) return value;
  if (isFileReference(value)) return isOwn(value) ? { ...value, url: await sign(value) } : value;
  const members = Object.entries(value).map(async ([key, content]) => [key, await linkFiles(content, isOwn, sign)] as const);
  return Object.fromEntries(await Promise.all(members));
}

function isFileReference(value: object): value is FileReference {
  const { bucket, key, bytes, contentType } = value as Partial<Record<keyof FileReference, unknown>>;
  return typeof bucket === "string" && typeof key === "string" && typeof bytes === "number" && typeof contentType === "string";
}

/** Clients resolve `..` in a link's path before they send it, so a key with such a part names another object to them. */
function isBelow(key: string, folder: string): boolean {
  return key.startsWith(folder) && !key.split("/").some((part) => part === "." || part === "..");
}
