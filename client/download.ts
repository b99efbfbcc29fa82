import type { FileReference, Job } from "./job.ts";
import { JobsApiError } from "./jobs-api-error.ts";
import { reasonOf, request } from "./request.ts";
import { type RetryOptions, type RetrySettings, withRetries } from "./retries.ts";

/** A file that a job made. */
export interface JobFile {
  /** The name that the job gave it. */
  readonly name: string;
  readonly bytes: number;
  readonly contentType: string;
  /** Reads it, for an hour from when the job was read. */
  readonly url: string;
  /** Its content, as it comes, for as long as the job can be read. @throws JobsApiError `DownloadFailed` */
  stream(options?: { readonly signal?: AbortSignal }): Promise<ReadableStream<Uint8Array>>;
}

interface Download {
  readonly url: string;
  /** Gives a new link, where the first may have expired. */
  readonly renew?: (signal: AbortSignal | undefined) => Promise<string>;
}

const FORBIDDEN = 403;
const PARTIAL_CONTENT = 206;
const isOfServer = ({ status = 0 }: JobsApiError): boolean => status >= 500;

/**
 * Reads what a presigned link leads to. A connection that breaks, or an error of S3's own, is tried again from the byte that was reached:
 * objects with links never change.
 *
 * @throws JobsApiError `DownloadFailed`, `NetworkError`, as the stream does later; the signal's reason.
 */
export async function download(
  { url, renew }: Download,
  { settings, signal }: RetryOptions,
): Promise<ReadableStream<Uint8Array>> {
  // Whoever cancels the stream ends what is under way for it.
  const cancelled = new AbortController();
  const either = signal === undefined ? cancelled.signal : AbortSignal.any([signal, cancelled.signal]);
  const options = { settings, signal: either, alsoRetried: isOfServer };
  let link = url;
  let readBytes = 0;
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  async function connect(): Promise<ReadableStreamDefaultReader<Uint8Array>> {
    try {
      reader ??= (await open(link, readBytes, either)).getReader();
    } catch (error) {
      if (renew === undefined || (error as JobsApiError).status !== FORBIDDEN) throw error;
      link = await renew(either);
      reader = (await open(link, readBytes, either)).getReader();
    }
    return reader;
  }

  /** The next bytes; at the end none. */
  async function readChunk(): Promise<Uint8Array | undefined> {
    const connected = await connect();
    try {
      return (await connected.read()).value;
    } catch (cause) {
      reader = undefined;
      either.throwIfAborted();
      throw new JobsApiError(`${callOf(link)} broke off at byte ${readBytes}: ${reasonOf(cause)}`, {
        code: "NetworkError",
        cause,
      });
    }
  }

  await withRetries(connect, options);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await withRetries(readChunk, options);
        if (chunk === undefined) return controller.close();
        readBytes += chunk.byteLength;
        controller.enqueue(chunk);
      },
      cancel: (reason) => cancelled.abort(reason),
    },
    { highWaterMark: 0 },
  );
}

/** Without the query, which lets whoever sees it read the file. */
const callOf = (url: string): string => `GET ${new URL(url).pathname}`;

async function open(url: string, from: number, signal: AbortSignal | undefined): Promise<ReadableStream<Uint8Array>> {
  const headers = from === 0 ? {} : { range: `bytes=${from}-` };
  return await request(callOf(url), url, { headers, signal }, async (response) => {
    const { ok, status, body } = response;
    if (ok && (from === 0 || status === PARTIAL_CONTENT)) return body ?? new Blob([]).stream();
    const [, code = "no code"] = /<Code>([^<]*)<\/Code>/.exec(await response.text()) ?? [];
    throw new JobsApiError(`${callOf(url)} was answered with ${status} by S3: ${code}`, { code: "DownloadFailed", status });
  });
}

/**
 * The files of a job, in the order in which they stand in its result: objects with `bucket`, `key`, `bytes`, `contentType` and a `url`,
 * as far as they are the job's own. What else a result may hold is no file of it.
 *
 * @param read reads the job anew.
 */
export function filesOf(
  job: Job,
  read: (signal: AbortSignal | undefined) => Promise<Job>,
  settings: RetrySettings,
): readonly JobFile[] {
  return ownFiles(job).map(({ key, bytes, contentType, url }) => {
    const renew = async (signal: AbortSignal | undefined): Promise<string> =>
      ownFiles(await read(signal)).find((file) => file.key === key)?.url ?? url;
    return {
      name: key.slice(key.lastIndexOf("/") + 1),
      bytes,
      contentType,
      url,
      stream: async ({ signal } = {}) => await download({ url, renew }, { settings, signal }),
    };
  });
}

function ownFiles({ type, id, result, resultFiles = [] }: Job): LinkedFile[] {
  return [...linkedFiles(result), ...resultFiles].filter(({ key }) => key.startsWith(`results/${type}/${id}/`));
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
