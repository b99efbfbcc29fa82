import { Readable } from "node:stream";
import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import type { PayloadLocation } from "@autoscaling-job-queues/domain/job";
import { type FileContent, fileBytes } from "./file-content.ts";
import type { S3Upload } from "./s3-upload.ts";
import { MAX_FILE_BYTES } from "./upload-limits.ts";

export interface StoreFileSettings {
  /** Gives the upload up: what has been stored of it is removed. */
  readonly signal?: AbortSignal;
}

/** The files of jobs in the results bucket. The S3 client is loaded when first used, because most jobs store none. */
export class FileStore {
  readonly #bucket: string;
  #upload: Promise<S3Upload> | undefined;

  constructor(bucket: string) {
    this.#bucket = bucket;
  }

  /**
   * Stores a content. Small ones take one call; larger ones go up in parts as they are read, a part at a time in memory.
   *
   * @throws PermanentError "InvalidFileContent" or "FileTooLarge", the signal's reason, what the content's stream throws, or
   * S3's errors.
   */
  async put(
    key: string,
    content: FileContent,
    contentType: string,
    { signal }: StoreFileSettings = {},
  ): Promise<PayloadLocation> {
    signal?.throwIfAborted();
    const source = fileBytes(content);
    const object = { bucket: this.#bucket, key };
    this.#upload ??= import("./s3-upload.ts").then(({ s3Upload }) => s3Upload());
    const upload = await this.#upload;
    if (source instanceof Uint8Array) {
      await upload(object, source, contentType, signal);
      return { ...object, bytes: source.byteLength };
    }
    let bytes = 0;
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of source) {
        bytes += chunk.byteLength;
        if (bytes > MAX_FILE_BYTES) {
          throw new PermanentError(`a file has more than ${MAX_FILE_BYTES} bytes, which is what can be stored`, {
            code: "FileTooLarge",
          });
        }
        yield chunk;
      }
    };
    await upload(object, Readable.from(counted(), { objectMode: false }), contentType, signal);
    return { ...object, bytes };
  }
}
