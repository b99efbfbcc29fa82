import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { callSettings } from "./clients.ts";
import type { PayloadLocation } from "./job.ts";

/** A large object takes longer than a request for an item. */
const TRANSFER_TIMEOUT_MS = 60_000;

/** The calls to S3 of the results bucket, apart from `PayloadStore` so that a bundle loads the client when first used. */
export interface S3Objects {
  readonly put: (object: Pick<PayloadLocation, "bucket" | "key">, body: Uint8Array, contentType: string) => Promise<void>;
  readonly getText: (object: Pick<PayloadLocation, "bucket" | "key">) => Promise<string>;
}

export function s3Objects(): S3Objects {
  const client = new S3Client(callSettings({ requestTimeoutMs: TRANSFER_TIMEOUT_MS }));
  return {
    put: async ({ bucket, key }, body, contentType) => {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }));
    },
    getText: async ({ bucket, key }) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToString()) ?? "";
    },
  };
}
