import { PermanentError } from "@autoscaling-job-queues/domain/errors";

/** The first record of a CSV text. */
export interface CsvHeader {
  readonly delimiter: string;
  /** The columns in order. */
  readonly columns: readonly { readonly header: string; readonly name: string }[];
}

/** Most frequent first: the order decides a tie. */
const DELIMITERS = [",", ";", "\t", "|"];
const MAX_COLUMNS = 500;
const MAX_NAME_CHARACTERS = 100;
/** Control characters other than white space: bytes of a binary file that was taken for text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const NOT_TEXT = /[\0-\x08\x0e-\x1f]/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads the column names of a CSV text.
 *
 * @param csv without byte order mark; lines end with a line feed.
 * @throws PermanentError when the text is binary, or its first line holds no column names.
 */
export function readHeader(csv: string, givenDelimiter?: string): CsvHeader {
  if (NOT_TEXT.test(csv)) throw new PermanentError("the CSV is not text: it has control characters", { code: "InvalidCsv" });
  const delimiter = givenDelimiter ?? mostFrequent(DELIMITERS, scanRecord(csv, DELIMITERS).delimiters);
  const headers = scanRecord(csv, [delimiter]).fields;
  if (headers.every((header) => header === "" || NUMBER.test(header))) {
    throw new PermanentError("the first line of the CSV holds no column names, only numbers or nothing", { code: "InvalidCsv" });
  }
  if (headers.length > MAX_COLUMNS) {
    throw new PermanentError(`the CSV has ${headers.length} columns; allowed: ${MAX_COLUMNS}`, { code: "InvalidCsv" });
  }
  const names = uniqueNames(headers.map((header, index) => snakeCase(header) || `column_${index + 1}`));
  return { delimiter, columns: headers.map((header, index) => ({ header, name: names[index] as string })) };
}

/** `Airport Name` → `airport_name`, `tempMax` → `temp_max`, `US_Gross ($)` → `us_gross`. Letters of any script stay. */
export function snakeCase(header: string): string {
  return header
    .normalize("NFKC")
    .replace(/(\p{Ll}|\p{N})(\p{Lu}\p{Ll})|(\p{Ll})(\p{Lu})/gu, "$1$3_$2$4")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "_")
    .slice(0, MAX_NAME_CHARACTERS)
    .replace(/^_|_$/g, "");
}

function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let suffix = 2; taken.has(unique) || (unique !== name && names.includes(unique)); suffix++) unique = `${name}_${suffix}`;
    taken.add(unique);
    return unique;
  });
}

/** Splits the first record: up to a line feed outside of quotes. A quote opens at the start of a field only, as DuckDB reads it. */
function scanRecord(csv: string, separators: readonly string[]): { fields: string[]; delimiters: string[] } {
  const fields: string[] = [];
  const delimiters: string[] = [];
  let field = "";
  let quoted = false;
  let index = 0;
  for (; index < csv.length && (quoted || csv[index] !== "\n"); index++) {
    const character = csv[index] as string;
    if (quoted) {
      if (character !== '"') field += character;
      else if (csv[index + 1] === '"') field += csv[++index];
      else quoted = false;
    } else if (character === '"' && field === "") {
      quoted = true;
    } else if (separators.includes(character)) {
      fields.push(field.trim());
      delimiters.push(character);
      field = "";
    } else {
      field += character;
    }
  }
  return { fields: [...fields, field.trim()], delimiters };
}

function mostFrequent(candidates: readonly string[], found: readonly string[]): string {
  const counts = candidates.map((candidate) => found.filter((delimiter) => delimiter === candidate).length);
  return candidates[counts.indexOf(Math.max(...counts))] as string;
}
