import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import type { ParquetWriteOptions } from "hyparquet-writer";
import type { ColumnType } from "./job-type.ts";

/** How Parquet stores a column, and what it stores for a text. */
export interface Storage {
  readonly element: Omit<NonNullable<ParquetWriteOptions["schema"]>[number], "name" | "repetition_type">;
  readonly value: (text: string) => boolean | bigint | number | string;
}

interface Reading {
  /** Whether the text can be made again from a value of this type. */
  readonly fits: (text: string) => boolean;
  /** Whether texts that fit are written alike, so that each of them follows from its value. @default they are */
  readonly areAlike?: (texts: readonly string[]) => boolean;
  /** @throws PermanentError "ConflictingValues" when the column cannot hold the values of texts that fit, but are not alike. */
  readonly storage: (texts: readonly string[], column: string) => Storage;
}

/** The digits of a DECIMAL; up to 18 of them take 8 bytes. */
const MAX_DIGITS = 38;
const SHORT_DIGITS = 18;
const DAY_MS = 86_400_000;
/** Without what a value forgets: plus signs, leading zeros, the sign of zero. */
const DECIMAL = /^(?!-[0.]+$)-?(0|[1-9]\d*)(?:\.(\d+))?$/;
const TIMESTAMP = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6}))?(Z?)$/;

const wholeOf = (text: string): string => DECIMAL.exec(text)?.[1] ?? "";
const decimalsOf = (text: string): string => DECIMAL.exec(text)?.[2] ?? "";
const longest = (texts: readonly string[]): number => texts.reduce((length, text) => Math.max(length, text.length), 0);
const digitsOf = (texts: readonly string[]): number => longest(texts.map(wholeOf)) + longest(texts.map(decimalsOf));
const isUtc = (text: string): boolean => text.endsWith("Z");

/** Since 1970, of a time without zone; NaN where the calendar or the clock has no such time. */
function millisecondsOf(time: string): number {
  const iso = time.replace(" ", "T");
  const ms = iso.startsWith("0000") ? Number.NaN : Date.parse(`${iso}Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(iso) ? ms : Number.NaN;
}

const isTime = (time: string): boolean => !Number.isNaN(millisecondsOf(time));

/** The types in the order in which they are tried. */
export const READINGS: Readonly<Record<ColumnType, Reading>> = {
  boolean: {
    fits: (text) => text === "true" || text === "false",
    storage: () => ({ element: { type: "BOOLEAN" }, value: (text) => text === "true" }),
  },
  integer: {
    fits: (text) => /^-?\d{1,19}$/.test(text) && DECIMAL.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text),
    storage: () => ({ element: { type: "INT64" }, value: BigInt }),
  },
  number: {
    fits: (text) => DECIMAL.test(text) && digitsOf([text]) <= MAX_DIGITS,
    // All with as many decimals, or none with one too many: 1.1 and 1.10 are one number, and two texts.
    areAlike: (texts) => {
      const decimals = texts.map(decimalsOf);
      const most = longest(decimals);
      const isMinimal = !decimals.some((text) => text.endsWith("0"));
      return digitsOf(texts) <= MAX_DIGITS && (isMinimal || decimals.every(({ length }) => length === most));
    },
    storage: (texts, column) => {
      const [digits, scale] = [digitsOf(texts), longest(texts.map(decimalsOf))];
      if (digits > MAX_DIGITS) throw conflict(column, `its numbers take ${digits} digits, and a column has ${MAX_DIGITS}`);
      const bytes =
        digits > SHORT_DIGITS ? ({ type: "FIXED_LEN_BYTE_ARRAY", type_length: 16 } as const) : ({ type: "INT64" } as const);
      return {
        element: { ...bytes, converted_type: "DECIMAL", precision: digits > SHORT_DIGITS ? MAX_DIGITS : SHORT_DIGITS, scale },
        value: (text) => BigInt(text.replace(".", "") + "0".repeat(scale - decimalsOf(text).length)),
      };
    },
  },
  date: {
    fits: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && isTime(`${text}T00:00`),
    storage: () => ({ element: { type: "INT32", converted_type: "DATE" }, value: (text) => Date.parse(text) / DAY_MS }),
  },
  timestamp: {
    fits: (text) => isTime(TIMESTAMP.exec(text)?.[1] ?? ""),
    areAlike: (texts) => new Set(texts.map((text) => text.replace(/\d/g, "0"))).size === 1,
    // With Z it is a moment, without it what a clock somewhere showed.
    storage: (texts, column) => {
      const isAdjustedToUTC = texts.every(isUtc);
      if (!isAdjustedToUTC && texts.some(isUtc)) throw conflict(column, "some of its times end in Z, and some do not");
      return {
        element: { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC, unit: "MICROS" } },
        value: (text) => {
          const [, time = "", fraction = ""] = TIMESTAMP.exec(text) ?? [];
          return BigInt(millisecondsOf(time)) * 1_000n + BigInt(fraction.padEnd(6, "0"));
        },
      };
    },
  },
  text: {
    fits: () => true,
    storage: () => ({ element: { type: "BYTE_ARRAY", converted_type: "UTF8" }, value: (text) => text }),
  },
};

const conflict = (column: string, problem: string): PermanentError =>
  new PermanentError(`columns.${column}: ${problem}`, { code: "ConflictingValues" });
