/** What stands before the decimals of a number. */
export type DecimalMark = "." | ",";

/** Thousands may be apart where decimals follow: 1.234,50 can be read in one way only, and 1.234 in two. */
const NUMBERS: Readonly<Record<DecimalMark, RegExp>> = {
  ".": /^-?(?:\d+|\d{1,3}(?:,\d{3})+(?=\.))(?:\.\d+)?$/,
  ",": /^-?(?:\d+|\d{1,3}(?:\.\d{3})+(?=,))(?:,\d+)?$/,
};
/** Groups of three digits behind one mark: decimals, or thousands, which do not begin with 0. */
const EITHER = { ".": /^-?[1-9]\d{0,2}(?:\.\d{3})+$/, ",": /^-?[1-9]\d{0,2}(?:,\d{3})+$/ } as const;

/** The number with a decimal point and no other mark; undefined where the text is not a number with this mark. */
export function withPoint(text: string, mark: DecimalMark): string | undefined {
  return NUMBERS[mark].test(text) ? text.replaceAll(mark === "." ? "," : ".", "").replace(mark, ".") : undefined;
}

const otherThan = (mark: DecimalMark): DecimalMark => (mark === "." ? "," : ".");

/** What the texts of a column tell about its decimal mark. */
export class MarkEvidence {
  /** Marks that some numbers have, which can have no other. */
  readonly #certain = new Set<DecimalMark>();
  #hasPoint = false;
  #hasDecimalPoint = false;

  add(text: string): void {
    if (text.includes(",")) this.#addWith(",", text);
    if (!text.includes(".")) return;
    this.#addWith(".", text);
    this.#hasPoint = true;
    this.#hasDecimalPoint ||= !EITHER["."].test(text);
  }

  #addWith(mark: DecimalMark, text: string): void {
    if (this.#certain.has(mark) || !NUMBERS[mark].test(text) || NUMBERS[otherThan(mark)].test(text)) return;
    if (!EITHER[mark].test(text)) this.#certain.add(mark);
  }

  /** A comma, if some of the column's numbers can have no other mark, and none can only have a point. */
  get mark(): DecimalMark {
    return this.#certain.has(",") && !this.#certain.has(".") ? "," : ".";
  }

  /** Whether there are points, and each may stand between thousands. */
  get hasThousandsOnly(): boolean {
    return this.#hasPoint && !this.#hasDecimalPoint;
  }
}

/**
 * The marks of a table's columns. Where one has a decimal comma, points that may stand between thousands in another one are no
 * decimal points.
 */
export function decimalMarks(columns: readonly MarkEvidence[]): DecimalMark[] {
  const marks = columns.map(({ mark }) => mark);
  if (!marks.includes(",")) return marks;
  return columns.map(({ mark, hasThousandsOnly }) => (hasThousandsOnly ? "," : mark));
}

/** Whether thousands are apart in all numbers of a column that have some, or in none. */
export class GroupEvidence {
  readonly #other: DecimalMark;
  #hasGroups = false;
  #hasNone = false;

  constructor(mark: DecimalMark) {
    this.#other = otherThan(mark);
  }

  add(text: string): void {
    this.#hasGroups ||= text.includes(this.#other);
    this.#hasNone ||= /^-?\d{4}/.test(text);
  }

  get areAlike(): boolean {
    return !(this.#hasGroups && this.#hasNone);
  }
}
