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
/** Plain lines after which the job hears whether it is aborted. */
const LINES_PER_TURN = 2_000;
/** Each costs several calls of csv-parse; a table with more of them means something else by quotes. */
const MAX_OPEN_QUOTES = 10_000;
const LINES = /[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g;
const LINE_END = /\r\n|\n|\r/g;
/** Nearly two million lines may be blank: they share it. */
const BLANK: Content = { fields: [""] };
const NOT_CLOSED: Content = { fields: [], problem: "a quote is not closed" };

/** Reads all records of a CSV; see `RecordReader`. */
export async function readRecords(csv: string, delimiter: string, signal: AbortSignal): Promise<CsvRecord[]> {
  return (await new RecordReader(delimiter, signal).read(csv, 0)).records;
}

/**
 * Reads a CSV part by part, so that each of its lines is part of exactly one record, in time that grows with its length alone. Quotes that
 * make no sense (`5" pipe`) stay as they are. Where one is never closed, its line is a record with a problem, and the next ones are read
 * as if it were not there.
 */
export class RecordReader {
  readonly #delimiter: string;
  readonly #signal: AbortSignal;
  readonly #strict: Options;
  #line = 0;
  #openQuotes = 0;

  constructor(delimiter: string, signal: AbortSignal) {
    this.#delimiter = delimiter;
    this.#signal = signal;
    this.#strict = { delimiter, record_delimiter: ["\r\n", "\n", "\r"], relax_column_count: true, skip_empty_lines: true };
  }

  /** Lines that were read. */
  get line(): number {
    return this.#line;
  }

  /**
   * Reads a part that ends with a line.
   *
   * @param patience characters for which a quote may stay open: where fewer follow it in this part, it is the rest, which the next part
   * has to begin with.
   * @throws PermanentError "InvalidCsv" when more than 10,000 quotes are never closed.
   */
  async read(csv: string, patience: number): Promise<{ readonly records: CsvRecord[]; readonly rest: string }> {
    const lines: readonly string[] = csv.match(LINES) ?? [];
    const records: CsvRecord[] = [];
    const linesBefore = this.#line;
    let [line, turnedAt, read] = [0, 0, 0];
    const bytes = new UnreadBytes(csv);
    const next = (count: number): string => lines.slice(line, line + count).join("");
    const add = (count: number, text: string, content: Content): void => {
      records.push({ line: linesBefore + line + 1, lines: count, text: withoutEnd(text), ...content });
      line += count;
      read += text.length;
    };
    /** Blank lines, and those without a quote: what stands between delimiters is their fields. */
    const addPlain = (): void => {
      for (let text = lines[line]; text !== undefined && line - turnedAt < LINES_PER_TURN; text = lines[line]) {
        if (text.includes('"')) return;
        const content = withoutEnd(text);
        if (content === "") add(1, text, BLANK);
        else add(1, text, { fields: content.split(this.#delimiter) });
      }
    };
    const addBlanks = (): void => {
      for (let text = lines[line]; text !== undefined && /^[\r\n]/.test(text); text = lines[line]) add(1, text, BLANK);
    };
    const on_record = (fields: readonly string[]): null => {
      addBlanks();
      const count = fields.reduce((sum, field) => sum + (field.match(LINE_END)?.length ?? 0), 1);
      const text = next(count);
      // Quotes that make no sense may not take in other lines: this throws.
      if (count > 1) parse(text, this.#strict);
      // A copy, since arrays that grew keep room for 17 values.
      add(count, text, { fields: [...fields] });
      return null;
    };
    for (addPlain(); line < lines.length; addPlain()) {
      await nextTurn(this.#signal);
      turnedAt = line;
      if (lines[line]?.includes('"') !== true) continue;
      if (canRead(next(LINES_PER_CALL), { ...this.#strict, relax_quotes: true, on_record })) continue;
      addBlanks();
      // A record with more lines, or none.
      if (canRead(bytes.from(read), { ...this.#strict, to: 1, on_record })) continue;
      if (csv.length - read < patience) break;
      add(1, next(1), NOT_CLOSED);
      this.#openQuotes += 1;
      if (this.#openQuotes > MAX_OPEN_QUOTES) {
        const message = `line ${linesBefore + line} has a quote that is not closed, as have ${MAX_OPEN_QUOTES} lines before it; allowed: ${MAX_OPEN_QUOTES}`;
        throw new PermanentError(message, { code: "InvalidCsv" });
      }
    }
    this.#line = linesBefore + line;
    return { records, rest: csv.slice(read) };
  }
}

/** The bytes of a text from a character on that is never before an earlier one. */
class UnreadBytes {
  readonly #text: string;
  #bytes: Buffer | undefined;
  #from = 0;

  constructor(text: string) {
    this.#text = text;
  }

  from(character: number): Buffer {
    const passed = this.#text.slice(this.#from, character);
    this.#bytes =
      this.#bytes === undefined ? Buffer.from(this.#text.slice(character)) : this.#bytes.subarray(Buffer.byteLength(passed));
    this.#from = character;
    return this.#bytes;
  }
}

function withoutEnd(line: string): string {
  const end = line.endsWith("\n") ? line.length - 1 : line.length;
  return line.slice(0, line[end - 1] === "\r" ? end - 1 : end);
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
