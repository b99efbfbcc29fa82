import type { FileReference, Job } from "./job.ts";
import { JobsApiError } from "./jobs-api-error.ts";
import { request } from "./request.ts";
import { type RetryOptions, withRetries } from "./retries.ts";

/** A file that a job made. */
export interface JobFile {
  /** The name that the job gave it. */
  readonly name: string;
  readonly bytes: number;
  readonly contentType: string;
  /** Reads it, for an hour from when the job was read. */
  readonly url: string;
  /** Its content, as it comes. @throws JobsApiError `DownloadFailed`, such as when the link has expired */
  stream(options?: { readonly signal?: AbortSignal }): Promise<ReadableStream<Uint8Array>>;
}

/** Reads what a presigned link leads to. Broken connections and errors of S3's own are tried again until the first byte is there. */
export async function download(url: string, retries: RetryOptions): Promise<ReadableStream<Uint8Array>> {
  // Without the query, which lets whoever sees it read the file.
  const call = `GET ${new URL(url).pathname}`;
  const ofServer = ({ status = 0 }: JobsApiError): boolean => status >= 500;
  return await withRetries(
    () =>
      request(call, url, { signal: retries.signal }, async (response) => {
        if (response.ok) return response.body ?? new Blob([]).stream();
        const [, code = "no code"] = /<Code>([^<]*)<\/Code>/.exec(await response.text()) ?? [];
        const { status } = response;
        throw new JobsApiError(`${call} was answered with ${status} by S3: ${code}`, { code: "DownloadFailed", status });
      }),
    { ...retries, alsoRetried: ofServer },
  );
}

/**
 * The files of a job, in the order in which they stand in its result: objects with `bucket`, `key`, `bytes`, `contentType` and a `url`,
 * as far as they are the job's own. What else a result may hold is no file of it.
 */
export function filesOf({ type, id, result, resultFiles = [] }: Job, retries: Omit<RetryOptions, "signal">): JobFile[] {
  const isOwn = ({ key }: LinkedFile): boolean => key.startsWith(`results/${type}/${id}/`);
  return [...linkedFiles(result), ...resultFiles].filter(isOwn).map(({ key, bytes, contentType, url }) => ({
    name: key.slice(key.lastIndexOf("/") + 1),
    bytes,
    contentType,
    url,
    stream: async ({ signal } = {}) => await download(url, { ...retries, signal }),
  }));
}

type LinkedFile = FileReference & { readonly url: string };

function linkedFiles(value: unknown): LinkedFile[] {
  if (typeof value !== "object" || value === null) return [];
  return isLinkedFile(value) ? [value] : Object.values(value).flatMap(linkedFiles);
}

function isLinkedFile(value: object): value is LinkedFile {
  const { bucket, key, bytes, contentType, url } = value as Partial<Record<keyof LinkedFile, unknown>>;
  return [bucket, key, contentType, url].every((one) => typeof one === "string") && typeof bytes === "number";
}
