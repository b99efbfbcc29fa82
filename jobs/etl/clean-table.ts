import { columnNames } from "./column-names.ts";
import { READINGS, type Storage } from "./column-types.ts";
import { type DecimalMark, decimalMarks } from "./decimal-mark.ts";
import type { ColumnType, EtlInput } from "./job-type.ts";
import { nextTurn } from "./next-turn.ts";
import { Rejects } from "./rejects.ts";
import { RepeatedRows } from "./repeated-rows.ts";
import type { ScratchFiles } from "./scratch-files.ts";
import type { TableRow, TableRows } from "./table-rows.ts";
import { readAs, TypeFinder } from "./type-finder.ts";
import { wantedTypes } from "./wanted-types.ts";

/** A column of the cleaned table. */
export interface Column {
  readonly header: string;
  readonly name: string;
  readonly type: ColumnType;
  readonly storage: Storage;
}

/** A row's texts, null where there is no value. Numbers have a decimal point, whatever the CSV has. */
export type Texts = readonly (string | null)[];

export interface CleanedTable {
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly droppedDuplicates: number;
  /** Rows with a value that is not of the type asked for. */
  readonly rejects: Rejects;
  /** All rows in their order, some at a time. */
  readonly read: () => AsyncGenerator<Texts[]>;
}

export type CleanSettings = Pick<EtlInput, "columns" | "decimal" | "nulls" | "dropDuplicates">;

const SHOWN_CHARACTERS = 100;

/** Whether a text means that there is no value. */
export function noValues(nulls: readonly string[]): (text: string) => boolean {
  const texts = new Set(["", ...nulls]);
  return (text) => texts.has(text);
}

/**
 * Gives every column the type asked for, or the first that keeps each of its values as it is written.
 *
 * @throws PermanentError "ConflictingValues" when a column cannot hold all values of the type asked for, and what `wantedTypes` does.
 */
export async function cleanTable(
  { headers, rows, marks }: TableRows,
  settings: CleanSettings,
  scratch: ScratchFiles,
  signal: AbortSignal,
): Promise<CleanedTable> {
  const names = columnNames(headers);
  const wanted = wantedTypes(settings.columns ?? {}, headers, names);
  const isNoValue = noValues(settings.nulls);
  const found = decimalMarks(marks);
  const columns = headers.map((header, index) => {
    const mark = settings.decimal ?? (found[index] as DecimalMark);
    return { header, name: names[index] as string, mark, wanted: wanted.get(index), index };
  });

  const misfitOf = ([, , values]: TableRow) =>
    columns.find(({ wanted, mark, index }) => {
      const text = values[index] as string;
      return wanted !== undefined && !isNoValue(text) && !READINGS[wanted].fits(readAs(wanted, text, mark));
    });
  const rejects = new Rejects(scratch);
  const repeated = new RepeatedRows(scratch);
  const dropped = new Flags(rows.length);
  let index = 0;
  for await (const batch of rows.read()) {
    await nextTurn(signal);
    for (const row of batch) {
      const misfit = misfitOf(row);
      const [line, lines, values, text = ""] = row;
      if (misfit !== undefined) {
        const value = values[misfit.index]?.slice(0, SHOWN_CHARACTERS);
        rejects.add({ line, lines, text, reason: `${misfit.name}: ${value} is not a valid ${misfit.wanted}` });
        dropped.set(index);
      } else if (settings.dropDuplicates) {
        repeated.add(index, JSON.stringify(values));
      }
      index += 1;
    }
    await rejects.settle();
    await repeated.settle();
  }
  let droppedDuplicates = 0;
  const drop = (row: number): void => {
    dropped.set(row);
    droppedDuplicates += 1;
  };
  await repeated.find(drop, signal);

  const kept = async function* (): AsyncGenerator<TableRow[]> {
    let row = 0;
    for await (const batch of rows.read()) {
      await nextTurn(signal);
      yield batch.filter(() => !dropped.has(row++));
    }
  };
  const finders = columns.map(({ mark, wanted }) => new TypeFinder(mark, wanted));
  for await (const batch of kept()) {
    for (const [, , values] of batch) {
      for (const [column, text] of values.entries()) if (!isNoValue(text)) finders[column]?.add(text);
    }
  }
  const cleaned = columns.map(({ header, name, mark }, column) => ({
    header,
    name,
    mark,
    ...(finders[column] as TypeFinder).find(name),
  }));
  return {
    columns: cleaned,
    rows: rows.length - rejects.length - droppedDuplicates,
    droppedDuplicates,
    rejects,
    read: async function* () {
      const textsOf = ([, , values]: TableRow): Texts =>
        cleaned.map(({ type, mark }, column) => {
          const text = values[column] as string;
          return isNoValue(text) ? null : readAs(type, text, mark);
        });
      for await (const batch of kept()) yield batch.map(textsOf);
    },
  };
}

/** One bit for each of many rows. */
class Flags {
  readonly #bits: Uint8Array;

  constructor(length: number) {
    this.#bits = new Uint8Array(Math.ceil(length / 8));
  }

  set(index: number): void {
    this.#bits[index >>> 3] = (this.#bits[index >>> 3] ?? 0) | (1 << (index & 7));
  }

  has(index: number): boolean {
    return ((this.#bits[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }
}
