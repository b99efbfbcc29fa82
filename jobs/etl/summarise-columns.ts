import type { Column } from "./clean-table.ts";
import { type DuckDBSession, identifier } from "./duckdb-session.ts";

/** What `summary.json` says of a column. */
export interface ColumnSummary extends Column {
  readonly nulls: number;
  /** Different values, without NULL. */
  readonly distinct: number;
  /** Smallest and largest value; dates and timestamps as ISO 8601, texts cut after 200 characters, null where there are none. */
  readonly min: unknown;
  readonly max: unknown;
  /** For integers and numbers only. */
  readonly mean?: number | null;
}

const NUMERIC = ["integer", "number"];
const MAX_TEXT_CHARACTERS = 200;

/** Summarises the columns of the table `cleaned`, one by one: counting the different values of hundreds at once takes too much memory. */
export async function summariseColumns({ query }: DuckDBSession, columns: readonly Column[]): Promise<ColumnSummary[]> {
  const summaries: ColumnSummary[] = [];
  for (const column of columns) {
    const name = identifier(column.name);
    const isNumeric = NUMERIC.includes(column.type);
    const [row = {}] = await query(
      `SELECT count(*) - count(${name}) AS nulls, count(DISTINCT ${name}) AS distinct_values,
         min(${name}) AS min, max(${name}) AS max, ${isNumeric ? `avg(${name})` : "NULL"} AS mean FROM cleaned`,
    );
    summaries.push({
      ...column,
      nulls: Number(row.nulls),
      distinct: Number(row.distinct_values),
      min: jsonValue(column, row.min),
      max: jsonValue(column, row.max),
      ...(isNumeric ? { mean: row.mean as number | null } : {}),
    });
  }
  return summaries;
}

/** 64-bit integers come as text; those that a JSON number cannot hold exactly stay text. */
function jsonValue({ type }: Column, value: unknown): unknown {
  if (type === "integer" && typeof value === "string") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (type === "timestamp" && typeof value === "string") return value.replace(" ", "T");
  return typeof value === "string" ? value.slice(0, MAX_TEXT_CHARACTERS).toWellFormed() : (value ?? null);
}
