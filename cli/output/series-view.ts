import type { JobTypeStatus } from "@autoscaling-job-queues/client/jobs-client";
import { spanOf } from "./quantities.ts";
import { type Column, tableLines } from "./table.ts";

type Series = NonNullable<JobTypeStatus["series"]>;
type Measure = Exclude<keyof Series["points"][number], "at">;
type Values = readonly (number | undefined)[];

const BARS = "▁▂▃▄▅▆▇█";
/** Columns that the rest of a line takes. */
const BESIDE = 34;
const [NARROWEST, WIDEST] = [10, 60];

const count = (value: number): string => value.toLocaleString("en-US");
const most = (values: readonly number[]): string => `at most ${count(Math.max(...values))}`;
const inAll = (values: readonly number[]): string => `${count(values.reduce((sum, value) => sum + value, 0))} in all`;
const last = (values: readonly number[]): string => `${spanOf(values.at(-1) ?? 0)} last`;

/** Each measure, with what the line alone does not tell. */
const MEASURES: readonly (readonly [Measure, string, (values: readonly number[]) => string])[] = [
  ["waiting", "waiting", most],
  ["running", "running", most],
  ["tasks", "tasks", most],
  ["succeeded", "succeeded", inAll],
  ["failed", "failed", inAll],
  ["runSeconds", "run time", last],
  ["queueWaitSeconds", "queue wait", last],
];

interface Row {
  readonly name: string;
  readonly values: Values;
  readonly told: string;
}

/** How a type fared over the last hours: a line for each measure that somebody reported. @param width of the terminal */
export function seriesLines({ name, series }: JobTypeStatus, hours: number, width: number): string[] {
  if (series === undefined) return [];
  const columns = Math.min(WIDEST, Math.max(NARROWEST, width - BESIDE));
  const rows = MEASURES.flatMap(([measure, title, told]): Row[] => {
    const values = series.points.map((point) => point[measure]);
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? [] : [{ name: title, values, told: told(known) }];
  });
  const head = `${name}, the last ${hours === 1 ? "hour" : `${hours} hours`}`;
  if (rows.length === 0) return [`${head}: nothing was reported`];
  const table: readonly Column<Row>[] = [
    { title: "", cell: (row) => row.name },
    { title: "", cell: (row) => bars(narrowed(row.values, columns)) },
    { title: "", right: true, cell: (row) => row.told },
  ];
  return [head, ...tableLines(table, rows, width).slice(1)];
}

/** Values beside one another become their greatest, so that no peak is lost. */
function narrowed(values: Values, columns: number): Values {
  const each = Math.ceil(values.length / columns);
  return Array.from({ length: Math.ceil(values.length / each) }, (_, index) => {
    const known = values.slice(index * each, (index + 1) * each).filter((value) => value !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  });
}

/** A dot where nothing was reported. */
function bars(values: Values): string {
  const top = Math.max(...values.map((value) => value ?? 0));
  return values
    .map((value) => (value === undefined ? "·" : BARS[top === 0 ? 0 : Math.round((value / top) * (BARS.length - 1))]))
    .join("");
}
