import type { JobInput } from "@autoscaling-job-queues/domain/job-type";
import type { Content, Node } from "./content.ts";
import type { documentJob } from "./job-type.ts";
import { TABLE } from "./style.ts";

type Table = NonNullable<JobInput<typeof documentJob>["table"]>;

/** More columns than these are set in smaller letters, and more than the second number on pages turned on their side. */
const COLUMNS = { plain: 8, upright: 12 } as const;
const SMALL = 7.5;

/**
 * The input's table. Numbers stand to the right and print as JSON has them: with all their digits, and without separators that
 * would make a year or an identifier unlike itself.
 */
export function dataTable({ columns, rows }: Table): Content {
  const numeric = columns.map((_, column) => rows.every((row) => typeof row[column] !== "string"));
  const cells = (row: readonly (string | number | null)[]) =>
    row.map((cell, column) => ({ text: String(cell ?? ""), ...(numeric[column] ? { alignment: "right" as const } : {}) }));
  return {
    style: "table",
    layout: TABLE,
    table: {
      headerRows: 1,
      widths: numeric.map((whole) => ({ width: "auto", whole })),
      body: [cells(columns).map((cell) => ({ ...cell, style: "head" })), ...rows.map(cells)],
    },
    ...wideTable(columns.length),
  };
}

/** How a table of many columns is set. */
export function wideTable(columns: number): Pick<Node, "fontSize" | "pageBreak" | "pageOrientation"> {
  return {
    ...(columns > COLUMNS.plain ? { fontSize: SMALL } : {}),
    ...(columns > COLUMNS.upright ? { pageBreak: "before", pageOrientation: "landscape" } : {}),
  };
}
