import { callSettings } from "@autoscaling-job-queues/domain/clients";
import type { JobFile, PayloadLocation, StoredJob } from "@autoscaling-job-queues/domain/job";
import { publicFiles } from "@autoscaling-job-queues/domain/job-json";
import { LINK_SECONDS } from "@autoscaling-job-queues/domain/limits";
import { isInputOf } from "@autoscaling-job-queues/domain/payload";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import { type FileReference, type FoundFile, findFiles } from "./file-references.ts";
import { isGone, isOwnObject } from "./own-objects.ts";

/** Makes a link that reads one object for `LINK_SECONDS`, or less if the credentials that signed it end sooner. */
export type Sign = (object: { readonly bucket: string; readonly key: string }) => Promise<string>;

/** A file of a large result, with its link. */
export type LinkedFile = FileReference & { readonly url: string };

/** The largest result in S3 that is read for the files in it, in bytes. */
const MAX_READ_BYTES = 1_048_576;
/** Files of a large result that get a link: a link has up to 2 KB, and a Lambda answers at most 6 MB (Lambda quotas). */
export const MAX_LINKED_FILES = 1_000;

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
  readonly files?: Readonly<Record<string, JobFile & { readonly url?: string }>>;
  readonly resultUrl?: string;
  /** The files in a result that is in S3 itself, in its order. */
  readonly resultFiles?: readonly LinkedFile[];
}

export interface LinkedJob {
  /** The job, whose result has a `url` beside every file in it. */
  readonly job: StoredJob;
  readonly links: JobLinks;
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
export async function linkJob(job: StoredJob, { resultsBucket: bucket, sign, payloads }: LinkDependencies): Promise<LinkedJob> {
  const { inputLocation, files, result, resultLocation } = job;
  const isOwn = (location: Pick<PayloadLocation, "bucket" | "key"> | undefined, folder: "inputs" | "results"): boolean =>
    isOwnObject(location, { bucket, folder, job });
  const ownFiles = (text: string): FoundFile[] => findFiles(text).filter(({ file }) => isOwn(file, "results"));
  const ownResult = isOwn(resultLocation, "results") ? resultLocation : undefined;
  const [inputUrl, inputFiles, resultUrl, linkedResult, resultFiles = []] = await Promise.all([
    inputLocation !== undefined && isOwn(inputLocation, "inputs") ? sign(inputLocation) : undefined,
    files && linkInputFiles(job, files, { bucket, sign }),
    ownResult && sign(ownResult),
    result === undefined ? undefined : linkText(result, ownFiles(result), sign),
    ownResult && readResult(ownResult, payloads).then((text) => linkedFiles(ownFiles(text), sign)),
  ]);
  return {
    job: linkedResult === undefined ? job : { ...job, result: linkedResult },
    links: {
      ...(inputUrl === undefined ? {} : { inputUrl }),
      ...(inputFiles === undefined ? {} : { files: inputFiles }),
      ...(resultUrl === undefined ? {} : { resultUrl }),
      ...(resultFiles.length === 0 ? {} : { resultFiles }),
    },
  };
}

async function linkInputFiles(
  job: StoredJob,
  files: NonNullable<StoredJob["files"]>,
  { bucket, sign }: { readonly bucket: string; readonly sign: Sign },
): Promise<NonNullable<JobLinks["files"]>> {
  const linked = Object.entries(publicFiles(files)).map(async ([name, file]) => {
    const key = files[name]?.key ?? "";
    return [name, isInputOf(job, key) ? { ...file, url: await sign({ bucket, key }) } : file] as const;
  });
  return Object.fromEntries(await Promise.all(linked));
}

/** @returns no text for a result that is too large, or that the bucket no longer has. */
async function readResult(location: PayloadLocation, payloads: LinkDependencies["payloads"]): Promise<string> {
  if (location.bytes > MAX_READ_BYTES) return "";
  try {
    return await payloads.getText(location);
  } catch (error) {
    if (isGone(error)) return "";
    throw error;
  }
}

async function linkedFiles(files: readonly FoundFile[], sign: Sign): Promise<LinkedFile[]> {
  return await Promise.all(
    files.slice(0, MAX_LINKED_FILES).map(async ({ file: { bucket, key, bytes, contentType } }) => {
      return { bucket, key, bytes, contentType, url: await sign({ bucket, key }) };
    }),
  );
}

/** Writes the links into a result's text, of which nothing else changes. */
async function linkText(text: string, files: readonly FoundFile[], sign: Sign): Promise<string> {
  const urls = await Promise.all(files.map(({ file }) => sign(file)));
  let linked = "";
  let copied = 0;
  for (const [index, { url, end }] of files.entries()) {
    const link = JSON.stringify(urls[index]);
    const [start, written] = url === undefined ? [end - 1, `,"url":${link}`] : [url.start, link];
    linked += text.slice(copied, start) + written;
    copied = url?.end ?? start;
  }
  return linked + text.slice(copied);
}
