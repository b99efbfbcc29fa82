import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import { cleanTable } from "./clean-table.ts";
import { summariseColumn } from "./column-summary.ts";
import { type Reject, readTable } from "./csv-table.ts";
import { etlJob } from "./job-type.ts";
import { parquetFile } from "./parquet-file.ts";

const linesOf = (records: readonly { readonly lines: number }[]): number => records.reduce((sum, { lines }) => sum + lines, 0);

function rejectsCsv(rejects: readonly Reject[]): string {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  return ["line,reason,row", ...rejects.map(({ line, reason, text }) => `${line},${quoted(reason)},${quoted(text)}`), ""].join(
    "\n",
  );
}

export default defineJob(etlJob, async ({ csv, ...settings }, job) => {
  await job.progress(0.1, "reading");
  const table = readTable(csv, settings.delimiter);

  await job.progress(0.4, `cleaning ${table.headers.length} columns`);
  const { columns, rows, droppedDuplicates, ...cleaned } = cleanTable(table, settings);
  const rejects = [...table.rejects, ...cleaned.rejects].sort((left, right) => left.line - right.line);
  if (rows === 0) {
    const [first] = rejects;
    const reason = first === undefined ? "the CSV has no rows" : `no row can be used; line ${first.line}: ${first.reason}`;
    throw new PermanentError(reason, { code: "NoRows" });
  }

  await job.progress(0.7, `writing ${rows} rows`);
  const parquet = await job.putFile(`${settings.name}.parquet`, parquetFile(columns), "application/vnd.apache.parquet");

  await job.progress(0.9, "summarising");
  const lines = { ...table.lines, rows: linesOf(table.rows) - linesOf(cleaned.rejects), rejected: linesOf(rejects) };
  const counts = { rows, droppedDuplicates, rejectedRows: rejects.length, lines };
  const summary = { name: settings.name, ...counts, delimiter: table.delimiter, columns: columns.map(summariseColumn) };
  return {
    parquet,
    summary: await job.putFile("summary.json", JSON.stringify(summary, null, 2), "application/json"),
    ...(rejects.length > 0 ? { rejects: await job.putFile("rejects.csv", rejectsCsv(rejects), "text/csv") } : {}),
    ...counts,
    columns: columns.length,
  };
});
