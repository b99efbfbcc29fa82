import { CsvError, type Options, parse } from "csv-parse/sync";

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

const LINES = /[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g;
const LINE_END = /\r\n|\n|\r/g;

/**
 * Reads a CSV so that each of its lines is part of exactly one record. A line whose quotes make no sense is read by itself:
 * quotes within a value (`5" pipe`) stay as they are, and where one is never closed, that line is a record with a problem,
 * and the next ones are read as if it were not there.
 */
export function readRecords(text: string, delimiter: string): CsvRecord[] {
  const options: Options = { delimiter, record_delimiter: ["\r\n", "\n", "\r"], relax_column_count: true };
  const csv = Buffer.from(text);
  const lines: readonly string[] = text.match(LINES) ?? [];
  const records: CsvRecord[] = [];
  let [line, offset] = [0, 0];
  const add = (count: number, content: Pick<CsvRecord, "fields" | "problem">): void => {
    const raw = lines.slice(line, line + count).join("");
    records.push({ line: line + 1, lines: count, text: raw.replace(/(?:\r\n|\n|\r)$/, ""), ...content });
    line += count;
    offset += Buffer.byteLength(raw);
  };
  while (line < lines.length) {
    for (const fields of recordsBeforeError(csv.subarray(offset), options)) {
      add(
        fields.reduce((count, field) => count + (field.match(LINE_END)?.length ?? 0), 1),
        { fields },
      );
    }
    if (line < lines.length) {
      const [fields] = recordsBeforeError(Buffer.from(lines[line] as string), { ...options, relax_quotes: true });
      add(1, fields === undefined ? { fields: [], problem: "a quote is not closed" } : { fields });
    }
  }
  return records;
}

function recordsBeforeError(csv: Buffer, options: Options): string[][] {
  try {
    return parse(csv, options) as unknown as string[][];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return error.records === 0 ? [] : (parse(csv, { ...options, to: error.records as number }) as unknown as string[][]);
  }
}
