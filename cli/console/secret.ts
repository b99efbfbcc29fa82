import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** 256 random bits, as text for a URL. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Whether it is the secret, in a time that tells nothing of it. */
export function isSecret(given: string | null | undefined, secret: string): boolean {
  return typeof given === "string" && timingSafeEqual(digest(given), digest(secret));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
