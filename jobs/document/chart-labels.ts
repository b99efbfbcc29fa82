import { graphemes } from "./break-words.ts";
import type { Content } from "./content.ts";
import type { Pdf } from "./pdf.ts";
import { STYLE } from "./style.ts";

/** Points of a place in which labels stand side by side, on as many lines as they take; in narrower ones they read upwards. */
const SIDE_BY_SIDE = 36;
/** Points of the longest label that reads upwards; what is longer ends in "…". */
const LONGEST = 150;
/** Points from one line to the next, to the size of the letters. */
const LINE = 1.4;
const GAP = 4;

/**
 * The names of the places below a chart.
 *
 * @param left points from the margin to the first place, and `slot` from one place to the next.
 */
export function placeLabels(
  labels: readonly string[],
  { left, slot, size }: { left: number; slot: number; size: number },
  pdf: Pdf,
): Content {
  const style = { fontSize: size, color: STYLE.muted };
  const widths = labels.map((label) => pdf.widthOf(label, size) + GAP);
  if (slot >= SIDE_BY_SIDE || Math.max(...widths) <= slot) {
    const columns = labels.map((text) => ({
      text,
      width: slot,
      alignment: "center" as const,
      margin: [GAP / 2, 0] as [number, number],
    }));
    return { ...style, columns, margin: [left, 0, 0, 12] };
  }
  const every = Math.ceil((size * LINE) / slot);
  const shown = labels.flatMap((label, place) => {
    if (place % every !== 0) return [];
    const text = shorten(label.replace(/\s+/g, " "), size, pdf);
    const x = left + slot * (place + 0.5) - (size * LINE) / 2;
    const relativePosition = { x, y: pdf.widthOf(text, size) };
    return [{ ...style, text: [{ text, upwards: true }], noWrap: true, alignment: "left" as const, relativePosition }];
  });
  return { stack: shown, margin: [0, GAP, 0, Math.min(LONGEST, Math.max(...widths)) + 12] };
}

function shorten(label: string, size: number, pdf: Pdf): string {
  if (pdf.widthOf(label, size) <= LONGEST) return label;
  let short = "";
  for (const { segment } of graphemes.segment(label)) {
    if (pdf.widthOf(`${short}${segment}…`, size) > LONGEST) break;
    short += segment;
  }
  return `${short}…`;
}
