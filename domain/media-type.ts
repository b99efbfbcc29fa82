import { PermanentError } from "./errors.ts";

/** No registered media type is half as long, and S3 takes headers of 8 KB only. */
export const MAX_MEDIA_TYPE_CHARACTERS = 256;
const MAX_CHARACTERS = MAX_MEDIA_TYPE_CHARACTERS;

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = '"(?:[\\t !#-[\\]-~]|\\\\[\\t -~])*"';
/** `type/subtype` and parameters (RFC 9110, 8.3.1), without the bytes past ASCII that it leaves to older senders. */
export const MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?:[\\t ]*;(?:[\\t ]*${TOKEN}=(?:${TOKEN}|${QUOTED}))?)*[\\t ]*$`);

const SINGLY_QUOTED = '"(?: ?(?:[!#-[\\]-~]|\\\\[!-~]))* ?"';
/**
 * The same with single blanks alone, and none at the end: what is part of a signature. Who signs takes all blanks in a row for one, and who
 * sends leaves out the last; of tabs, and of blanks in quotes, not all who check do (Signature Version 4: canonical headers).
 */
export const SIGNED_MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?: ?;(?: ?${TOKEN}=(?:${TOKEN}|${SINGLY_QUOTED}))?)*$`);

/** Whether a text may stand as `Content-Type` in an answer of HTTP. */
export function isMediaType(text: unknown): text is string {
  return typeof text === "string" && text.length <= MAX_CHARACTERS && MEDIA_TYPE.test(text);
}

/** A media type without its parameters, in lower case. */
export function essence(mediaType: string): string {
  return (mediaType.split(";", 1)[0] as string).trim().toLowerCase();
}

/**
 * Checks the content type of a file that a job stores, which its downloads will have.
 *
 * @throws PermanentError "InvalidContentType" that names it.
 */
export function checkMediaType(contentType: unknown): asserts contentType is string {
  if (isMediaType(contentType)) return;
  const given = (JSON.stringify(contentType) ?? String(contentType)).slice(0, MAX_CHARACTERS).toWellFormed();
  const wanted = `use a media type such as text/csv or "text/plain; charset=utf-8", of at most ${MAX_CHARACTERS} characters`;
  throw new PermanentError(`content type ${given} is not allowed; ${wanted}`, { code: "InvalidContentType" });
}
