import { PermanentError } from "@autoscaling-job-queues/domain/errors";

/**
 * Marks of bytes that are not text, or of another encoding: control characters, what decoders put for errors, no characters, and halves
 * of pairs.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const NOT_TEXT = /[\0-\x08\x0e-\x1f\ufffd-\uffff]|\p{Surrogate}/u;
/** The same, and a byte order mark that was read as Latin-1: it stands at the beginning only. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const NO_BEGINNING = /[\0-\x08\x0e-\x1f\ufffd-\uffff]|\p{Surrogate}|^ï»¿/u;
const BYTE_ORDER_MARKS = /^\ufeff+/;
/** How Excel names the delimiter; programs that quote every value quote it too. */
export const SEPARATOR_LINE = /^("?)sep=([^"\r\n])\1(?=[\r\n]|$)/iu;

export const invalidCsv = (message: string): PermanentError => new PermanentError(message, { code: "InvalidCsv" });

/**
 * Checks that a part of a CSV is text.
 *
 * @param linesBefore how many lines are before it.
 * @param isFirst whether it is the beginning, which may have byte order marks.
 * @throws PermanentError "InvalidCsv" with the line and the character.
 */
export function checkText(part: string, linesBefore: number, isFirst: boolean): void {
  const text = isFirst ? part.replace(BYTE_ORDER_MARKS, "") : part;
  const strange = (isFirst ? NO_BEGINNING : NOT_TEXT).exec(text);
  if (strange === null) return;
  const line = linesBefore + text.slice(0, strange.index).split(/\r\n|\n|\r/).length;
  const code = strange[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  throw invalidCsv(`line ${line} has the character U+${code}: this is not text, or was decoded as something that it is not`);
}

/** The beginning of a CSV without byte order marks; its line that tells the delimiter is blank. */
export function withoutMarks(beginning: string): string {
  return beginning.replace(BYTE_ORDER_MARKS, "").replace(SEPARATOR_LINE, "");
}

/** Where the last line that is whole ends; 0 where none is. A carriage return at the very end may be half of a line end. */
export function lastLineEnd(text: string): number {
  const newline = text.lastIndexOf("\n") + 1;
  const before = text.endsWith("\r") ? text.length - 2 : text.length - 1;
  return Math.max(newline, text.lastIndexOf("\r", before) + 1);
}
