import createBidi, { type Bidi } from "bidi-js";
import type { Inline } from "pdfmake/js/TextInlines.js";

/** Unicode's bidirectional algorithm; the package's types take its default export for its module. */
export const bidi = (createBidi as unknown as () => Bidi)();

/** @returns what stands on one line, in the order in which it is seen from the left (rule L2). */
export function asSeen(inlines: readonly Inline[]): Inline[] {
  const levels = Uint8Array.from(inlines, ({ level }) => level ?? 0);
  if (levels.every((level) => level === 0)) return [...inlines];
  const end = levels.length - 1;
  const paragraphs = [{ start: 0, end, level: inlines[0]?.baseLevel ?? 0 }];
  // The letters only stand for inlines: their levels are known.
  const order = bidi.getReorderedIndices("x".repeat(levels.length), { levels, paragraphs }, 0, end);
  return order.flatMap((index) => inlines[index] ?? []);
}
