import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { type CsvRecord, readRecords } from "./csv-records.ts";

/** The records of a CSV, and the one that holds the column names. */
export interface CsvLayout {
  readonly delimiter: string;
  readonly records: readonly CsvRecord[];
  readonly header: CsvRecord;
}

/** The first that fits is taken. A comma comes last: it stands in many values, as a decimal mark or in prose. */
const DELIMITERS = ["\t", ";", "|", ","];
/** How Excel names the delimiter. */
const SEPARATOR_LINE = /^sep=([^"\r\n])(?=[\r\n]|$)/iu;
/** Numbers, dates, times, or nothing. */
const NO_NAME = /^[-+\d.,:/\s]*$/;

const invalid = (message: string): PermanentError => new PermanentError(message, { code: "InvalidCsv" });

/**
 * Finds the delimiter, and the record with the column names: the first one, or one after a preamble that has fewer values and
 * ends with a blank line.
 *
 * @param text without byte order mark.
 * @throws PermanentError "InvalidCsv" when it cannot be told safely where the names are.
 */
export function findHeader(text: string, toldDelimiter?: string): CsvLayout {
  const told = toldDelimiter ?? SEPARATOR_LINE.exec(text)?.[1];
  const content = text.replace(SEPARATOR_LINE, "");
  const found = DELIMITERS.filter((delimiter) => content.includes(delimiter));
  const candidates = told === undefined && found.length > 0 ? found : [told ?? ","];
  const layouts = candidates.map((delimiter) => layoutOf(delimiter, readRecords(content, delimiter)));
  const { delimiter, records, top, width } =
    layouts.find((layout) => layout.width > 1 && layout.top.fields.length === layout.width) ??
    layouts.find((layout) => layout.width > 1) ??
    layouts.reduce((most, next) => (next.top.fields.length >= most.top.fields.length ? next : most));

  const header = top.fields.length >= width ? top : (records.find(({ fields }) => fields.length === width) as CsvRecord);
  const before = records.slice(0, records.indexOf(header));
  const broken = [...before, header].find(({ problem }) => problem !== undefined);
  if (broken !== undefined) throw invalid(`line ${broken.line}: ${broken.problem}`);
  if (header !== top && (before.at(-1)?.text !== "" || header.fields.some((name) => NO_NAME.test(name)))) {
    throw invalid(`line ${top.line} has ${top.fields.length} of ${width} values: leave out what stands before the column names`);
  }
  const named = header.fields.findLastIndex((name) => name.trim() !== "") + 1;
  const hasMore = ({ line, fields }: CsvRecord): boolean =>
    line > header.line && fields.slice(named).some((field) => field !== "");
  // Spreadsheets pad the lines of a preamble with delimiters.
  if (named * 2 <= header.fields.length && named > 0 && records.some(hasMore)) {
    throw invalid(
      `line ${header.line} names ${named} of ${header.fields.length} columns: leave out what stands before the names`,
    );
  }
  if (header.fields.every((name) => NO_NAME.test(name))) throw invalid(`line ${header.line} holds no column names`);
  return { delimiter, records, header };
}

/** With the first line that is not blank, and how many fields more than half of the lines have; 1 where it is no number. */
function layoutOf(delimiter: string, records: readonly CsvRecord[]) {
  const filled = records.filter(({ text }) => text !== "");
  const [top] = filled;
  if (top === undefined) throw invalid("the CSV is empty");
  const byWidth = [...Map.groupBy(filled, ({ fields }) => fields.length)];
  const width = byWidth.find(([, { length }]) => length > filled.length / 2)?.[0] ?? 1;
  return { delimiter, records, top, width };
}
