import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import type { StoredFile } from "@autoscaling-job-queues/domain/job";
import type { S3Download } from "./s3-download.ts";

/** What S3 says of an object that is not there any more, or is another one; it does not always tell what is missing from what is denied. */
const GONE: ReadonlySet<string> = new Set(["PreconditionFailed", "NoSuchKey", "AccessDenied"]);

/** Reads the files that jobs were added with. The S3 client is loaded when first used, because most jobs have none. */
export class FileSource {
  readonly #bucket: string;
  #download: Promise<S3Download> | undefined;

  constructor(bucket: string) {
    this.#bucket = bucket;
  }

  /**
   * Reads so many bytes of a file, from `start` on: those that were there when the job was added.
   *
   * @throws PermanentError "FileUnavailable" where the object is gone or is another one, the signal's reason, or S3's errors.
   */
  async read(
    { key, etag }: Pick<StoredFile, "key" | "etag">,
    { start, bytes }: { readonly start: number; readonly bytes: number },
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    signal.throwIfAborted();
    this.#download ??= import("./s3-download.ts").then(({ s3Download }) => s3Download());
    const download = await this.#download;
    try {
      return await download({ bucket: this.#bucket, key, etag, start, bytes }, signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const { name, message } = error as Error;
      if (!GONE.has(name)) throw error;
      throw new PermanentError(`the file is not there any more as it was when the job was added: ${name}: ${message}`, {
        code: "FileUnavailable",
      });
    }
  }
}
