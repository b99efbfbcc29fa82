import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import { cleanTable } from "./clean-table.ts";
import { type ColumnSummary, summariseColumn } from "./column-summary.ts";
import { type Reject, readTable } from "./csv-table.ts";
import { etlJob } from "./job-type.ts";
import { nextTurn } from "./next-turn.ts";
import { parquetFile } from "./parquet-file.ts";

const REJECTS_PER_CHUNK = 10_000;

const linesOf = (records: readonly { readonly lines: number }[]): number => records.reduce((sum, { lines }) => sum + lines, 0);

/** In chunks, since the rejects may be several times as long as the CSV. */
async function* rejectsCsv(rejects: readonly Reject[], signal: AbortSignal): AsyncGenerator<string> {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const lineOf = ({ line, reason, text }: Reject): string => `${line},${quoted(reason)},${quoted(text)}\n`;
  yield "line,reason,row\n";
  for (let from = 0; from < rejects.length; from += REJECTS_PER_CHUNK) {
    await nextTurn(signal);
    yield rejects
      .slice(from, from + REJECTS_PER_CHUNK)
      .map(lineOf)
      .join("");
  }
}

export default defineJob(etlJob, async ({ csv, ...settings }, job) => {
  await job.progress(0.1, "reading");
  const table = await readTable(csv, job.signal, settings.delimiter);

  await job.progress(0.4, `cleaning ${table.headers.length} columns`);
  const { columns, rows, droppedDuplicates, ...cleaned } = await cleanTable(table, settings, job.signal);
  const rejects = [...table.rejects, ...cleaned.rejects].sort((left, right) => left.line - right.line);
  if (rows === 0) {
    const [first] = rejects;
    const reason = first === undefined ? "the CSV has no rows" : `no row can be used; line ${first.line}: ${first.reason}`;
    throw new PermanentError(reason, { code: "NoRows" });
  }

  await job.progress(0.7, `writing ${rows} rows`);
  const file = await parquetFile(columns, rows, job.signal);
  const parquet = await job.putFile(`${settings.name}.parquet`, file, "application/vnd.apache.parquet");

  await job.progress(0.9, "summarising");
  const lines = { ...table.lines, rows: linesOf(table.rows) - linesOf(cleaned.rejects), rejected: linesOf(rejects) };
  const counts = { rows, droppedDuplicates, rejectedRows: rejects.length, lines };
  const summaries: ColumnSummary[] = [];
  for (const column of columns) {
    await nextTurn(job.signal);
    summaries.push(summariseColumn(column));
  }
  const summary = { name: settings.name, ...counts, delimiter: table.delimiter, columns: summaries };
  return {
    parquet,
    summary: await job.putFile("summary.json", JSON.stringify(summary, null, 2), "application/json"),
    ...(rejects.length > 0 ? { rejects: await job.putFile("rejects.csv", rejectsCsv(rejects, job.signal), "text/csv") } : {}),
    ...counts,
    columns: columns.length,
  };
});
