import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { type CsvRecord, readRecords } from "./csv-records.ts";
import { invalidCsv as invalid, SEPARATOR_LINE, withoutMarks } from "./csv-text.ts";
import { nextTurn } from "./next-turn.ts";

/** The records of a CSV, and the one that holds the column names. */
export interface CsvHeader {
  readonly delimiter: string;
  readonly records: readonly CsvRecord[];
  readonly header: CsvRecord;
}

/** What a CSV looks like with a delimiter. */
interface CsvLayout {
  readonly delimiter: string;
  /** How many fields the first line has that is not blank. */
  readonly names: number;
  /** How many fields more than half of the lines have; 1 where it is not a number. */
  readonly length: number;
  /** How many of them there are without those at the end that are empty in all of these lines. */
  readonly width: number;
}

/** The first that fits is taken. A comma comes last: it stands in many values, as a decimal mark or in prose. */
const DELIMITERS = ["\t", ";", "|", ","];
/** Numbers, dates, times, delimiters, or nothing. */
const NO_NAME = /^[-+\d.,:;|/\s]*$/;

/**
 * Finds the delimiter, and the record with the column names: the first one, or one after a preamble that has fewer values and
 * ends with a blank line. Values that are empty at the end of a line do not count: spreadsheets fill each line up with them.
 *
 * @param text the beginning, as it stands in the CSV.
 * @throws PermanentError "InvalidCsv" when it cannot be told safely where the names are.
 */
export async function findHeader(text: string, signal: AbortSignal, toldDelimiter?: string): Promise<CsvHeader> {
  const told = toldDelimiter ?? SEPARATOR_LINE.exec(text.replace(/^\ufeff+/, ""))?.[2];
  const content = withoutMarks(text);
  const found = DELIMITERS.filter((delimiter) => content.includes(delimiter));
  const candidates = told === undefined && found.length > 0 ? found : [told ?? ","];
  const layouts: CsvLayout[] = [];
  let records: readonly CsvRecord[] = [];
  let failure: PermanentError | undefined;
  for (const delimiter of candidates) {
    // Records are kept of one delimiter only: they take most of the memory.
    records = [];
    try {
      records = await readRecords(content, delimiter, signal);
      layouts.push(layoutOf(delimiter, records));
    } catch (error) {
      // Between quoted values of several lines, any other delimiter leaves the quotes open.
      if (!(error instanceof PermanentError)) throw error;
      failure ??= error;
    }
    await nextTurn(signal);
  }
  const divided = layouts.filter((layout) => layout.width > 1);
  if (divided.length === 0 && failure !== undefined) throw failure;
  const { delimiter, width } =
    divided.find(({ width, length, names }) => names === length || names === width) ??
    divided[0] ??
    layouts.reduce((most, next) => (next.names >= most.names ? next : most));

  if (delimiter !== candidates.at(-1)) records = await readRecords(content, delimiter, signal);
  const topIndex = records.findIndex(isFilled);
  const top = records[topIndex] as CsvRecord;
  const fullIndex = records.findIndex(({ fields }, index) => index > topIndex && countFilled(fields) === width);
  const full = records[fullIndex];
  const isFullNamed = full !== undefined && areNames(full.fields, width);
  const above = records[fullIndex - 1];
  const isAfterBlank = above?.problem === undefined && above?.fields.every((field) => field === "") === true;
  const filled = countFilled(top.fields);
  // Names may be left out at the end, but a line with half of them or fewer, or right above one with all, is not one of names.
  const isAboveNames = isFullNamed && (2 * filled <= width || isAfterBlank || fullIndex === topIndex + 1);
  const isPreamble = top.fields.length < width || (filled < width && isAboveNames);
  // One with as many values as there are names below a blank line.
  const isUnsure = isFullNamed && isAfterBlank && !areNames(top.fields, width);

  const header = isPreamble && full !== undefined ? full : top;
  const broken = records.slice(0, records.indexOf(header) + 1).find(({ problem }) => problem !== undefined);
  if (broken !== undefined) throw invalid(`line ${broken.line}: ${broken.problem}`);
  if (header === top ? isUnsure : !(isAfterBlank && isFullNamed)) {
    const remedy = told === undefined && top.fields.length === 1 ? `, or tell the "delimiter" if it is not ${delimiter}` : "";
    throw invalid(`line ${top.line} has ${filled} of ${width} values: leave out what stands before the column names${remedy}`);
  }
  const named = header.fields.findLastIndex((name) => name.trim() !== "") + 1;
  const hasMore = ({ line, fields }: CsvRecord): boolean =>
    line > header.line && fields.slice(named).some((field) => field !== "");
  // Neither names nor rows: it may be a preamble that a spreadsheet filled up.
  if (named * 2 <= header.fields.length && named > 0 && records.some(hasMore)) {
    throw invalid(
      `line ${header.line} names ${named} of ${header.fields.length} columns: leave out what stands before the names`,
    );
  }
  if (header.fields.every((name) => NO_NAME.test(name))) throw invalid(`line ${header.line} holds no column names`);
  return { delimiter, records, header };
}

function layoutOf(delimiter: string, records: readonly CsvRecord[]): CsvLayout {
  const filled = records.filter(isFilled);
  const [top] = filled;
  if (top === undefined) throw invalid("the CSV is empty");
  const byLength = [...Map.groupBy(filled, ({ fields }) => fields.length)];
  const [length, alike] = byLength.find(([, { length }]) => length > filled.length / 2) ?? [1, []];
  const width = alike.reduce((most, { fields }) => Math.max(most, countFilled(fields)), 1);
  return { delimiter, names: top.fields.length, length, width };
}

const isFilled = ({ text }: CsvRecord): boolean => text !== "";

/** How many fields there are up to the last one that is not empty. */
const countFilled = (fields: readonly string[]): number => fields.findLastIndex((field) => field !== "") + 1;

const areNames = (fields: readonly string[], width: number): boolean =>
  countFilled(fields) >= width && !fields.slice(0, width).some((name) => NO_NAME.test(name));
