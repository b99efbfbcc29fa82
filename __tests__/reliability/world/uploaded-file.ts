import { PutObjectCommand } from "@aws-sdk/client-s3";
import { payloadKeys } from "../../../domain/payload.ts";
import { ADA, ownerOf } from "../../handlers/api-event.ts";
import type { Emulators } from "../../support/emulators.ts";

/** The file that a world's client has uploaded for each job type: jobs may be added with it. Its ULID's time never comes. */
export const UPLOADED = { upload: "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", name: "data", text: "what was uploaded" } as const;
/** What may take its place: as long, since workers read as many bytes as were there. */
export const REPLACED = "what was replaced";

/** Stores it, or something else in its place. */
export async function storeUpload(
  { s3, resultsBucket }: Pick<Emulators, "s3" | "resultsBucket">,
  type: string,
  text: string = UPLOADED.text,
): Promise<void> {
  const Key = payloadKeys.upload(type, ownerOf(ADA), UPLOADED.upload, UPLOADED.name);
  await s3.send(new PutObjectCommand({ Bucket: resultsBucket, Key, Body: text, ContentType: "text/plain" }));
}
