import { type GatheredTexts, READINGS, type Storage } from "./column-types.ts";
import { type DecimalMark, GroupEvidence, withPoint } from "./decimal-mark.ts";
import type { ColumnType } from "./job-type.ts";

const isNumeric = (type: ColumnType): boolean => type === "integer" || type === "number";

/** The text that a type's reading takes; empty for what is not a number. */
export function readAs(type: ColumnType, text: string, mark: DecimalMark): string {
  return isNumeric(type) ? (withPoint(text, mark) ?? "") : text;
}

interface Candidate {
  readonly type: ColumnType;
  readonly texts: GatheredTexts;
}

/** Finds the type of a column from its texts: the one asked for, which all of them fit, or the first that keeps each as it is written. */
export class TypeFinder {
  readonly #mark: DecimalMark;
  readonly #wanted: ColumnType | undefined;
  /** The types that all texts fit so far. */
  readonly #fitting: Candidate[];
  readonly #groups: GroupEvidence;
  #isEmpty = true;

  constructor(mark: DecimalMark, wanted?: ColumnType) {
    const types = wanted === undefined ? (Object.keys(READINGS) as ColumnType[]) : [wanted];
    this.#mark = mark;
    this.#wanted = wanted;
    this.#fitting = types.map((type) => ({ type, texts: READINGS[type].gather() }));
    this.#groups = new GroupEvidence(mark);
  }

  add(text: string): void {
    this.#isEmpty = false;
    // Nothing is left but text.
    if (this.#wanted === undefined && this.#fitting.length === 1) return;
    this.#groups.add(text);
    for (let index = this.#fitting.length - 1; index >= 0; index--) {
      const { type, texts } = this.#fitting[index] as Candidate;
      const read = readAs(type, text, this.#mark);
      if (this.#wanted !== undefined || READINGS[type].fits(read)) texts.add(read);
      else this.#fitting.splice(index, 1);
    }
  }

  /** @throws PermanentError "ConflictingValues" when a column cannot hold all values of the type asked for. */
  find(column: string): { readonly type: ColumnType; readonly storage: Storage } {
    const keeps = (type: ColumnType): boolean => {
      if (this.#wanted !== undefined || type === "text") return true;
      return !this.#isEmpty && (!isNumeric(type) || this.#groups.areAlike);
    };
    const found = this.#fitting.find(({ type, texts }) => keeps(type) && (this.#wanted !== undefined || texts.areAlike()));
    // Every text is a text.
    const { type, texts } = found as NonNullable<typeof found>;
    return { type, storage: texts.storage(column) };
  }
}
