import type { PayloadLocation, StoredFile } from "./job.ts";
import type { S3Objects } from "./s3-objects.ts";

/**
 * The results bucket: inputs and results that do not fit an item, and files. The S3 client is loaded when first used,
 * because most requests need none.
 */
export class PayloadStore {
  readonly #bucket: string;
  #objects: Promise<S3Objects> | undefined;

  constructor(bucket: string) {
    this.#bucket = bucket;
  }

  async put(key: string, content: Uint8Array | string, contentType: string): Promise<PayloadLocation> {
    const body = typeof content === "string" ? Buffer.from(content) : content;
    await (await this.#s3()).put({ bucket: this.#bucket, key }, body, contentType);
    return { bucket: this.#bucket, key, bytes: body.byteLength };
  }

  /** Copies a payload to another key. @throws S3's errors. */
  async copy(location: PayloadLocation, key: string): Promise<PayloadLocation> {
    await (await this.#s3()).copy(location, { bucket: this.#bucket, key });
    return { bucket: this.#bucket, key, bytes: location.bytes };
  }

  /** A file that was uploaded to a key; undefined where there is none. @throws S3's errors. */
  async findFile(key: string): Promise<StoredFile | undefined> {
    const head = await (await this.#s3()).head({ bucket: this.#bucket, key });
    return head && { ...head, key };
  }

  /** Copies a file to another key. @throws S3's errors, also where it is no longer the file that it was. */
  async copyFile(file: StoredFile, key: string): Promise<StoredFile> {
    const from = { bucket: this.#bucket, key: file.key, bytes: file.bytes, etag: file.etag };
    return { ...file, key, etag: await (await this.#s3()).copy(from, { bucket: this.#bucket, key }) };
  }

  /** Reads the text of a payload. @throws S3's errors. */
  async getText(location: PayloadLocation): Promise<string> {
    return await (await this.#s3()).getText(location);
  }

  #s3(): Promise<S3Objects> {
    this.#objects ??= import("./s3-objects.ts").then(({ s3Objects }) => s3Objects());
    return this.#objects;
  }
}
