import { isUtf8 } from "node:buffer";

/** Bytes of the character that begins with this one; 0 where none does. */
function characterLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** Where the last character that is not whole begins: the length, where the bytes end with a whole one or with none. */
export function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte >= 0xc0) return characterLength(byte) > back ? bytes.length - back : bytes.length;
    if (byte < 0x80) return bytes.length;
  }
  return bytes.length;
}

/** Index of the first byte that belongs to no character of UTF-8; the length, where all do. */
export function validUntil(bytes: Uint8Array, from = 0): number {
  let at = from;
  while (at < bytes.length) {
    const length = characterLength(bytes[at] as number);
    if (length === 0 || (length > 1 && !isUtf8(bytes.subarray(at, at + length)))) return at;
    at += length;
  }
  return at;
}

/** All control characters but the tab. */
const CONTROL = /[^\P{Cc}\t]/gu;

/**
 * The text of bytes that may be anything, for people and terminals: bytes that are not UTF-8, and control characters other than
 * tabs, as `\xHH`.
 */
export function readableText(bytes: Buffer): string {
  return decode(bytes).replace(CONTROL, (character) => escaped(character.charCodeAt(0)));
}

function decode(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const end = validUntil(bytes, at);
    text += bytes.toString("utf8", at, end);
    if (end < bytes.length) text += escaped(bytes[end] as number);
    at = end + 1;
  }
  return text;
}

function escaped(code: number): string {
  return `\\x${code.toString(16).padStart(2, "0")}`;
}
