import type { FileReference } from "../../define-job.ts";
import { type FileContent, fileBytes } from "../../file-content.ts";
import type { FileToThread, FileToWorker } from "./messages.ts";

/** Bytes that go to the worker at a time, at most. */
const CHUNK_BYTES = 1_048_576;
/** Of a stream, those that go first. */
const FIRST_CHUNK_BYTES = 65_536;

interface Sending {
  readonly chunks: AsyncGenerator<Uint8Array<ArrayBuffer>>;
  readonly stored: PromiseWithResolvers<FileReference>;
}

/**
 * A thread's side of `putFile`: hands a file to the worker chunk by chunk, each when the worker asks for it. So a file takes no
 * more of the worker's memory than it uploads at a time, and the handler's own buffers stay its own.
 */
export class FileSender {
  readonly #send: (message: FileToWorker, transfer?: readonly ArrayBuffer[]) => void;
  readonly #files = new Map<number, Sending>();
  #requests = 0;

  constructor(send: (message: FileToWorker, transfer?: readonly ArrayBuffer[]) => void) {
    this.#send = send;
  }

  async put(name: string, content: FileContent, contentType: string): Promise<FileReference> {
    const file: Sending = { chunks: chunksOf(fileBytes(content)), stored: Promise.withResolvers() };
    const request = this.#requests++;
    this.#files.set(request, file);
    try {
      this.#send({ kind: "file", request, name, contentType });
      return await file.stored.promise;
    } finally {
      this.#files.delete(request);
      // A stream that stands still would never end; nothing waits for it.
      file.chunks.return(undefined).catch(() => {});
    }
  }

  /** Takes what the worker says about a file. */
  receive(message: FileToThread): void {
    const file = this.#files.get(message.request);
    if (file === undefined) return;
    if (message.kind === "more") void this.#sendChunk(message.request, file);
    else if (message.kind === "fileStored") file.stored.resolve(message.reference);
    else file.stored.reject(Object.assign(new Error(message.message), message.properties));
  }

  async #sendChunk(request: number, { chunks, stored }: Sending): Promise<void> {
    try {
      const { done, value } = await chunks.next();
      if (done) this.#send({ kind: "fileEnd", request });
      else this.#send({ kind: "chunk", request, bytes: value }, [value.buffer]);
    } catch (error) {
      stored.reject(error);
      this.#send({ kind: "fileBroken", request });
    }
  }
}

/** The same bytes in buffers of their own, which can be handed over: of a stream small ones first, since most files are small. */
async function* chunksOf(source: Uint8Array | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const isWhole = source instanceof Uint8Array;
  let room = FIRST_CHUNK_BYTES;
  let chunk: Uint8Array<ArrayBuffer> | undefined;
  let filled = 0;
  for await (const bytes of isWhole ? [source] : source) {
    for (let at = 0; at < bytes.byteLength; ) {
      chunk ??= new Uint8Array(isWhole ? Math.min(bytes.byteLength - at, CHUNK_BYTES) : room);
      const part = bytes.subarray(at, at + chunk.byteLength - filled);
      chunk.set(part, filled);
      filled += part.byteLength;
      at += part.byteLength;
      if (filled < chunk.byteLength) continue;
      yield chunk;
      chunk = undefined;
      filled = 0;
      room = Math.min(4 * room, CHUNK_BYTES);
    }
  }
  if (chunk !== undefined) yield chunk.slice(0, filled);
}
