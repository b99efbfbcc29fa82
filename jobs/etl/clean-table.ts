import { columnNames } from "./column-names.ts";
import { READINGS, type Storage } from "./column-types.ts";
import type { CsvTable, Reject } from "./csv-table.ts";
import { areGroupedAlike, type DecimalMark, decimalMarks, withPoint } from "./decimal-mark.ts";
import type { ColumnType, EtlInput } from "./job-type.ts";
import { nextTurn } from "./next-turn.ts";
import { wantedTypes } from "./wanted-types.ts";

/** A column of the cleaned table. */
export interface Column {
  readonly header: string;
  readonly name: string;
  readonly type: ColumnType;
  /** Row by row, null where there is no value. Numbers have a decimal point, whatever the CSV has. */
  readonly texts: Texts;
  readonly storage: Storage;
}

export interface CleanedTable {
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly droppedDuplicates: number;
  /** Rows with a value that is not of the type asked for. */
  readonly rejects: readonly Reject[];
}

type Texts = readonly (string | null)[];

const SHOWN_CHARACTERS = 100;
const ROWS_PER_TURN = 10_000;
const isText = (text: string | null): text is string => text !== null;
const isNumeric = (type: ColumnType): boolean => type === "integer" || type === "number";

/**
 * Gives every column the type asked for, or the first that keeps each of its values as it is written.
 *
 * @throws PermanentError "ConflictingValues" when a column cannot hold all values of the type asked for, and what `wantedTypes` does.
 */
export async function cleanTable(
  { headers, rows }: CsvTable,
  settings: Omit<EtlInput, "csv">,
  signal: AbortSignal,
): Promise<CleanedTable> {
  const names = columnNames(headers);
  const wanted = wantedTypes(settings.columns ?? {}, headers, names);
  const noValue = new Set(["", ...settings.nulls]);
  const textsOf = headers.map((_, index) =>
    rows.map(({ fields }) => fields[index] ?? "").map((text) => (noValue.has(text) ? null : text)),
  );
  await nextTurn(signal);
  const marks = decimalMarks(textsOf.map((texts) => texts.filter(isText)));
  const columns = headers.map((header, index) => {
    const name = names[index] as string;
    const texts = textsOf[index] as Texts;
    const mark = settings.decimal ?? (marks[index] as DecimalMark);
    return { header, name, texts, mark, wanted: wanted.get(index) };
  });

  const kept: number[] = [];
  const rejects: Reject[] = [];
  const seen = new Set<string>();
  for (const [index, row] of rows.entries()) {
    if (index % ROWS_PER_TURN === 0) await nextTurn(signal);
    const misfit = columns.find(
      ({ wanted, mark, texts: { [index]: text } }) => wanted && text && !READINGS[wanted].fits(read(text, wanted, mark)),
    );
    const values = JSON.stringify(headers.map((_, column) => row.fields[column] ?? ""));
    if (misfit !== undefined) {
      const text = misfit.texts[index]?.slice(0, SHOWN_CHARACTERS);
      rejects.push({ ...row, reason: `${misfit.name}: ${text} is not a valid ${misfit.wanted}` });
    } else if (!settings.dropDuplicates || !seen.has(values)) {
      seen.add(values);
      kept.push(index);
    }
  }
  const cleaned: Column[] = [];
  for (const { header, name, mark, ...column } of columns) {
    await nextTurn(signal);
    const texts = kept.map((index) => column.texts[index] ?? null);
    const type = column.wanted ?? keepingType(texts.filter(isText), mark);
    const values = texts.map((text) => (text === null ? null : read(text, type, mark)));
    cleaned.push({ header, name, type, texts: values, storage: READINGS[type].storage(values.filter(isText), name) });
  }
  return {
    columns: cleaned,
    rows: kept.length,
    rejects,
    droppedDuplicates: rows.length - rejects.length - kept.length,
  };
}

/** The text that a type's reading takes; empty for what is not a number. */
function read(text: string, type: ColumnType, mark: DecimalMark): string {
  return isNumeric(type) ? (withPoint(text, mark) ?? "") : text;
}

/** The first type that keeps every text as it is written. */
function keepingType(texts: readonly string[], mark: DecimalMark): ColumnType {
  const keeps = (type: ColumnType): boolean => {
    const { fits, areAlike = () => true } = READINGS[type];
    if (!texts.every((text) => fits(read(text, type, mark)))) return false;
    return areAlike(texts.map((text) => read(text, type, mark))) && (!isNumeric(type) || areGroupedAlike(texts, mark));
  };
  return texts.length === 0 ? "text" : ((Object.keys(READINGS) as ColumnType[]).find(keeps) ?? "text");
}
