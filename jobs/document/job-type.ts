import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import * as z from "zod";

const label = z.string().max(200);

const table = z
  .object({
    columns: z.array(label).min(1).max(12),
    rows: z.array(z.array(z.union([label, z.number()])).max(12)).max(2_000),
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
      .array(z.object({ name: label, values: z.array(z.number()).min(1).max(200) }))
      .min(1)
      .max(6),
  })
  .refine(({ labels, series }) => series.every(({ values }) => values.length === labels.length), {
    error: "every series needs as many values as there are labels",
  });

export const documentJob = defineJobType({
  name: "document",
  description: "Renders Markdown, a table and a chart to a PDF",
  input: z.object({
    title: z.string().min(1).max(200),
    markdown: z.string().max(200_000).meta({ description: "Headings, paragraphs, lists, quotes, code, bold and italic" }),
    table: table.optional(),
    chart: chart.optional(),
    pageSize: z.enum(["A4", "LETTER"]).default("A4"),
  }),
  timeoutSeconds: 120,
  concurrency: 2,
  container: { cpu: 512, memoryMiB: 1024 },
  scaling: { maxTasks: 20, backlogPerTask: 5 },
});

export default documentJob;
