import type { ColumnWidth, TableNode } from "pdfmake/js/LayoutBuilder.js";
import { buildColumnWidths } from "./pdfmake.ts";

/** Of a table's width, what columns of numbers may take before they break as others do. */
const WHOLE_SHARE = 0.6;

/**
 * Divides a table's width. pdfmake gives each column at least its widest word, and lets the table run off the page when the
 * words do not fit beside each other. So the widest words break, in all columns at the same width; numbers break last.
 *
 * @param available points for all columns together.
 */
export function setColumnWidths({ widths, body }: TableNode["table"], available: number): void {
  const numbers = new Map<ColumnWidth, number>();
  for (const [index, column] of widths.entries()) {
    if (column.whole) numbers.set(column, Math.max(0, ...body.slice(1).map((row) => row[index]?._minWidth ?? 0)));
  }
  const taken = [...numbers.values()].reduce((sum, width) => sum + width, 0);
  if (widths.reduce((sum, column) => sum + column._minWidth, 0) <= available || taken > available * WHOLE_SHARE) {
    narrow(widths, available);
  } else {
    for (const [column, width] of numbers) column._minWidth = width;
    narrow(
      widths.filter((column) => !numbers.has(column)),
      available - taken,
    );
  }
  buildColumnWidths(widths, available);
}

function narrow(columns: readonly ColumnWidth[], available: number): void {
  let room = available;
  const byWidth = columns.toSorted((a, b) => a._minWidth - b._minWidth);
  for (const [index, column] of byWidth.entries()) {
    column._minWidth = Math.min(column._minWidth, room / (byWidth.length - index));
    column._maxWidth = Math.max(column._maxWidth, column._minWidth);
    room -= column._minWidth;
  }
}
