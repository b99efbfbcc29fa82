import { stripVTControlCharacters } from "node:util";

/** Lines of a table: text to the left, numbers to the right. Cells may be styled. @param left how many columns are text. */
export function textTable(rows: readonly (readonly string[])[], left = 1): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ""))));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const space = " ".repeat((widths[column] ?? 0) - width(cell));
        return column < left ? cell + space : space + cell;
      })
      .join("  "),
  );
}

/** Characters that a text takes on a terminal. */
export function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** A span of time for people, such as "0.35 s" or "12 s". */
export function seconds(milliseconds: number): string {
  const value = milliseconds / 1_000;
  return `${value < 1 ? value.toFixed(2) : value < 10 ? value.toFixed(1) : Math.round(value)} s`;
}

/** A number of things, such as "1 worker" or "2 workers". */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
