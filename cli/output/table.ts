import Table, { type TableConstructorOptions } from "cli-table3";
import stringWidth from "string-width";
import { styled } from "./style.ts";

export interface Column<Row> {
  readonly title: string;
  /** A cell of one line. It may be styled, and has nothing that acts on a terminal (`visible`). */
  readonly cell: (row: Row) => string;
  /** Whether cells stand to the right, as numbers do. @default false */
  readonly right?: boolean;
  /** Whether cells are cut where the terminal is too narrow. @default false */
  readonly cut?: boolean;
}

/** Between two columns. */
const GAP = 2;
/** Of a column that is cut: what is narrower tells nothing. */
const LEAST_WIDTH = 8;

const NO_BORDERS = Object.fromEntries(
  ["top", "bottom", "left", "right"].flatMap((side) =>
    ["", "-mid", "-left", "-right"].map((part) => [`${side}${part}`, ""] as const),
  ),
);
const NO_LINES = { ...NO_BORDERS, mid: "", "mid-mid": "", middle: "" };

/**
 * Lines of a table without borders. Columns without a value in any row are left out; those that may be cut share what the others leave of
 * the terminal's width.
 *
 * @param width of the terminal, in columns.
 */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string[] {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const kept = columns.flatMap((column, index) => (cells.some((row) => row[index] !== "") ? [{ ...column, index }] : []));
  const widths = fitted(
    kept.map(({ title, index, cut = false }) => ({
      natural: Math.max(stringWidth(title), ...cells.map((row) => stringWidth(row[index] ?? ""))),
      cut,
    })),
    width,
  );
  const settings = {
    colWidths: widths.map((own) => own + GAP),
    colAligns: kept.map(({ right }) => (right === true ? ("right" as const) : ("left" as const))),
    chars: NO_LINES,
    style: { head: [], border: [], "padding-left": 0, "padding-right": GAP, compact: true },
  };
  const head = kept.map(({ title }) => styled("bold", title));
  const body = cells.map((row) => kept.map(({ index }) => row[index] ?? ""));
  return [[head], ...chunksOf(body, ROWS_AT_A_TIME)].flatMap((some) => laidOut(some, settings));
}

/** The time that the library takes for a table grows with the square of its rows. */
const ROWS_AT_A_TIME = 50;

function laidOut(rows: readonly string[][], settings: TableConstructorOptions): string[] {
  const table = new Table(settings);
  table.push(...rows);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** Widths of columns within that of the terminal; the widest of those that may be cut gives way first. */
function fitted(columns: readonly { readonly natural: number; readonly cut: boolean }[], width: number): number[] {
  const widths = columns.map(({ natural }) => natural);
  let excess = widths.reduce((sum, own) => sum + own, GAP * Math.max(0, widths.length - 1)) - width;
  while (excess > 0) {
    const candidates = columns.flatMap(({ cut }, index) => (cut && (widths[index] ?? 0) > LEAST_WIDTH ? [index] : []));
    const widest = candidates.reduce<number | undefined>(
      (best, index) => (best === undefined || (widths[index] ?? 0) > (widths[best] ?? 0) ? index : best),
      undefined,
    );
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}
