import { callSettings } from "@autoscaling-job-queues/domain/clients";
import type { PayloadLocation, StoredJob } from "@autoscaling-job-queues/domain/job";
import { LINK_SECONDS } from "@autoscaling-job-queues/domain/limits";

/** Makes a link that reads one object for `LINK_SECONDS`, or less if the credentials that signed it end sooner. */
export type Sign = (object: { readonly bucket: string; readonly key: string }) => Promise<string>;

/** A file that a job stored, as it stands in the job's result. */
interface FileReference extends PayloadLocation {
  readonly contentType: string;
}

/** Signs with S3's presigner. Client and presigner are loaded when first used: few jobs have anything in S3. */
export function s3Sign(): Sign {
  let signer: Promise<Sign> | undefined;
  return async (object) => {
    signer ??= import("./s3-signer.ts").then(({ s3Signer }) => s3Signer(callSettings(), LINK_SECONDS));
    return await (await signer)(object);
  };
}

/**
 * The links of a job: `inputUrl`, `resultUrl`, and its result with a `url` beside every file in it. Whatever a result
 * claims, nothing is signed but objects of the results bucket that belong to this very job.
 */
export async function jobLinks(
  { id, type, inputLocation, result, resultLocation }: StoredJob,
  bucket: string,
  sign: Sign,
): Promise<{ readonly inputUrl?: string; readonly resultUrl?: string; readonly result?: unknown }> {
  const isOwn = (location: { bucket: string; key: string } | undefined, folder: "inputs" | "results"): boolean =>
    location?.bucket === bucket && isBelow(location.key, `${folder}/${type}/${id}/`);
  const [inputUrl, resultUrl, linkedResult] = await Promise.all([
    inputLocation !== undefined && isOwn(inputLocation, "inputs") ? sign(inputLocation) : undefined,
    resultLocation !== undefined && isOwn(resultLocation, "results") ? sign(resultLocation) : undefined,
    linkFiles(result, (file) => isOwn(file, "results"), sign),
  ]);
  return {
    ...(inputUrl === undefined ? {} : { inputUrl }),
    ...(resultUrl === undefined ? {} : { resultUrl }),
    ...(linkedResult === undefined ? {} : { result: linkedResult }),
  };
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
