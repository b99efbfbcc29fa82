import { CopyObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { callSettings } from "./clients.ts";
import type { PayloadLocation } from "./job.ts";
import { type TransferSettings, transferDeadlineMs } from "./transfer-deadline.ts";

/** The calls to S3 of the results bucket, apart from `PayloadStore` so that a bundle loads the client when first used. */
export interface S3Objects {
  readonly put: (object: Pick<PayloadLocation, "bucket" | "key">, body: Uint8Array, contentType: string) => Promise<void>;
  readonly copy: (from: PayloadLocation, to: Pick<PayloadLocation, "bucket" | "key">) => Promise<void>;
  readonly getText: (object: PayloadLocation) => Promise<string>;
}

/**
 * Every transfer settles within a deadline that grows with its size, so that a large one does not fail over a slow network
 * while its bytes flow. An upload has three tries of that; a download has it in all, and ends sooner when nothing comes.
 */
export function s3Objects(transfer: TransferSettings = {}): S3Objects {
  const settings = callSettings({ requestTimeoutMs: transferDeadlineMs(0, transfer) });
  const downloads = new S3Client(settings);
  // Over TLS, Node's idle timeout also ends an upload that moves: it does not see how far a large write has come.
  const uploads = new S3Client({ ...settings, requestHandler: { ...settings.requestHandler, socketTimeout: 0 } });
  return {
    put: async ({ bucket, key }, body, contentType) => {
      const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType });
      await uploads.send(put, { requestTimeout: transferDeadlineMs(body.byteLength, transfer) });
    },
    copy: async (from, { bucket, key }) => {
      const CopySource = [from.bucket, ...from.key.split("/")].map(encodeURIComponent).join("/");
      const copy = new CopyObjectCommand({ Bucket: bucket, Key: key, CopySource });
      await uploads.send(copy, { requestTimeout: transferDeadlineMs(from.bytes, transfer) });
    },
    getText: async ({ bucket, key, bytes }) => {
      const get = new GetObjectCommand({ Bucket: bucket, Key: key });
      const { Body } = await downloads.send(get, { abortSignal: AbortSignal.timeout(transferDeadlineMs(bytes, transfer)) });
      return (await Body?.transformToString()) ?? "";
    },
  };
}
