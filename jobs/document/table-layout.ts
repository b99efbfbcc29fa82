import type { JobInput } from "@autoscaling-job-queues/domain/job-type";
import type { documentJob } from "./job-type.ts";
import { contentWidth, ensureRoom, type Pdf, STYLE } from "./page.ts";
import { printable } from "./printable.ts";

type Table = NonNullable<JobInput<typeof documentJob>["table"]>;

const SIZE = 9;
const PADDING = 5;
/** Rows that are looked at to choose the columns' widths. */
const MEASURED_ROWS = 200;

/**
 * Writes a table: widths follow the content, numbers stand to the right, and the header comes again on each page.
 *
 * @param onRow called before each row; it may throw to stop.
 */
export async function writeTable(pdf: Pdf, { columns, rows }: Table, onRow: (row: number) => Promise<void>): Promise<void> {
  const widths = columnWidths(pdf, { columns, rows });
  const numeric = columns.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === "number"));
  const write = (cells: readonly string[], { font, fill }: { font: string; fill: string | undefined }): void => {
    pdf.font(font).fontSize(SIZE);
    const height =
      Math.max(...cells.map((cell, column) => pdf.heightOfString(cell, { width: (widths[column] ?? 0) - 2 * PADDING }))) +
      2 * PADDING;
    if (ensureRoom(pdf, height) && fill !== STYLE.accent)
      write(columns.map(printable), { font: "Helvetica-Bold", fill: STYLE.accent });
    const { y } = pdf;
    let x = pdf.page.margins.left;
    if (fill !== undefined) pdf.rect(x, y, contentWidth(pdf), height).fill(fill);
    pdf
      .font(font)
      .fontSize(SIZE)
      .fillColor(fill === STYLE.accent ? "#ffffff" : STYLE.ink);
    for (const [column, cell] of cells.entries()) {
      const width = widths[column] ?? 0;
      pdf.text(cell, x + PADDING, y + PADDING, { width: width - 2 * PADDING, align: numeric[column] ? "right" : "left" });
      x += width;
    }
    pdf.y = y + height;
  };

  pdf.y += 6;
  ensureRoom(pdf, 60);
  write(columns.map(printable), { font: "Helvetica-Bold", fill: STYLE.accent });
  for (const [index, row] of rows.entries()) {
    await onRow(index);
    write(row.map(cellText), { font: "Helvetica", fill: index % 2 === 1 ? STYLE.stripe : undefined });
  }
  pdf
    .moveTo(pdf.page.margins.left, pdf.y)
    .lineTo(pdf.page.margins.left + contentWidth(pdf), pdf.y)
    .lineWidth(0.7)
    .strokeColor(STYLE.rule)
    .stroke();
  pdf.x = pdf.page.margins.left;
  pdf.y += 12;
}

function cellText(cell: string | number): string {
  return typeof cell === "number" ? formatNumber(cell) : printable(cell);
}

/** A number for people: digits in groups of three, at most four decimals. */
export function formatNumber(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 4 });
}

function columnWidths(pdf: Pdf, { columns, rows }: Table): number[] {
  const natural = columns.map((name, column) => {
    pdf.font("Helvetica-Bold").fontSize(SIZE);
    const header = pdf.widthOfString(printable(name));
    pdf.font("Helvetica");
    const cells = rows.slice(0, MEASURED_ROWS).map((row) => pdf.widthOfString(cellText(row[column] ?? "")));
    return Math.min(220, Math.max(header, 24, ...cells)) + 2 * PADDING + 2;
  });
  const total = natural.reduce((sum, width) => sum + width, 0);
  return natural.map((width) => (width / total) * contentWidth(pdf));
}
