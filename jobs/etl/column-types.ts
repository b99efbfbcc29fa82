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
  readonly gather: () => GatheredTexts;
}

/** What matters of a column's texts, all of which fit. */
export interface GatheredTexts {
  readonly add: (text: string) => void;
  /** Whether they are written alike, so that each of them follows from its value. */
  readonly areAlike: () => boolean;
  /** @throws PermanentError "ConflictingValues" when the column cannot hold the values of texts that are not alike. */
  readonly storage: (column: string) => Storage;
}

/** The digits of a DECIMAL; up to 18 of them take 8 bytes. */
const MAX_DIGITS = 38;
const SHORT_DIGITS = 18;
const DAY_MS = 86_400_000;
/** Without what a value forgets: plus signs, leading zeros, the sign of zero. */
const DECIMAL = /^(?!-[0.]+$)-?(0|[1-9]\d*)(?:\.(\d+))?$/;
const TIMESTAMP = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6}))?(Z?)$/;

const isUtc = (text: string): boolean => text.endsWith("Z");

/** Since 1970, of a time without zone; NaN where the calendar or the clock has no such time. */
function millisecondsOf(time: string): number {
  const iso = time.replace(" ", "T");
  const ms = iso.startsWith("0000") ? Number.NaN : Date.parse(`${iso}Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(iso) ? ms : Number.NaN;
}

const isTime = (time: string): boolean => !Number.isNaN(millisecondsOf(time));

/** Of texts that are always alike. */
const gatherNothing = (storage: Storage) => (): GatheredTexts => ({
  add: () => {},
  areAlike: () => true,
  storage: () => storage,
});

/** The types in the order in which they are tried. */
export const READINGS: Readonly<Record<ColumnType, Reading>> = {
  boolean: {
    fits: (text) => text === "true" || text === "false",
    gather: gatherNothing({ element: { type: "BOOLEAN" }, value: (text) => text === "true" }),
  },
  integer: {
    fits: (text) => /^-?\d{1,19}$/.test(text) && DECIMAL.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text),
    gather: gatherNothing({ element: { type: "INT64" }, value: BigInt }),
  },
  number: {
    fits: (text) => {
      const [, whole, decimals = ""] = DECIMAL.exec(text) ?? [];
      return whole !== undefined && whole.length + decimals.length <= MAX_DIGITS;
    },
    gather: gatherNumbers,
  },
  date: {
    fits: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && isTime(`${text}T00:00`),
    gather: gatherNothing({
      element: { type: "INT32", converted_type: "DATE" },
      value: (text) => Date.parse(text) / DAY_MS,
    }),
  },
  timestamp: {
    fits: (text) => isTime(TIMESTAMP.exec(text)?.[1] ?? ""),
    gather: gatherTimes,
  },
  text: {
    fits: () => true,
    gather: gatherNothing({ element: { type: "BYTE_ARRAY", converted_type: "UTF8" }, value: (text) => text }),
  },
};

function gatherNumbers(): GatheredTexts {
  let [whole, most, least, isMinimal] = [0, 0, MAX_DIGITS, true];
  return {
    add: (text) => {
      const [, digits = "", decimals = ""] = DECIMAL.exec(text) ?? [];
      whole = Math.max(whole, digits.length);
      most = Math.max(most, decimals.length);
      least = Math.min(least, decimals.length);
      isMinimal &&= !decimals.endsWith("0");
    },
    // All with as many decimals, or none with one too many: 1.1 and 1.10 are one number, and two texts.
    areAlike: () => whole + most <= MAX_DIGITS && (isMinimal || most === least),
    storage: (column) => {
      const [digits, scale] = [whole + most, most];
      if (digits > MAX_DIGITS) throw conflict(column, `its numbers take ${digits} digits, and a column has ${MAX_DIGITS}`);
      const bytes =
        digits > SHORT_DIGITS ? ({ type: "FIXED_LEN_BYTE_ARRAY", type_length: 16 } as const) : ({ type: "INT64" } as const);
      return {
        element: { ...bytes, converted_type: "DECIMAL", precision: digits > SHORT_DIGITS ? MAX_DIGITS : SHORT_DIGITS, scale },
        value: (text) => BigInt(text.replace(".", "") + "0".repeat(scale - (DECIMAL.exec(text)?.[2]?.length ?? 0))),
      };
    },
  };
}

function gatherTimes(): GatheredTexts {
  const shapes = new Set<string>();
  return {
    add: (text) => void shapes.add(text.replace(/\d/g, "0")),
    areAlike: () => shapes.size <= 1,
    // With Z it is a moment, without it what a clock somewhere showed.
    storage: (column) => {
      const isAdjustedToUTC = [...shapes].every(isUtc);
      if (!isAdjustedToUTC && [...shapes].some(isUtc)) throw conflict(column, "some of its times end in Z, and some do not");
      return {
        element: { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC, unit: "MICROS" } },
        value: (text) => {
          const [, time = "", fraction = ""] = TIMESTAMP.exec(text) ?? [];
          return BigInt(millisecondsOf(time)) * 1_000n + BigInt(fraction.padEnd(6, "0"));
        },
      };
    },
  };
}

const conflict = (column: string, problem: string): PermanentError =>
  new PermanentError(`columns.${column}: ${problem}`, { code: "ConflictingValues" });
