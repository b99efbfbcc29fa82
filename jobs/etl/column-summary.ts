import type { Column } from "./clean-table.ts";

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
  const mean = written.reduce((sum, text) => sum + Number(text) / written.length, 0);
  return {
    header,
    name,
    type,
    nulls: texts.length - written.length,
    distinct: values.size,
    min: shown(min),
    max: shown(max),
    ...(type === "integer" || type === "number" ? { mean: written.length === 0 ? null : mean } : {}),
  };
}
