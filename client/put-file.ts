import { type SizedContent, streamOf, wrongBytes } from "./file-content.ts";
import { JobsApiError } from "./jobs-api-error.ts";
import { reasonOf, request } from "./request.ts";
import { type RetrySettings, withRetries } from "./retries.ts";

/** How much of a file has been sent. */
export interface UploadProgress {
  readonly sentBytes: number;
  readonly totalBytes: number;
}

export interface PutOptions {
  readonly onProgress: ((progress: UploadProgress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly retries: RetrySettings;
}

/** Where a file goes, as `POST /uploads` answers it. */
export interface UploadTarget {
  readonly url: string;
  /** All of them are signed: the `PUT` has these and no others. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The little of a browser's `XMLHttpRequest` that is used: its `fetch` neither tells how much was sent nor sends streams over HTTP/1.1. */
interface BrowserRequest {
  readonly upload: { onprogress: ((event: { readonly loaded: number }) => void) | null };
  readonly status: number;
  readonly responseText: string;
  onload: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  send(body: Blob): void;
  abort(): void;
}

/** A Blob in memory comes as one chunk, of which nobody would see how far it is. */
const PIECE_BYTES = 65_536;

/** S3 has the object already, and takes it once only (`If-None-Match`). */
const PRECONDITION_FAILED = 412;
/** Beside what is tried again everywhere: S3's own errors, and another `PUT` of the object under way (S3: conditional writes). */
const isTriedAgain = ({ status = 0 }: JobsApiError): boolean => status >= 500 || status === 409;

/**
 * Sends a file to S3.
 *
 * @throws JobsApiError `UploadFailed` with S3's status, or `NetworkError`; the signal's reason.
 */
export async function putFile(target: UploadTarget, file: SizedContent, { retries, ...options }: PutOptions): Promise<void> {
  const { XMLHttpRequest: Browser } = globalThis as { XMLHttpRequest?: new () => BrowserRequest };
  let tries = 0;
  const put = async (): Promise<void> => {
    tries += 1;
    try {
      await (Browser === undefined ? putWithFetch(target, file, options) : putInBrowser(new Browser(), target, file, options));
    } catch (error) {
      // Nobody else has the link: an earlier try stored the file, and only its answer was lost.
      if (tries === 1 || (error as JobsApiError).status !== PRECONDITION_FAILED) throw error;
    }
  };
  await withRetries(put, { settings: retries, signal: options.signal, alsoRetried: isTriedAgain });
}

/**
 * Where a redirect could follow, `fetch` keeps a second copy of the body for it: all of the file, in memory (Fetch Standard: HTTP-network-or-cache
 * fetch; nodejs/undici, issue 4058).
 */
const NO_REDIRECT = { redirect: "error", window: null } as const;

type OneTry = Omit<PutOptions, "retries">;

const callOf = (url: string): string => `PUT ${new URL(url).pathname}`;

function check(url: string, status: number, text: string): void {
  if (status >= 200 && status < 300) return;
  const [, code = "no code"] = /<Code>([^<]*)<\/Code>/.exec(text) ?? [];
  throw new JobsApiError(`${callOf(url)} was answered with ${status} by S3: ${code}`, { code: "UploadFailed", status });
}

async function putWithFetch(
  { url, headers }: UploadTarget,
  { content, bytes }: SizedContent,
  { onProgress, signal }: OneTry,
): Promise<void> {
  const isWhole = content instanceof Blob && onProgress === undefined;
  const init = isWhole
    ? { headers, body: content }
    : {
        // S3 takes no chunked body; a stream's length is what it was said to be.
        headers: { "content-length": String(bytes), ...lowerCased(headers) },
        body: streamOf(counted(content instanceof Blob ? content.stream() : content, bytes, onProgress)),
        duplex: "half" as const,
      };
  await request(callOf(url), url, { method: "PUT", ...NO_REDIRECT, ...init, signal }, async (response) => {
    check(url, response.status, await response.text());
  });
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * Passes a stream on in small pieces, as they are asked for, and tells how much has gone.
 *
 * @throws JobsApiError `UploadFailed` of a stream that breaks; `InvalidSetting` of one that is longer or shorter than was said.
 */
async function* counted(
  stream: ReadableStream<Uint8Array>,
  totalBytes: number,
  onProgress: PutOptions["onProgress"],
): AsyncGenerator<Uint8Array, void, undefined> {
  let sentBytes = 0;
  for await (const chunk of readable(stream)) {
    if (sentBytes + chunk.byteLength > totalBytes) throw wrongBytes(`is ${totalBytes}, but the stream has more`);
    for (let start = 0; start < chunk.byteLength; start += PIECE_BYTES) {
      const piece = chunk.subarray(start, start + PIECE_BYTES);
      yield piece;
      sentBytes += piece.byteLength;
      tell(onProgress, { sentBytes, totalBytes });
    }
  }
  if (sentBytes < totalBytes) throw wrongBytes(`is ${totalBytes}, but the stream has ${sentBytes}`);
}

/** Its errors would pass for a broken connection. */
function tell(onProgress: PutOptions["onProgress"], progress: UploadProgress): void {
  try {
    onProgress?.(progress);
  } catch (cause) {
    throw new JobsApiError(`onProgress threw: ${reasonOf(cause)}`, { code: "UploadFailed", cause });
  }
}

/** What a stream has, with errors that tell whose they are. Not every browser iterates over streams. */
async function* readable(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } catch (cause) {
    throw new JobsApiError(`the content to upload could not be read: ${reasonOf(cause)}`, { code: "UploadFailed", cause });
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function putInBrowser(
  xhr: BrowserRequest,
  { url, headers }: UploadTarget,
  { content, bytes }: SizedContent,
  { onProgress, signal }: OneTry,
): Promise<void> {
  const body = content instanceof Blob ? content : await new Response(streamOf(counted(content, bytes, undefined))).blob();
  signal?.throwIfAborted();
  const abort = (): void => xhr.abort();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      xhr.open("PUT", url);
      for (const [name, value] of Object.entries(headers)) {
        // Browsers set it themselves, and let nobody else.
        if (name.toLowerCase() !== "content-length") xhr.setRequestHeader(name, value);
      }
      xhr.upload.onprogress = ({ loaded }) => onProgress?.({ sentBytes: loaded, totalBytes: bytes });
      xhr.onload = () => resolve();
      xhr.onabort = () => reject(signal?.reason);
      xhr.onerror = () => reject(new JobsApiError(`${callOf(url)} got no answer`, { code: "NetworkError" }));
      xhr.send(body);
    });
  } finally {
    signal?.removeEventListener("abort", abort);
  }
  check(url, xhr.status, xhr.responseText);
}
