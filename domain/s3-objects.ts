import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ServiceException,
} from "@aws-sdk/client-s3";
import { callSettings } from "./clients.ts";
import type { PayloadLocation } from "./job.ts";
import { MAX_COPY_SECONDS } from "./limits.ts";
import { type TransferSettings, transferDeadlineMs } from "./transfer-deadline.ts";

/** What S3 says of an object without its bytes. */
export interface ObjectHead {
  readonly bytes: number;
  readonly contentType: string;
  readonly etag: string;
}

type ObjectName = Pick<PayloadLocation, "bucket" | "key">;

/** The calls to S3 of the results bucket, apart from `PayloadStore` so that a bundle loads the client when first used. */
export interface S3Objects {
  readonly put: (object: ObjectName, body: Uint8Array, contentType: string) => Promise<void>;
  /** @param from with the `etag` that it must still have, if any. @returns the copy's. @throws AbortError after `copyMs`. */
  readonly copy: (from: PayloadLocation & { readonly etag?: string }, to: ObjectName) => Promise<string>;
  /** @returns undefined where there is no such object, or none that may be read. */
  readonly head: (object: ObjectName) => Promise<ObjectHead | undefined>;
  readonly getText: (object: PayloadLocation) => Promise<string>;
}

/** Without `s3:ListBucket` S3 does not tell what is missing from what is denied. */
const GONE: ReadonlySet<unknown> = new Set([403, 404]);
const HEAD_MS = 5_000;

interface S3Settings extends TransferSettings {
  /** Milliseconds that a copy may take with all its tries, whatever its size: a caller waits for it. @default MAX_COPY_SECONDS */
  readonly copyMs?: number;
}

/**
 * Every transfer settles within a deadline that grows with its size, so that a large one does not fail over a slow network
 * while its bytes flow. An upload has three tries of that; a download has it in all, and ends sooner when nothing comes.
 */
export function s3Objects({ copyMs = MAX_COPY_SECONDS * 1_000, ...transfer }: S3Settings = {}): S3Objects {
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
      const copy = new CopyObjectCommand({ Bucket: bucket, Key: key, CopySource, CopySourceIfMatch: from.etag });
      // S3 answers at once, and says at the answer's end how it went.
      const deadline = { abortSignal: AbortSignal.timeout(copyMs), requestTimeout: copyMs };
      const { CopyObjectResult } = await uploads.send(copy, deadline);
      return CopyObjectResult?.ETag ?? "";
    },
    head: async ({ bucket, key }) => {
      try {
        const head = await downloads.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { requestTimeout: HEAD_MS });
        const { ContentLength: bytes = 0, ContentType: contentType = "binary/octet-stream", ETag: etag = "" } = head;
        return { bytes, contentType, etag };
      } catch (error) {
        if (GONE.has((error as S3ServiceException).$metadata?.httpStatusCode)) return undefined;
        throw error;
      }
    },
    getText: async ({ bucket, key, bytes }) => {
      const get = new GetObjectCommand({ Bucket: bucket, Key: key });
      const { Body } = await downloads.send(get, { abortSignal: AbortSignal.timeout(transferDeadlineMs(bytes, transfer)) });
      return (await Body?.transformToString()) ?? "";
    },
  };
}
