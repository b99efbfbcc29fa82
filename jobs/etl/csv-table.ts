import { findHeader } from "./csv-header.ts";
import type { CsvRecord } from "./csv-records.ts";
import { type CsvSource, readBatches, readSample } from "./csv-source.ts";
import { checkText, invalidCsv } from "./csv-text.ts";
import { nextTurn } from "./next-turn.ts";
import type { Reject } from "./rejects.ts";

/** Some of a table's records, each kind in the order of the CSV. */
export interface TableBatch {
  readonly rows: readonly CsvRecord[];
  readonly rejects: readonly Reject[];
}

/** How many lines there are, and how many of them hold neither rows nor rejects. */
export interface TableLines {
  total: number;
  readonly beforeHeader: number;
  readonly header: number;
  blank: number;
}

export interface CsvTable {
  readonly delimiter: string;
  readonly headers: readonly string[];
  /** To be read once. @throws PermanentError "InvalidCsv" */
  readonly batches: AsyncGenerator<TableBatch>;
  /** Whole once the batches were read. */
  readonly lines: Readonly<TableLines>;
}

const MAX_COLUMNS = 500;
/** A CSV has no more cells than characters, but for rows that leave out delimiters at their end. */
const MIN_CELLS_ALLOWED = 2_000_000;
const MAX_CELLS_ALLOWED = 250_000_000;
const RECORDS_PER_BATCH = 10_000;

/**
 * Opens a CSV: finds the delimiter and the column names in its beginning.
 *
 * @throws PermanentError "InvalidCsv" when it is not text, has too many columns, or cannot be told safely where their names are.
 */
export async function openTable(source: CsvSource, signal: AbortSignal, toldDelimiter?: string): Promise<CsvTable> {
  const { text, isWhole } = await readSample(source);
  checkText(text, 0, true);
  const { delimiter, records, header } = await findHeader(text, signal, toldDelimiter);
  const headers = header.fields;
  if (headers.length > MAX_COLUMNS) throw invalidCsv(`the CSV has ${headers.length} columns; allowed: ${MAX_COLUMNS}`);
  const lines: TableLines = { total: 0, beforeHeader: header.line - 1, header: header.lines, blank: 0 };
  const batches = isWhole ? inBatches(records) : readBatches(source, delimiter, signal);
  return { delimiter, headers, lines, batches: tableBatches(batches, { header, lines, size: source.size, signal }) };
}

function* inBatches(records: readonly CsvRecord[]): Generator<readonly CsvRecord[]> {
  for (let from = 0; from < records.length; from += RECORDS_PER_BATCH) yield records.slice(from, from + RECORDS_PER_BATCH);
}

interface TableSettings {
  readonly header: CsvRecord;
  readonly lines: TableLines;
  readonly size: number;
  readonly signal: AbortSignal;
}

async function* tableBatches(
  batches: AsyncIterable<readonly CsvRecord[]> | Iterable<readonly CsvRecord[]>,
  { header, lines, size, signal }: TableSettings,
): AsyncGenerator<TableBatch> {
  const { fields: headers } = header;
  const named = headers.findLastIndex((name) => name !== "") + 1;
  const allowed = Math.min(Math.max(MIN_CELLS_ALLOWED, size), MAX_CELLS_ALLOWED);
  let count = 0;
  for await (const records of batches) {
    await nextTurn(signal);
    const rows: CsvRecord[] = [];
    const rejects: Reject[] = [];
    for (const record of records) {
      lines.total += record.lines;
      if (record.line <= header.line) continue;
      const reason = record.problem ?? misfit(record.fields, headers.length, named);
      // In a table of one column, a blank line is a row without a value.
      if (record.text === "" && headers.length > 1) lines.blank += 1;
      else if (reason === undefined) rows.push(record);
      else rejects.push({ line: record.line, lines: record.lines, text: record.text, reason });
    }
    count += rows.length;
    const cells = count * headers.length;
    if (cells > allowed) {
      throw invalidCsv(`the CSV has ${count} rows of ${headers.length} columns, ${cells} cells; allowed: ${allowed}`);
    }
    yield { rows, rejects };
  }
}

/** Delimiters at the end of a line need no values: a row may have more empty fields there than the header, or fewer. */
function misfit(fields: readonly string[], columns: number, named: number): string | undefined {
  const fits = fields.length >= named && fields.slice(columns).every((field) => field === "");
  return fits ? undefined : `${fields.length} values for ${columns} columns`;
}
