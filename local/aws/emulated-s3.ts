import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import type { buildApp } from "fauxqs";

import type { KeptObject, KeptObjects } from "./kept-objects.ts";

type App = ReturnType<typeof buildApp>;

/** What fauxqs keeps of an object, as far as it matters here; the bytes of a large one are in a file. */
interface EmulatedObject {
  etag: string;
  contentLength: number;
  readonly contentType: string;
  readonly lastModified: Date;
  file?: FileHandle;
}

/** The parts of fauxqs's store that are used here; its own types hide some of them. */
export interface EmulatedS3Store {
  readonly buckets: ReadonlyMap<string, ReadonlyMap<string, EmulatedObject>>;
  putObject(bucket: string, key: string, body: Buffer, contentType?: string): EmulatedObject;
}

/** The body of a request that is too large for memory. */
interface BodyInFile {
  readonly file: FileHandle;
  readonly bytes: number;
  readonly etag: string;
}

/** Objects from this size on are in files, in bytes: most are small, and a file takes a descriptor. */
const FILE_BYTES = 8 * 1_048_576;
/** Other bodies, at most, in bytes: parts of multipart uploads, and what comes in chunks of its own encoding. */
const MAX_BODY_BYTES = 256 * 1_048_576;

/** fauxqs takes a store of its own class, but exports that class by file only; its version is pinned. */
export async function emulatedS3Store(): Promise<EmulatedS3Store> {
  const file = new URL("./s3/s3Store.js", import.meta.resolve("fauxqs"));
  const { S3Store } = (await import(file.href)) as { readonly S3Store: new () => EmulatedS3Store };
  return new S3Store();
}

/**
 * Adds what fauxqs lacks of S3: objects of any size, of which large ones are in files that are gone with this process;
 * `If-None-Match: *`, by which an object is written once; and copies of an object only as it was.
 *
 * @param store the one that the app was built with.
 * @param kept keeps large objects for another run. @default they are gone with this process
 */
export async function completeS3(app: App, store: EmulatedS3Store, kept?: KeptObjects): Promise<void> {
  const find = (bucket: string, key: string): EmulatedObject | undefined => store.buckets.get(bucket)?.get(key);
  for (const { object, file } of (await kept?.open((object) => isSame(find(object.bucket, object.key), object))) ?? []) {
    const { bucket, key, bytes: contentLength, etag } = object;
    Object.assign(find(bucket, key) as EmulatedObject, { file, contentLength, etag });
  }
  app.removeContentTypeParser("*");
  app.addContentTypeParser("*", async ({ method, url, headers }: AppRequest, payload: AsyncIterable<Buffer>) =>
    isLargeObject(method, url, headers) ? await inFile(payload) : await inMemory(payload),
  );
  app.addHook("preHandler", async (request, reply) => {
    const { method, headers, body } = request;
    const { bucket = "", "*": key = "" } = (request.params ?? {}) as Readonly<Record<string, string>>;
    if (bucket === "" || key === "" || !store.buckets.has(bucket)) return;
    const refuse = async (status: number, code: string): Promise<void> => {
      await reply
        .code(status)
        .type("application/xml")
        .send(method === "HEAD" ? undefined : `<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
    };
    if (method === "PUT" && headers["if-none-match"] === "*" && find(bucket, key) !== undefined) {
      if (isBodyInFile(body)) await body.file.close();
      return await refuse(412, "PreconditionFailed");
    }
    if (method === "PUT" && isBodyInFile(body)) {
      const { etag } = await putFile(store, bucket, key, headers["content-type"], body, kept);
      if (kept !== undefined) await body.file.close();
      await reply.header("etag", etag).send();
      return;
    }
    const [, fromBucket = "", fromKey = ""] = /^\/?([^/]+)\/(.+)$/s.exec(copySource(headers)) ?? [];
    const copied = find(fromBucket, fromKey);
    const wanted = headers["x-amz-copy-source-if-match"];
    if (copied !== undefined && wanted !== undefined && wanted !== copied.etag) return await refuse(412, "PreconditionFailed");
    if (method === "PUT" && copied?.file !== undefined) {
      const { file, contentLength: bytes, etag, contentType } = copied;
      await putFile(store, bucket, key, contentType, { file, bytes, etag }, kept);
      const result = `<ETag>${etag}</ETag><LastModified>${new Date().toISOString()}</LastModified>`;
      await reply.type("application/xml").send(`<CopyObjectResult>${result}</CopyObjectResult>`);
      return;
    }
    const object = find(bucket, key);
    if (method !== "GET" || object?.file === undefined) return;
    if (headers["if-match"] !== undefined && headers["if-match"] !== object.etag) return await refuse(412, "PreconditionFailed");
    const { file, contentLength, contentType, etag, lastModified } = object;
    const range = readRange(headers.range, contentLength);
    if (range === undefined) return await refuse(416, "InvalidRange");
    const { start, end } = range;
    if (headers.range !== undefined) reply.code(206).header("content-range", `bytes ${start}-${end}/${contentLength}`);
    await reply
      .headers({ etag, "last-modified": lastModified.toUTCString(), "content-length": end - start + 1 })
      .type(contentType)
      .send(createReadStream("", { fd: file, autoClose: false, start, end }));
  });
}

type AppRequest = { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders };

function isLargeObject(method: string, url: string, headers: IncomingHttpHeaders): boolean {
  const isPart = new URL(url, "http://s3").searchParams.has("uploadId");
  const isEncoded = headers["content-encoding"]?.includes("aws-chunked") ?? false;
  return method === "PUT" && !isPart && !isEncoded && Number(headers["content-length"]) >= FILE_BYTES;
}

/** Its file has no name any more: whatever ends this process, nothing is left of it. */
async function inFile(payload: AsyncIterable<Buffer>): Promise<BodyInFile> {
  const folder = await mkdtemp(path.join(tmpdir(), "emulated-s3-"));
  const file = await open(path.join(folder, "object"), "w+");
  await rm(folder, { recursive: true });
  const hash = createHash("md5");
  let bytes = 0;
  try {
    for await (const chunk of payload) {
      hash.update(chunk);
      await file.appendFile(chunk);
      bytes += chunk.byteLength;
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  return { file, bytes, etag: `"${hash.digest("hex")}"` };
}

async function inMemory(payload: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of payload) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw Object.assign(new Error("the body is too large"), { statusCode: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function isBodyInFile(body: unknown): body is BodyInFile {
  return typeof body === "object" && body !== null && "file" in body;
}

async function putFile(
  store: EmulatedS3Store,
  bucket: string,
  key: string,
  contentType: string | undefined,
  { file, bytes, etag }: BodyInFile,
  kept: KeptObjects | undefined,
): Promise<EmulatedObject> {
  const object = store.putObject(bucket, key, Buffer.alloc(0), contentType);
  Object.assign(object, { file, contentLength: bytes, etag });
  const modifiedAt = object.lastModified.getTime();
  if (kept !== undefined) object.file = await kept.keep({ bucket, key, bytes, etag, modifiedAt }, file);
  return object;
}

function isSame(found: EmulatedObject | undefined, { modifiedAt }: KeptObject): boolean {
  return found?.lastModified.getTime() === modifiedAt;
}

function copySource(headers: IncomingHttpHeaders): string {
  const source = headers["x-amz-copy-source"];
  return typeof source === "string" ? decodeURIComponent(source) : "";
}

/** The first and last byte that are asked for: of `bytes=0-9`, `bytes=5-` or `bytes=-5`. @returns undefined for a range that is none. */
function readRange(header: string | undefined, bytes: number): { readonly start: number; readonly end: number } | undefined {
  if (header === undefined) return { start: 0, end: bytes - 1 };
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  const start = first === "" ? bytes - Number(last) : Number(first);
  const end = first === "" || last === "" ? bytes - 1 : Math.min(Number(last), bytes - 1);
  return start < 0 || start > end ? undefined : { start, end };
}
