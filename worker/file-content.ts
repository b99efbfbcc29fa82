import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { PermanentError } from "@autoscaling-job-queues/domain/errors";

/** What a file is stored from: bytes, text (as UTF-8), a stream of either such as a Node or a web stream, or a file's path. */
export type FileContent = Uint8Array | string | AsyncIterable<Uint8Array | string> | { readonly path: string };

/**
 * A content as bytes: at once where all of it is in memory, otherwise as they come.
 *
 * @throws PermanentError "InvalidFileContent" for anything else; a stream throws it for a chunk that is neither bytes nor text.
 */
export function fileBytes(content: FileContent): Uint8Array | AsyncIterable<Uint8Array> {
  if (typeof content === "string") return Buffer.from(content);
  if (content instanceof Uint8Array) return content;
  if (typeof content === "object" && content !== null) {
    if (Symbol.asyncIterator in content) return bytesOf(content);
    if (typeof content.path === "string") return bytesOfFile(content.path);
  }
  throw invalid(`a file's content is ${typeof content}; allowed: Uint8Array, string, a stream of them, { path }`);
}

async function* bytesOf(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    if (typeof chunk !== "string" && !(chunk instanceof Uint8Array)) {
      throw invalid(`a file's stream gave a chunk of type ${typeof chunk}; allowed: Uint8Array, string`);
    }
    yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
  }
}

async function* bytesOfFile(path: string): AsyncGenerator<Uint8Array> {
  // Opening a pipe without a writer would wait for one.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw invalid(`${path} is not a regular file`);
    yield* file.createReadStream({ autoClose: false });
  } finally {
    await file.close();
  }
}

function invalid(message: string): PermanentError {
  return new PermanentError(message, { code: "InvalidFileContent" });
}
