import { PutObjectCommand, S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

/** A file that is still to be uploaded. */
export interface PlannedObject {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  readonly contentType: string;
}

/** A link that takes one `PUT`, and the headers that this must have. */
export interface UploadLink {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type SignUpload = (object: PlannedObject) => Promise<UploadLink>;

/**
 * Signs links that store one object of exactly this size and content type, and only where none of its key is there (S3 User Guide:
 * conditional writes). All three are headers of the `PUT`, and part of what is signed. Signing is arithmetic: nothing is called.
 *
 * @param expiresIn seconds within which the `PUT` must begin, or less if the credentials that sign end sooner.
 */
export function uploadSigner(settings: S3ClientConfig, expiresIn: number): SignUpload {
  // A checksum would be that of the bytes that are there when it is signed: none.
  const client = new S3Client({ ...settings, requestChecksumCalculation: "WHEN_REQUIRED" });
  return async ({ bucket, key, bytes, contentType }) => {
    const put = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      ContentLength: bytes,
      ContentType: contentType,
      IfNoneMatch: "*",
    });
    // The presigner leaves out the content type unless it is told.
    const url = await getSignedUrl(client, put, { expiresIn, signableHeaders: new Set(["content-type"]) });
    return { url, headers: { "content-length": String(bytes), "content-type": contentType, "if-none-match": "*" } };
  };
}
