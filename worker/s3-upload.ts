import type { Readable } from "node:stream";
import { callSettings } from "@autoscaling-job-queues/domain/clients";
import type { PayloadLocation } from "@autoscaling-job-queues/domain/job";
import { transferDeadlineMs } from "@autoscaling-job-queues/domain/transfer-deadline";
import { S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { PART_BYTES } from "./upload-limits.ts";

export type S3Upload = (
  object: Pick<PayloadLocation, "bucket" | "key">,
  body: Uint8Array | Readable,
  contentType: string,
  signal: AbortSignal | undefined,
) => Promise<void>;

/**
 * Uploads to S3: in one call what fits a part, the rest part by part, one at a time. Each call has three tries within the
 * deadline of a part. An upload that fails or is aborted removes its parts; where that fails too, the bucket's lifecycle does.
 */
export function s3Upload({ client = partsClient() }: { readonly client?: S3Client } = {}): S3Upload {
  return async ({ bucket, key }, body, contentType, signal) => {
    const abortController = new AbortController();
    const upload = new Upload({
      client,
      params: { Bucket: bucket, Key: key, Body: body, ContentType: contentType },
      partSize: PART_BYTES,
      queueSize: 1,
      abortController,
    });
    const abort = (): void => {
      abortController.abort();
      // The upload would wait for its next bytes before it removes its parts.
      if (!(body instanceof Uint8Array)) body.destroy(signal?.reason as Error);
    };
    signal?.addEventListener("abort", abort, { once: true });
    try {
      await upload.done();
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  };
}

function partsClient(): S3Client {
  return new S3Client(callSettings({ requestTimeoutMs: transferDeadlineMs(PART_BYTES) }));
}
