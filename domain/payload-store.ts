import type { S3Client } from "@aws-sdk/client-s3";
import { callSettings } from "./clients.ts";
import type { PayloadLocation } from "./job.ts";

/** A large object takes longer than a request for an item. */
const TRANSFER_TIMEOUT_MS = 60_000;

/**
 * The results bucket: inputs and results that do not fit an item, and files. The S3 client is loaded when first used,
 * because most requests need none.
 */
export class PayloadStore {
  readonly #bucket: string;
  #client: Promise<S3Client> | undefined;

  constructor(bucket: string) {
    this.#bucket = bucket;
  }

  async put(key: string, content: Uint8Array | string, contentType: string): Promise<PayloadLocation> {
    const { PutObjectCommand } = await import("@aws-sdk/client-s3");
    const body = typeof content === "string" ? Buffer.from(content) : content;
    const client = await this.#s3();
    await client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body, ContentType: contentType }));
    return { bucket: this.#bucket, key, bytes: body.byteLength };
  }

  /** Reads a JSON payload. @throws SyntaxError when the object is no JSON, S3's errors otherwise. */
  async getJson({ bucket, key }: PayloadLocation): Promise<unknown> {
    const { GetObjectCommand } = await import("@aws-sdk/client-s3");
    const { Body } = await (await this.#s3()).send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return JSON.parse((await Body?.transformToString()) ?? "");
  }

  #s3(): Promise<S3Client> {
    this.#client ??= import("@aws-sdk/client-s3").then(
      ({ S3Client }) => new S3Client(callSettings({ requestTimeoutMs: TRANSFER_TIMEOUT_MS })),
    );
    return this.#client;
  }
}
