import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import * as z from "zod";

/** Of a table, and of those in Markdown together: measured, a thread that lays out both stays within its memory. */
export const MAX_CELLS = 24_000;
/** Of a table: more are too narrow to be read, on pages turned on their side too. */
export const MAX_COLUMNS = 30;
/** Of a table's cells together: measured, their layout takes about as long as that of as many cells as are allowed, a quarter of a minute. */
const MAX_CELL_CHARACTERS = 800_000;

const label = z.string().max(200);

const table = z
  .object({
    columns: z.array(label).min(1).max(MAX_COLUMNS),
    rows: z.array(z.array(z.union([z.string().max(50_000), z.number(), z.null()])).max(MAX_COLUMNS)).max(2_000),
  })
  .refine(({ columns, rows }) => columns.length * rows.length <= MAX_CELLS, {
    error: `a table has at most ${MAX_CELLS} cells`,
  })
  .refine(({ rows }) => rows.flat().reduce<number>((sum, cell) => sum + String(cell ?? "").length, 0) <= MAX_CELL_CHARACTERS, {
    error: `the cells of a table have at most ${MAX_CELL_CHARACTERS} characters`,
  })
  .refine(({ columns, rows }) => rows.every((row) => row.length === columns.length), {
    error: "every row needs as many cells as there are columns",
  });

const chart = z
  .object({
    kind: z.enum(["bar", "line"]),
    title: label.optional(),
    labels: z.array(label).min(1).max(200),
    series: z
      .array(z.object({ name: label, values: z.array(z.number().nullable()).min(1).max(200) }))
      .min(1)
      .max(40),
  })
  .refine(({ labels, series }) => series.every(({ values }) => values.length === labels.length), {
    error: "every series needs as many values as there are labels",
  });

export const documentJob = defineJobType({
  name: "document",
  description: "Renders Markdown, a table and a chart to a PDF",
  input: z.object({
    title: z.string().min(1).max(200),
    markdown: z.string().max(200_000).meta({
      description:
        "CommonMark with GitHub's tables, task lists and strike-through; at most 12 lists within each other, 30 columns of a table and 24,000 cells of tables",
    }),
    table: table.optional(),
    chart: chart.optional(),
    pageSize: z.enum(["A4", "LETTER"]).default("A4"),
  }),
  timeoutSeconds: 300,
  // Layout is one call that hears no abort, and there is nothing to clean up.
  graceSeconds: 1,
  concurrency: 2,
  container: { cpu: 512, memoryMiB: 1024 },
  scaling: { maxTasks: 20, backlogPerTask: 5 },
});

export default documentJob;
