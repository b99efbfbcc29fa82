import type { CleanedTable, Column } from "./clean-table.ts";
import { nextTurn } from "./next-turn.ts";

/** What `summary.json` says about a column. */
export interface ColumnSummary extends Pick<Column, "header" | "name" | "type"> {
  readonly nulls: number;
  /** Different values, without NULL; null where there are more than fit into memory. */
  readonly distinct: number | null;
  /** The smallest and the largest value as texts, of 200 characters at most; null where there are none. */
  readonly min: string | null;
  readonly max: string | null;
  /** For integers and numbers, as a double. */
  readonly mean?: number | null;
}

type Value = ReturnType<Column["storage"]["value"]>;

const SHOWN_CHARACTERS = 200;
/** More than a double has, below those of the values. */
const MEAN_DIGITS = 40n;
/** What different values of all columns may take: more than a CSV has that is short enough to be an input. */
const MAX_WEIGHT = 1_200_000;
const CHARACTERS_PER_WEIGHT = 16;

/** Summarises the columns of a table, in a single pass over its rows. */
export async function summariseColumns({ columns, read }: CleanedTable, signal: AbortSignal): Promise<ColumnSummary[]> {
  const gathered = columns.map((column) => new GatheredValues(column));
  for await (const rows of read()) {
    await nextTurn(signal);
    for (const texts of rows) {
      for (const [column, values] of gathered.entries()) values.add(texts[column] ?? null);
    }
    forgetMost(gathered);
  }
  return gathered.map((values) => values.summary());
}

/** Makes room in memory: the column with most different values stops to count them. */
function forgetMost(gathered: readonly GatheredValues[]): void {
  let weight = gathered.reduce((sum, values) => sum + values.weight, 0);
  while (weight > MAX_WEIGHT) {
    const heaviest = gathered.reduce((most, next) => (next.weight > most.weight ? next : most));
    weight -= heaviest.weight;
    heaviest.forget();
  }
}

class GatheredValues {
  readonly #column: Column;
  readonly #isNumeric: boolean;
  #different: Set<Value> | undefined = new Set();
  #weight = 0;
  #nulls = 0;
  #count = 0;
  #sum = 0n;
  #min: { readonly value: Value; readonly text: string } | undefined;
  #max: { readonly value: Value; readonly text: string } | undefined;

  constructor(column: Column) {
    this.#column = column;
    this.#isNumeric = column.type === "integer" || column.type === "number";
  }

  /** What the different values take in memory. */
  get weight(): number {
    return this.#weight;
  }

  add(text: string | null): void {
    if (text === null) {
      this.#nulls += 1;
      return;
    }
    const value = this.#column.storage.value(text);
    this.#count += 1;
    if (this.#isNumeric) this.#sum += BigInt(value);
    if (this.#min === undefined || value <= this.#min.value) this.#min = { value, text };
    if (this.#max === undefined || value >= this.#max.value) this.#max = { value, text };
    if (this.#different === undefined || this.#different.has(value)) return;
    this.#different.add(value);
    this.#weight += 1 + text.length / CHARACTERS_PER_WEIGHT;
  }

  forget(): void {
    this.#different = undefined;
    this.#weight = 0;
  }

  summary(): ColumnSummary {
    const { header, name, type } = this.#column;
    const shown = (text?: string): string | null => text?.slice(0, SHOWN_CHARACTERS).toWellFormed() ?? null;
    return {
      header,
      name,
      type,
      nulls: this.#nulls,
      distinct: this.#different?.size ?? null,
      min: shown(this.#min?.text),
      max: shown(this.#max?.text),
      ...(this.#isNumeric ? { mean: this.#mean() } : {}),
    };
  }

  /** Of the whole sum, which is exact: a mean is as close to it as a double can be, and never past the largest value. */
  #mean(): number | null {
    if (this.#count === 0) return null;
    const { scale = 0 } = this.#column.storage.element;
    return Number(`${(this.#sum * 10n ** MEAN_DIGITS) / BigInt(this.#count)}e-${BigInt(scale) + MEAN_DIGITS}`);
  }
}
