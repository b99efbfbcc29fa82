import { JsonWalk } from "./json-walk.ts";

declare global {
  /** A JSON text of one number, string, boolean or null, which `JSON.stringify` writes as it is. */
  interface RawJSON {
    readonly rawJSON: string;
  }
  /** What Node has (from 21 on) and TypeScript's library does not declare yet. */
  interface JSON {
    rawJSON(text: string): RawJSON;
    isRawJSON(value: unknown): value is RawJSON;
    /** @param reviver gets the text of a value that is neither object nor array. */
    parse(
      text: string,
      reviver: (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
  }
}

/** JSON has decimal numbers of any length; JavaScript's have some 17 digits, and no more than 1.8e308. */

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** `toPrecision` writes so many digits at most (ECMAScript). */
const MAX_PRECISION = 100;
/** Exponents with more digits cannot be counted with exactly. */
const MAX_EXPONENT_DIGITS = 15;
/** Numbers of up to 15 digits without an exponent are kept by every double (C: `DBL_DIG`), and 0 by its sign. */
const LONG_NUMBER = /[\d.]{16}|\d[eE]|-0/;
/** Characters of a number that a message repeats. */
const QUOTED = 40;
/** All of a canonical number but its digits. */
const NOT_SIGNIFICANT = /^-|e[^e]*$/g;
const MINUS = "-".charCodeAt(0);
const ZERO = "0".charCodeAt(0);
const NINE = "9".charCodeAt(0);

/** A number that a double does not keep: where it is, and what would become of it. */
export interface UnkeptNumber {
  /** JSON pointer. */
  readonly path: string;
  readonly message: string;
}

/** Whether a JSON text may hold a number that `JSON.parse` changes. A text in it may look like one. */
export function mayHoldLongNumbers(text: string): boolean {
  return LONG_NUMBER.test(text);
}

/**
 * Whether `JSON.parse` keeps a number: what it gives, written with as many digits, is the same number. So 1.10 and
 * 9007199254740992 are kept, and 0.10000000000000001, which some languages write for 0.1; 9007199254740993, 1e400 and 1e-400
 * are not.
 */
export function isKept(source: string): boolean {
  const value = Number(source);
  const exact = canonicalNumber(source);
  const precision = exact.replace(NOT_SIGNIFICANT, "").length;
  if (!Number.isFinite(value) || precision > MAX_PRECISION) return false;
  // Halfway between two numbers of so many digits, C and JavaScript's shortest form may take the one, `toPrecision` the other.
  return (
    canonicalNumber(value.toPrecision(precision)) === exact ||
    canonicalNumber(value.toPrecision(MAX_PRECISION)) === exact.replace("e", "5e")
  );
}

/** The numbers of a JSON text that are not kept, in their order, `most` of them at most. */
export function unkeptNumbers(text: string, most: number): UnkeptNumber[] {
  const found: UnkeptNumber[] = [];
  if (!mayHoldLongNumbers(text)) return found;
  const walk = new JsonWalk(text);
  walk.run({
    scalar: (start, end) => {
      if (found.length >= most || !isNumber(text.charCodeAt(start))) return;
      const source = text.slice(start, end);
      if (!isKept(source)) found.push({ path: walk.pointer, message: unkept(source) });
    },
  });
  return found;
}

/**
 * Parses JSON with each number as the text it was written as, in the shape that `JSON.stringify` writes back. Recursive: for
 * texts of a bounded depth.
 *
 * @see https://github.com/tc39/proposal-json-parse-with-source
 */
export function exactJson(text: string): unknown {
  return JSON.parse(text, (_, value: unknown, { source }) =>
    typeof value === "number" && source !== undefined ? JSON.rawJSON(source) : value,
  );
}

/** One text for each number, however it is written: 1.0, 1 and 1e0 are equal, 9007199254740992 and 9007199254740993 are not. */
export function canonicalNumber(source: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = NUMBER.exec(source) ?? [];
  if (exponent.length > MAX_EXPONENT_DIGITS) return source;
  const digits = whole + fraction;
  const start = firstDigit(digits);
  if (start === digits.length) return "0";
  return `${sign}${digits.slice(start, endOfDigits(digits))}e${Number(exponent) + whole.length - 1 - start}`;
}

function firstDigit(digits: string): number {
  let start = 0;
  while (start < digits.length && digits[start] === "0") start += 1;
  return start;
}

function endOfDigits(digits: string): number {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === "0") end -= 1;
  return end;
}

function isNumber(first: number): boolean {
  return first === MINUS || (first >= ZERO && first <= NINE);
}

function unkept(source: string): string {
  const shown = source.length <= QUOTED ? source : `${source.slice(0, QUOTED)}…`;
  return `must be a number that JavaScript keeps: ${shown} would become ${Number(source)}. Send it as a string`;
}
