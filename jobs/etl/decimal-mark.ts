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

/**
 * The marks of a table's columns. Where one has a decimal comma, points that may stand between thousands in another one are no
 * decimal points.
 */
export function decimalMarks(columns: readonly (readonly string[])[]): DecimalMark[] {
  const marks = columns.map(decimalMark);
  if (!marks.includes(",")) return marks;
  return columns.map((texts, index) => {
    const pointed = texts.filter((text) => text.includes("."));
    return pointed.length > 0 && pointed.every((text) => EITHER["."].test(text)) ? "," : (marks[index] as DecimalMark);
  });
}

/** The mark of a column: a comma, if some of its numbers can have no other, and none can only have a point. */
function decimalMark(texts: readonly string[]): DecimalMark {
  const hasOnly = (mark: DecimalMark, other: DecimalMark): boolean =>
    texts.some(
      (text) => text.includes(mark) && NUMBERS[mark].test(text) && !NUMBERS[other].test(text) && !EITHER[mark].test(text),
    );
  return hasOnly(",", ".") && !hasOnly(".", ",") ? "," : ".";
}

/** Whether thousands are apart in all numbers that have some, or in none. */
export function areGroupedAlike(texts: readonly string[], mark: DecimalMark): boolean {
  const other = mark === "." ? "," : ".";
  return !texts.some((text) => text.includes(other)) || !texts.some((text) => /^-?\d{4}/.test(text));
}
