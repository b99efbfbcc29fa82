import { JobsApiError } from "./jobs-api-error.ts";

/** What is uploaded. A file of Node's is best given as a Blob, `await fs.openAsBlob(path)`: it has a size, and can be sent again. */
export type FileContent = Blob | Uint8Array | string | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** A content with its size. A stream can be read once, and so is sent once. */
export interface SizedContent {
  readonly content: Blob | ReadableStream<Uint8Array>;
  readonly bytes: number;
  readonly contentType: string | undefined;
}

/** @param bytes of a stream, which does not tell. @throws JobsApiError `InvalidSetting` where it is missing or another. */
export function sizedContent(content: FileContent, bytes: number | undefined): SizedContent {
  if (typeof content === "string" || content instanceof Uint8Array || content instanceof Blob) {
    const blob = content instanceof Blob ? content : new Blob([content as Uint8Array<ArrayBuffer> | string]);
    if (bytes !== undefined && bytes !== blob.size) throw wrongBytes(`is ${bytes}, but the content has ${blob.size}`);
    // A slice has no type, so that nothing sets a header of its own.
    return { content: blob.slice(), bytes: blob.size, contentType: blob.type === "" ? undefined : blob.type };
  }
  if (bytes === undefined) throw wrongBytes("is missing; of a stream it must be given, as S3 asks for it first");
  return { content: "getReader" in content ? content : streamOf(content), bytes, contentType: undefined };
}

export function wrongBytes(what: string): JobsApiError {
  return new JobsApiError(`bytes ${what}`, { code: "InvalidSetting" });
}

/** Chunks, such as those of `fs.createReadStream(path)`, as a stream of the web's. */
export function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
