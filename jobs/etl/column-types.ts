/** What a column may hold. */
export type ColumnType = "boolean" | "integer" | "number" | "date" | "timestamp" | "text";

interface Reading {
  readonly type: ColumnType;
  /** An SQL expression: the value that a text stands for, NULL where it stands for none of this type. */
  readonly parse: (text: string) => string;
}

/** Dates that can be read in one way only: 3/4/2026 is March or April, depending on the reader. */
const DATE_FORMATS = "['%d.%m.%Y', '%b %d %Y', '%b %d, %Y', '%d %b %Y', '%B %d %Y', '%B %d, %Y', '%d %B %Y']";

const matching = (text: string, pattern: string, value: string): string =>
  `CASE WHEN regexp_full_match(${text}, '${pattern}') THEN ${value} END`;

/**
 * How texts are read, the narrowest type first. Numbers with leading zeros, and integers that a type would round, are
 * identifiers and stay text.
 */
const READINGS: readonly Reading[] = [
  { type: "boolean", parse: (text) => matching(text, "(?i:true|false)", `CAST(${text} AS BOOLEAN)`) },
  { type: "integer", parse: (text) => matching(text, "[+-]?(0|[1-9][0-9]*)", `TRY_CAST(${text} AS BIGINT)`) },
  {
    type: "number",
    // Fifteen digits before the point are exact in a double.
    parse: (text) =>
      matching(text, "[+-]?(0|[1-9][0-9]{0,14})?([.][0-9]*)?([eE][+-]?[0-9]{1,2})?", `TRY_CAST(${text} AS DOUBLE)`),
  },
  {
    type: "date",
    parse: (text) =>
      `coalesce(${matching(text, "[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}", `TRY_CAST(${text} AS DATE)`)}, ` +
      `${matching(text, "[A-Za-z0-9][A-Za-z0-9., ]{6,18}", `CAST(try_strptime(${text}, ${DATE_FORMATS}) AS DATE)`)})`,
  },
  {
    type: "timestamp",
    // What DuckDB would drop makes a text of it: offsets other than Z, and digits past microseconds.
    parse: (text) =>
      matching(
        text,
        "[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?Z?",
        `TRY_CAST(${text} AS TIMESTAMP)`,
      ),
  },
  { type: "text", parse: (text) => text },
];

/** Types in the order in which they are tried. */
export const COLUMN_TYPES: readonly ColumnType[] = READINGS.map(({ type }) => type);

/** The SQL expression that reads a text column as a type. */
export function parsed(type: ColumnType, text: string): string {
  return READINGS.find((reading) => reading.type === type)?.parse(text) ?? text;
}

/**
 * Chooses the narrowest type that fits every value of a column.
 *
 * @param values how many values the column has that are not NULL; text where there are none.
 * @param fitting how many of them each of `COLUMN_TYPES` can read, in that order.
 */
export function narrowestType(values: number, fitting: readonly number[]): ColumnType {
  const fits = values === 0 ? -1 : fitting.indexOf(values);
  return COLUMN_TYPES[fits] ?? "text";
}
