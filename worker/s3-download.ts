import type { Readable } from "node:stream";
import { callSettings } from "@autoscaling-job-queues/domain/clients";
import { transferDeadlineMs } from "@autoscaling-job-queues/domain/transfer-deadline";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";

/** A part of an object. */
export interface ObjectPart {
  readonly bucket: string;
  readonly key: string;
  /** What the object must still be. */
  readonly etag: string;
  readonly start: number;
  readonly bytes: number;
}

export type S3Download = (part: ObjectPart, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

/** Answers of which the body breaks off, before it is given up. The SDK tries again only until an answer begins. */
const MAX_BREAKS = 3;

/**
 * Downloads parts of objects, each of which is in memory as a whole, in a buffer of its own. Where the connection breaks it goes on from
 * there. Whether bytes came over unchanged, TLS tells: a checksum of the whole object does not fit its parts.
 */
export function s3Download({ client = partsClient() }: { readonly client?: S3Client } = {}): S3Download {
  return async ({ bucket: Bucket, key: Key, etag: IfMatch, start, bytes: wanted }, signal) => {
    const part = new Uint8Array(wanted);
    for (let [filled, breaks] = [0, 0]; filled < wanted; ) {
      const Range = `bytes=${start + filled}-${start + wanted - 1}`;
      const deadline = AbortSignal.timeout(transferDeadlineMs(wanted));
      const abortSignal = AbortSignal.any([signal, deadline]);
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, IfMatch, Range }), { abortSignal });
      const body = Body as Readable;
      const abort = (): void => void body.destroy(abortSignal.reason as Error);
      abortSignal.addEventListener("abort", abort, { once: true });
      try {
        for await (const chunk of body as AsyncIterable<Uint8Array>) {
          part.set(chunk.subarray(0, wanted - filled), filled);
          filled += Math.min(chunk.byteLength, wanted - filled);
        }
        if (filled < wanted) throw new Error(`an answer of S3 ended after ${filled} of ${wanted} bytes`);
      } catch (error) {
        breaks += 1;
        if (abortSignal.aborted || breaks === MAX_BREAKS) throw signal.aborted ? signal.reason : error;
      } finally {
        abortSignal.removeEventListener("abort", abort);
      }
    }
    return part;
  };
}

function partsClient(): S3Client {
  return new S3Client({ ...callSettings(), responseChecksumValidation: "WHEN_REQUIRED" });
}
