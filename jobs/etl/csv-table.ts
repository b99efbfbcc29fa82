import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { findHeader } from "./csv-header.ts";
import type { CsvRecord } from "./csv-records.ts";
import { nextTurn } from "./next-turn.ts";

/** A row that is not in the table, and why. */
export interface Reject extends CsvRecord {
  readonly reason: string;
}

export interface CsvTable {
  readonly delimiter: string;
  readonly headers: readonly string[];
  /** In the order of the CSV. */
  readonly rows: readonly CsvRecord[];
  readonly rejects: readonly Reject[];
  /** How many lines there are, and how many of them hold neither rows nor rejects. */
  readonly lines: { readonly total: number; readonly beforeHeader: number; readonly header: number; readonly blank: number };
}

const MAX_COLUMNS = 500;
/** A text of the longest input has no more, but for columns without names whose rows leave out their delimiters, too. */
const MAX_CELLS = 2_000_000;
/**
 * Marks of bytes that are not text, or of another encoding: control characters, what decoders put for errors, no characters, halves
 * of pairs, and a byte order mark that was read as Latin-1.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const NOT_TEXT = /[\0-\x08\x0e-\x1f\ufffd-\uffff]|\p{Surrogate}|^ï»¿/u;
const invalid = (message: string): PermanentError => new PermanentError(message, { code: "InvalidCsv" });

/**
 * Reads the rows of a CSV text.
 *
 * @throws PermanentError "InvalidCsv" when it is not text, has too many columns, or cannot be told safely where their names are.
 */
export async function readTable(csv: string, signal: AbortSignal, toldDelimiter?: string): Promise<CsvTable> {
  const text = csv.replace(/^\ufeff+/, "");
  const strange = NOT_TEXT.exec(text);
  if (strange !== null) {
    const line = text.slice(0, strange.index).split(/\r\n|\n|\r/).length;
    const code = strange[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    throw invalid(`line ${line} has the character U+${code}: this is not text, or was decoded as something that it is not`);
  }
  const { delimiter, records, header } = await findHeader(text, signal, toldDelimiter);
  const headers = header.fields;
  if (headers.length > MAX_COLUMNS) throw invalid(`the CSV has ${headers.length} columns; allowed: ${MAX_COLUMNS}`);

  await nextTurn(signal);
  const named = headers.findLastIndex((header) => header !== "") + 1;
  const rows: CsvRecord[] = [];
  const rejects: Reject[] = [];
  let blank = 0;
  for (const record of records.slice(records.indexOf(header) + 1)) {
    const reason = record.problem ?? misfit(record.fields, headers.length, named);
    // In a table of one column, a blank line is a row without a value.
    if (record.text === "" && headers.length > 1) blank += 1;
    else if (reason === undefined) rows.push(record);
    else rejects.push({ ...record, reason });
  }
  const cells = rows.length * headers.length;
  if (cells > MAX_CELLS) {
    throw invalid(`the CSV has ${rows.length} rows of ${headers.length} columns, ${cells} cells; allowed: ${MAX_CELLS}`);
  }
  const total = records.reduce((sum, { lines }) => sum + lines, 0);
  return { delimiter, headers, rows, rejects, lines: { total, beforeHeader: header.line - 1, header: header.lines, blank } };
}

/** Delimiters at the end of a line need no values: a row may have more empty fields there than the header, or fewer. */
function misfit(fields: readonly string[], columns: number, named: number): string | undefined {
  const fits = fields.length >= named && fields.slice(columns).every((field) => field === "");
  return fits ? undefined : `${fields.length} values for ${columns} columns`;
}
