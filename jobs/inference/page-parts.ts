import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { type Page, PRINT_CONTRAST } from "./page-image.ts";

/** Tesseract finds nothing on a page of more than 32,767 rows; A4 at 600 dpi has 7,016. */
export const MAX_ROWS = 8_000;
/** A row of a gap has far less ink than the mean, also where a scan is noisy. */
const GAP_SHARE = 0.25;
/** Of the rows, in how many an upright rule or a frame has its edge in the same place; print is nowhere as steady. */
const RULE_SHARE = 0.9;

/**
 * Cuts a tall page between its lines: no line is lost, and none is read twice.
 *
 * @param maxRows of a part.
 * @throws PermanentError "ImageTooTall" where no gap goes from one side to the other.
 */
export function pageParts(page: Page, maxRows = MAX_ROWS): Page[] {
  const { width, height, pixels } = page;
  const parts: Page[] = [];
  for (let start = 0; start < height; ) {
    const end = height - start <= maxRows ? height : middleOfGap(page, start + maxRows / 2, start + maxRows);
    parts.push({ width, height: end - start, pixels: pixels.subarray(start * width, end * width) });
    start = end;
  }
  return parts;
}

/** The middle of the widest gap among rows. */
function middleOfGap({ width, height, pixels }: Page, first: number, last: number): number {
  const rows = Array.from({ length: last - first }, (_, index) => {
    const start = (first + index) * width;
    return pixels.subarray(start, start + width);
  });
  const rules = ruleEdges(rows, width);
  const inks = rows.map((row) => inkOf(row, rules));
  const least = inks.reduce((least, ink) => Math.min(least, ink));
  const mean = inks.reduce((sum, ink) => sum + ink, 0) / inks.length;
  const quietest = rows[inks.indexOf(least)] ?? pixels;
  const hasPrint = quietest.some((_, x) => x > 0 && rules[x] !== true && changeAt(quietest, x) >= PRINT_CONTRAST);
  if (least > mean / 2 && hasPrint) {
    throw new PermanentError(
      `the image has ${height} rows, and none of rows ${first} to ${last} is a gap between lines; without one, at most ${last} are allowed`,
      { code: "ImageTooTall" },
    );
  }
  const most = least + GAP_SHARE * (mean - least);
  let best = { from: 0, to: 0 };
  for (let from = 0; from < inks.length; from++) {
    let to = from;
    while (to < inks.length && (inks[to] as number) <= most) to++;
    if (to - from > best.to - best.from) best = { from, to };
    from = to;
  }
  return first + Math.floor((best.from + best.to) / 2);
}

/** Where upright rules and frames begin and end that go through all rows, gaps too. */
function ruleEdges(rows: readonly Uint8Array[], width: number): readonly boolean[] {
  const edges = new Uint32Array(width);
  for (const row of rows) {
    for (let x = 1; x < width; x++) {
      if (changeAt(row, x) >= PRINT_CONTRAST) edges[x] = (edges[x] as number) + 1;
    }
  }
  return Array.from(edges, (count) => count > RULE_SHARE * rows.length);
}

/** How much a row changes from pixel to pixel, without rules. */
function inkOf(row: Uint8Array, rules: readonly boolean[]): number {
  let ink = 0;
  for (let x = 1; x < row.length; x++) {
    if (rules[x] !== true) ink += changeAt(row, x);
  }
  return ink;
}

const changeAt = (row: Uint8Array, x: number): number => Math.abs((row[x] as number) - (row[x - 1] as number));
