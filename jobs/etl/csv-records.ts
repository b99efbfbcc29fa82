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

type Content = Pick<CsvRecord, "text" | "fields" | "problem">;

const RECORDS_PER_TURN = 100_000;
const LINE_END = /\r\n|\n|\r/g;
/** Nearly two million lines may be blank: they share it. */
const BLANK: Content = { text: "", fields: [""] };

/**
 * Reads a CSV (RFC 4180) so that each of its lines is part of exactly one record, in time that grows with its length alone. A line
 * whose quotes make no sense is read by itself: quotes within a value (`5" pipe`) stay as they are, and where one is never closed,
 * that line is a record with a problem, and the next ones are read as if it were not there.
 */
export async function readRecords(csv: string, delimiter: string, signal: AbortSignal): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for (let [start, line] = [0, 1]; start < csv.length; ) {
    if (records.length % RECORDS_PER_TURN === 0) await nextTurn(signal);
    const content = recordAt(csv, start, delimiter);
    const lines = (content.text.match(LINE_END)?.length ?? 0) + 1;
    records.push({ line, lines, ...content });
    line += lines;
    start += content.text.length;
    start += csv.startsWith("\r\n", start) ? 2 : 1;
  }
  return records;
}

function recordAt(csv: string, start: number, delimiter: string): Content {
  const text = csv.slice(start, endOfLine(csv, start));
  if (text === "") return BLANK;
  if (!text.includes('"')) return { text, fields: text.split(delimiter) };
  return (
    quotedRecord(csv, start, delimiter, false) ??
    quotedRecord(text, 0, delimiter, true) ?? { text, fields: [], problem: "a quote is not closed" }
  );
}

/**
 * @param takesAny whether quotes that make no sense are part of their values.
 * @returns undefined for a quote that makes no sense otherwise, and for one that is never closed.
 */
function quotedRecord(csv: string, start: number, delimiter: string, takesAny: boolean): Content | undefined {
  const fields: string[] = [];
  let lineEnd = endOfLine(csv, start);
  for (let from = start; ; ) {
    const at = csv[from] === '"' ? afterQuoted(csv, from) : from;
    if (at === undefined) return undefined;
    if (at > lineEnd) lineEnd = endOfLine(csv, at);
    const rest = csv.slice(at, lineEnd).indexOf(delimiter);
    const end = rest === -1 ? lineEnd : at + rest;
    const isQuoted = at > from && at === end;
    const field = isQuoted ? csv.slice(from + 1, at - 1).replaceAll('""', '"') : csv.slice(from, end);
    if (!isQuoted && !takesAny && field.includes('"')) return undefined;
    fields.push(field);
    if (end === lineEnd) return { text: csv.slice(start, end), fields };
    from = end + delimiter.length;
  }
}

/** The index behind the quote that closes the one at an index, as doubled ones do not; undefined where there is none. */
function afterQuoted(csv: string, opening: number): number | undefined {
  let index = csv.indexOf('"', opening + 1);
  while (index !== -1 && csv[index + 1] === '"') index = csv.indexOf('"', index + 2);
  return index === -1 ? undefined : index + 1;
}

function endOfLine(csv: string, from: number): number {
  LINE_END.lastIndex = from;
  return LINE_END.exec(csv)?.index ?? csv.length;
}
