import type { Run } from "../runner.ts";
import type { FileToThread, FileToWorker } from "./messages.ts";
import { sentError } from "./sent-error.ts";

type Chunk = PromiseWithResolvers<Uint8Array | undefined>;

/** The worker's side of a thread's `putFile`: stores each file as a stream whose chunks it asks for as it uploads. */
export class FileReceiver {
  readonly #putFile: Run["putFile"];
  readonly #answer: (message: FileToThread) => void;
  /** The chunk that each file waits for. */
  readonly #awaited = new Map<number, Chunk>();
  #isClosed = false;

  constructor(putFile: Run["putFile"], answer: (message: FileToThread) => void) {
    this.#putFile = putFile;
    this.#answer = (message) => {
      if (!this.#isClosed) answer(message);
    };
  }

  /** Takes what the thread says about a file. */
  receive(message: FileToWorker): void {
    if (message.kind === "file") void this.#store(message);
    else if (message.kind === "fileBroken") this.#awaited.get(message.request)?.reject(new Error("the file's content failed"));
    else this.#awaited.get(message.request)?.resolve(message.kind === "chunk" ? message.bytes : undefined);
  }

  /** The job is over: what is under way is given up, and its thread hears no more about it. */
  close(): void {
    this.#isClosed = true;
    for (const chunk of this.#awaited.values()) chunk.reject(ended());
  }

  async #store({ request, name, contentType }: Extract<FileToWorker, { kind: "file" }>): Promise<void> {
    try {
      const reference = await this.#putFile(name, this.#chunks(request), contentType);
      this.#answer({ kind: "fileStored", request, reference });
    } catch (thrown) {
      this.#answer({ kind: "fileFailed", request, ...sentError(thrown) });
    } finally {
      this.#awaited.delete(request);
    }
  }

  async *#chunks(request: number): AsyncGenerator<Uint8Array> {
    while (!this.#isClosed) {
      const chunk: Chunk = Promise.withResolvers();
      this.#awaited.set(request, chunk);
      this.#answer({ kind: "more", request });
      const bytes = await chunk.promise;
      if (bytes === undefined) return;
      yield bytes;
    }
    throw ended();
  }
}

function ended(): Error {
  return new Error("the job ended before its file was stored");
}
