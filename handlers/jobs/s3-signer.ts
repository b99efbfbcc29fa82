import { GetObjectCommand, S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { contentDisposition } from "./content-disposition.ts";
import type { Sign } from "./links.ts";

/**
 * S3's side of links; see `s3Sign`. Signing is arithmetic: it calls nothing but, once, the source of the credentials. What a link
 * says about the answer's headers is part of what is signed.
 */
export function s3Signer(settings: S3ClientConfig, expiresIn: number): Sign {
  const client = new S3Client(settings);
  return async ({ bucket, key }) => {
    const get = new GetObjectCommand({ Bucket: bucket, Key: key, ResponseContentDisposition: contentDisposition(key) });
    return await getSignedUrl(client, get, { expiresIn });
  };
}
