import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { CsvError, type Options, parse } from "csv-parse/sync";
import { nextTurn } from "./next-turn.ts";

/** A record of a CSV: its column names, a row, or a blank line, which has one empty field. */
export interface CsvRecord {
  /** The number of its first line, from 1. */
  readonly line: number;
  /** How many lines it takes: more than one where a quoted value has line ends. */
  readonly lines: number;
  /** As it stands in the CSV. */
  readonly text: string;
  readonly fields: readonly string[];
  /** Why it cannot be read; it has no fields then. */
  readonly problem?: string;
}

type Content = Pick<CsvRecord, "fields" | "problem">;

/** What is read with relaxed quotes at a time: an open quote takes in no more. */
const LINES_PER_CALL = 20;
/** Each costs several calls of csv-parse; a table with more of them means something else by quotes. */
const MAX_OPEN_QUOTES = 10_000;
const LINES = /[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g;
const LINE_END = /\r\n|\n|\r/g;
const LINE_ENDS: ReadonlySet<string> = new Set(["\r\n", "\n", "\r"]);
/** Nearly two million lines may be blank: they share it. */
const BLANK: Content = { fields: [""] };
const NOT_CLOSED: Content = { fields: [], problem: "a quote is not closed" };

/**
 * Reads a CSV so that each of its lines is part of exactly one record, in time that grows with its length alone. Quotes that make no
 * sense (`5" pipe`) stay as they are. Where one is never closed, its line is a record with a problem, and the next ones are read as
 * if it were not there.
 *
 * @throws PermanentError "InvalidCsv" when more than 10,000 quotes are never closed.
 */
export async function readRecords(csv: string, delimiter: string, signal: AbortSignal): Promise<CsvRecord[]> {
  const lines: readonly string[] = csv.match(LINES) ?? [];
  const bytes = Buffer.from(csv);
  const records: CsvRecord[] = [];
  let [line, offset, openQuotes] = [0, 0, 0];
  const next = (count: number): string => lines.slice(line, line + count).join("");
  const add = (count: number, content: Content): void => {
    const text = next(count);
    records.push({ line: line + 1, lines: count, text: text.replace(/(?:\r\n|\n|\r)$/, ""), ...content });
    line += count;
    offset += Buffer.byteLength(text);
  };
  const addBlanks = (): void => {
    for (let end = lines[line]; end !== undefined && LINE_ENDS.has(end); end = lines[line]) {
      line += 1;
      offset += end.length;
      records.push({ line, lines: 1, text: "", ...BLANK });
    }
  };
  const strict: Options = { delimiter, record_delimiter: ["\r\n", "\n", "\r"], relax_column_count: true, skip_empty_lines: true };
  const on_record = (fields: readonly string[]): null => {
    addBlanks();
    const count = fields.reduce((sum, field) => sum + (field.match(LINE_END)?.length ?? 0), 1);
    // Quotes that make no sense may not take in other lines: this throws.
    if (count > 1) parse(next(count), strict);
    // A copy, since arrays that grew keep room for 17 values.
    add(count, { fields: [...fields] });
    return null;
  };
  for (addBlanks(); line < lines.length; addBlanks()) {
    await nextTurn(signal);
    if (canRead(next(LINES_PER_CALL), { ...strict, relax_quotes: true, on_record })) continue;
    addBlanks();
    // A record with more lines, or none.
    if (canRead(bytes.subarray(offset), { ...strict, to: 1, on_record })) continue;
    add(1, NOT_CLOSED);
    openQuotes += 1;
    if (openQuotes > MAX_OPEN_QUOTES) {
      const message = `line ${line} has a quote that is not closed, as have ${MAX_OPEN_QUOTES} lines before it; allowed: ${MAX_OPEN_QUOTES}`;
      throw new PermanentError(message, { code: "InvalidCsv" });
    }
  }
  return records;
}

/** Reads without stack traces: csv-parse makes an error for each row that is not as long as the first, and their stacks take long. */
function canRead(csv: string | Buffer, options: Options): boolean {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    parse(csv, options);
    return true;
  } catch (error) {
    if (error instanceof CsvError) return false;
    throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
