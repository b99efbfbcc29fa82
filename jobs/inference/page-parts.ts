import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { isBlank, type Page } from "./page-image.ts";

/** Tesseract finds nothing on a page of more than 32,767 rows; A4 at 600 dpi has 7,016. */
export const MAX_ROWS = 8_000;
/** A row of a gap has far less ink than the mean, also where a scan is noisy or a table has upright rules. */
const GAP_SHARE = 0.25;

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
  const inks = Array.from({ length: last - first }, (_, index) => inkOf(pixels, (first + index) * width, width));
  const least = inks.reduce((least, ink) => Math.min(least, ink));
  const mean = inks.reduce((sum, ink) => sum + ink, 0) / inks.length;
  const quietest = first + inks.indexOf(least);
  const row = { width, height: 1, pixels: pixels.subarray(quietest * width, (quietest + 1) * width) };
  if (least > mean / 2 && !isBlank(row)) {
    throw new PermanentError(
      `the image has ${height} rows, and none of rows ${first} to ${last} is a gap between lines; allowed then: ${last}`,
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

/** How much a row changes from pixel to pixel. */
function inkOf(pixels: Uint8Array, start: number, width: number): number {
  let ink = 0;
  for (let index = start + 1; index < start + width; index++) {
    ink += Math.abs((pixels[index] as number) - (pixels[index - 1] as number));
  }
  return ink;
}
