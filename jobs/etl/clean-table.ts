import { writeFile } from "node:fs/promises";
import path from "node:path";
import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { COLUMN_TYPES, type ColumnType, narrowestType, parsed } from "./column-types.ts";
import type { CsvHeader } from "./csv-header.ts";
import { type DuckDBSession, identifier, literal } from "./duckdb-session.ts";

/** A column of the cleaned table. */
export interface Column {
  readonly header: string;
  readonly name: string;
  readonly type: ColumnType;
}

/** Types asked for, by a column's name or header. */
export type WantedTypes = Readonly<Record<string, ColumnType>>;

/** A row that is not in the cleaned table, and why. */
export interface Reject {
  readonly reason: string;
  readonly row: string;
}

/** White space around values: spaces, tabs, line ends, no-break spaces. */
const WHITE_SPACE = " \t\n\r\u00a0";
const NULL_WORDS = "^(NA|N/A|n/a|NULL|null|Null|NaN|nan)$";
/** A name that no column can have. */
const POSITION = identifier("#position");
/** The longest record: all of an input's 1,900,000 characters, of at most three bytes each. */
const MAX_RECORD_BYTES = 5_700_000;

/** Reads the CSV into the table `trimmed`: text columns without white space around, NULL for what means nothing. */
export async function readTrimmed({ query, folder }: DuckDBSession, csv: string, header: CsvHeader): Promise<Reject[]> {
  const file = path.join(folder, "input.csv");
  await writeFile(file, csv);
  const types = header.columns.map(({ name }) => `${literal(name)}: 'VARCHAR'`).join(", ");
  const values = header.columns.map(({ name }) => {
    const text = `trim(${identifier(name)}, ${literal(WHITE_SPACE)})`;
    // Not with NOT IN: DuckDB makes a join of it, and hundreds of joins take hundreds of megabytes.
    return `nullif(regexp_replace(${text}, '${NULL_WORDS}', ''), '') AS ${identifier(name)}`;
  });
  await query(
    `CREATE TABLE trimmed AS SELECT ${values.join(", ")} FROM read_csv(${literal(file)}, auto_detect = false, header = true,
       columns = {${types}}, delim = ${literal(header.delimiter)}, quote = '"', escape = '"', store_rejects = true,
       max_line_size = ${MAX_RECORD_BYTES}, buffer_size = ${MAX_RECORD_BYTES})`,
  );
  const rejects = await query(
    "SELECT min(error_message) AS reason, any_value(csv_line) AS row FROM reject_errors GROUP BY line ORDER BY line",
  );
  return rejects.map(({ reason, row }) => ({ reason: String(reason), row: String(row).trim() }));
}

/**
 * Gives every column the type asked for, or the narrowest that fits all of its values.
 *
 * @throws PermanentError when a type is asked for a column that is not there.
 */
export async function chooseTypes({ query }: DuckDBSession, header: CsvHeader, wanted: WantedTypes): Promise<Column[]> {
  const unknown = Object.keys(wanted).find(
    (key) => !header.columns.some((column) => column.name === key || column.header === key),
  );
  if (unknown !== undefined) {
    const names = header.columns.map(({ name }) => name).join(", ");
    throw new PermanentError(`columns.${unknown}: the CSV has no such column, but ${names}`, { code: "UnknownColumn" });
  }
  const counts = header.columns.map(({ name }, index) => {
    const fitting = COLUMN_TYPES.map((type) => `count(${parsed(type, identifier(name))})`).join(", ");
    return `count(${identifier(name)}) AS values_${index}, [${fitting}] AS fitting_${index}`;
  });
  const [row = {}] = await query(`SELECT ${counts.join(", ")} FROM trimmed`);
  return header.columns.map((column, index) => ({
    ...column,
    type:
      wantedType(column, wanted) ??
      narrowestType(Number(row[`values_${index}`]), (row[`fitting_${index}`] as string[]).map(Number)),
  }));
}

/** Fills the table `cleaned` from `trimmed`, in the order of the CSV; returns the rows with a value that is not of its type. */
export async function fillCleaned(
  { query }: DuckDBSession,
  columns: readonly Column[],
  wanted: WantedTypes,
  dropDuplicates: boolean,
): Promise<{ rejects: Reject[]; droppedDuplicates: number; rows: number }> {
  const names = columns.map(({ name }) => identifier(name));
  // A type that was found fits every value; only one that was asked for may not.
  const asked = columns.filter((column) => wantedType(column, wanted) !== undefined);
  const reason = `coalesce(${[...asked.map(misfit), "NULL", "NULL"].join(", ")})`;
  const row = `concat_ws(',', ${names.map((name) => `coalesce(${name}, '')`).join(", ")})`;
  const rejects = await query(
    `SELECT ${reason} AS reason, ${row} AS row FROM trimmed WHERE ${reason} IS NOT NULL ORDER BY rowid`,
  );

  const values = columns.map(({ name, type }) => `${parsed(type, identifier(name))} AS ${identifier(name)}`);
  const fitting = `SELECT ${values.join(", ")}, rowid AS ${POSITION} FROM trimmed WHERE ${reason} IS NULL`;
  const kept = dropDuplicates
    ? `SELECT ${names.join(", ")}, min(${POSITION}) AS ${POSITION} FROM (${fitting}) GROUP BY ${names.join(", ")}`
    : fitting;
  await query(`CREATE TABLE cleaned AS SELECT ${names.join(", ")} FROM (${kept}) ORDER BY ${POSITION}`);

  const [counts = {}] = await query(
    "SELECT (SELECT count(*) FROM trimmed) AS trimmed, (SELECT count(*) FROM cleaned) AS cleaned",
  );
  const rows = Number(counts.cleaned);
  return {
    rejects: rejects.map(({ reason, row }) => ({ reason: String(reason), row: String(row) })),
    rows,
    droppedDuplicates: Number(counts.trimmed) - rejects.length - rows,
  };
}

function wantedType({ name, header }: Omit<Column, "type">, wanted: WantedTypes): ColumnType | undefined {
  const key = [name, header].find((candidate) => Object.hasOwn(wanted, candidate));
  return key === undefined ? undefined : wanted[key];
}

/** An SQL expression: why a row does not fit a column's type, NULL where it does. */
function misfit({ name, type }: Column): string {
  const text = identifier(name);
  const reason = `concat(${literal(`${name}: `)}, ${text}, ${literal(` is no ${type}`)})`;
  return `CASE WHEN ${text} IS NOT NULL AND ${parsed(type, text)} IS NULL THEN ${reason} END`;
}
