import type { PayloadLocation } from "./job.ts";
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

  /** Reads the text of a payload. @throws S3's errors. */
  async getText(location: PayloadLocation): Promise<string> {
    return await (await this.#s3()).getText(location);
  }

  #s3(): Promise<S3Objects> {
    this.#objects ??= import("./s3-objects.ts").then(({ s3Objects }) => s3Objects());
    return this.#objects;
  }
}
