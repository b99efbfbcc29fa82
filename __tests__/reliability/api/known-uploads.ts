import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { newUploadId } from "../../../domain/job-files.ts";
import { payloadKeys } from "../../../domain/payload.ts";
import { OWNERS } from "./callers.ts";

/** A file that is there for a caller, or is not. */
interface KnownUpload {
  readonly upload: string;
  readonly type: string;
  readonly name: string;
  readonly isOf: (owner: number) => boolean;
}

const at = (type: string, name: string, daysAgo: number, isOf: KnownUpload["isOf"]): KnownUpload => ({
  upload: newUploadId(Date.now() - daysAgo * 86_400_000),
  type,
  name,
  isOf,
});

const everybody = () => true;

/** Uploads of everybody, of the first owner alone, of nobody, for another type, and of two days ago. */
const KNOWN: readonly KnownUpload[] = [
  at("canary", "data", 0, everybody),
  at("canary", "data", 0, everybody),
  at("canary", "data", 0, (owner) => owner === 0),
  at("canary", "data", 0, () => false),
  at("etl", "data", 0, everybody),
  at("canary", "data", 2, everybody),
];

/** What requests name; the first is anybody's to use. */
export const UPLOADS: readonly string[] = KNOWN.map(({ upload }) => upload);

const isFresh = (upload: string): boolean => upload !== KNOWN.at(-1)?.upload;

/** Whether a caller may add a job of a type with this upload as that file. */
export function isUsable(principal: string, type: string, name: string, upload: string): boolean {
  const owner = OWNERS.findIndex((one) => one.principal === principal);
  return KNOWN.some(
    (known) => known.upload === upload && known.type === type && known.name === name && isFresh(upload) && known.isOf(owner),
  );
}

/** Stores what callers have uploaded. */
export async function storeUploads(s3: S3Client, bucket: string): Promise<void> {
  for (const [index, { principal = "" }] of OWNERS.entries()) {
    for (const { upload, type, name, isOf } of KNOWN) {
      if (!isOf(index)) continue;
      const Key = payloadKeys.upload(type, principal, upload, name);
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "a,b\n1,2\n", ContentType: "text/csv" }));
    }
  }
}
