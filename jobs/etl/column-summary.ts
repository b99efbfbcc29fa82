import type { Column } from "./clean-table.ts";
import type { Storage } from "./column-types.ts";

/** What `summary.json` says about a column. */
export interface ColumnSummary extends Pick<Column, "header" | "name" | "type"> {
  readonly nulls: number;
  /** Different values, without NULL. */
  readonly distinct: number;
  /** The smallest and the largest value as texts, of 200 characters at most; null where there are none. */
  readonly min: string | null;
  readonly max: string | null;
  /** For integers and numbers, as a double. */
  readonly mean?: number | null;
}

const SHOWN_CHARACTERS = 200;
/** More than a double has, below those of the values. */
const MEAN_DIGITS = 40n;

export function summariseColumn({ header, name, type, texts, storage }: Column): ColumnSummary {
  const written = texts.filter((text) => text !== null);
  const values = new Map(written.map((text) => [storage.value(text), text]));
  let [min = null, max = min] = values.keys();
  for (const value of values.keys()) {
    if (min === null || value < min) min = value;
    if (max === null || value > max) max = value;
  }
  const shown = (value: typeof min): string | null =>
    value === null ? null : (values.get(value) ?? "").slice(0, SHOWN_CHARACTERS).toWellFormed();
  return {
    header,
    name,
    type,
    nulls: texts.length - written.length,
    distinct: values.size,
    min: shown(min),
    max: shown(max),
    ...(type === "integer" || type === "number" ? { mean: meanOf(written, storage) } : {}),
  };
}

/** Of the whole sum, which is exact: a mean is as close to it as a double can be, and never past the largest value. */
function meanOf(texts: readonly string[], { value, element: { scale = 0 } }: Storage): number | null {
  if (texts.length === 0) return null;
  const sum = texts.reduce((total, text) => total + BigInt(value(text)), 0n);
  return Number(`${(sum * 10n ** MEAN_DIGITS) / BigInt(texts.length)}e-${BigInt(scale) + MEAN_DIGITS}`);
}
