import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { defineJob, type JobContext } from "@autoscaling-job-queues/worker/define-job";
import { cleanTable, noValues } from "./clean-table.ts";
import { summariseColumns } from "./column-summary.ts";
import { type CsvSource, fileSource, textSource } from "./csv-source.ts";
import { openTable } from "./csv-table.ts";
import { etlJob } from "./job-type.ts";
import { nextTurn } from "./next-turn.ts";
import { writeParquet } from "./parquet-file.ts";
import { inOrder, type Reject } from "./rejects.ts";
import { ScratchFiles } from "./scratch-files.ts";
import { readRows } from "./table-rows.ts";

const REJECTS_PER_CHUNK = 10_000;

/** In chunks, since the rejects may be several times as long as the CSV. */
async function* rejectsCsv(rejects: AsyncIterable<Reject>, signal: AbortSignal): AsyncGenerator<string> {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  let lines: string[] = [];
  yield "line,reason,row\n";
  for await (const { line, reason, text } of rejects) {
    lines.push(`${line},${quoted(reason)},${quoted(text)}\n`);
    if (lines.length < REJECTS_PER_CHUNK) continue;
    await nextTurn(signal);
    yield lines.join("");
    lines = [];
  }
  yield lines.join("");
}

function sourceOf(csv: string | undefined, job: JobContext<"data">): CsvSource {
  const { data } = job.files;
  if (csv !== undefined && data === undefined) return textSource(csv);
  if (csv === undefined && data !== undefined) return fileSource(data.bytes, async () => await job.openFile("data"));
  throw new PermanentError("give the table once: in the input as `csv`, or as the file `data`", { code: "NotOneTable" });
}

export default defineJob(etlJob, async ({ csv, ...settings }, job) => {
  const { signal } = job;
  const scratch = new ScratchFiles();
  try {
    await job.progress(0.1, "reading");
    const table = await openTable(sourceOf(csv, job), signal, settings.delimiter);
    const keepTexts = settings.columns !== undefined;
    const read = await readRows(table, { isNoValue: noValues(settings.nulls), keepTexts }, scratch, signal);

    await job.progress(0.4, `cleaning ${table.headers.length} columns`);
    const cleaned = await cleanTable(read, settings, scratch, signal);
    const { rows, droppedDuplicates } = cleaned;
    const rejectedRows = read.rejects.length + cleaned.rejects.length;
    if (rows === 0) {
      const first = (await inOrder(read.rejects, cleaned.rejects).next()).value as Reject | undefined;
      const reason = first === undefined ? "the CSV has no rows" : `no row can be used; line ${first.line}: ${first.reason}`;
      throw new PermanentError(reason, { code: "NoRows" });
    }

    await job.progress(0.7, `writing ${rows} rows`);
    const file = await scratch.open();
    await writeParquet(cleaned, file, signal);
    const content = file.createReadStream({ start: 0, autoClose: false });
    const parquet = await job.putFile(`${settings.name}.parquet`, content, "application/vnd.apache.parquet");

    await job.progress(0.9, "summarising");
    const lines = {
      ...table.lines,
      rows: read.lines - cleaned.rejects.lines,
      rejected: read.rejects.lines + cleaned.rejects.lines,
    };
    const counts = { rows, droppedDuplicates, rejectedRows, lines };
    const columns = await summariseColumns(cleaned, signal);
    const summary = { name: settings.name, ...counts, delimiter: table.delimiter, columns };
    const rejects = rejectsCsv(inOrder(read.rejects, cleaned.rejects), signal);
    return {
      parquet,
      summary: await job.putFile("summary.json", JSON.stringify(summary, null, 2), "application/json"),
      ...(rejectedRows > 0 ? { rejects: await job.putFile("rejects.csv", rejects, "text/csv") } : {}),
      ...counts,
      columns: columns.length,
    };
  } finally {
    await scratch.close();
  }
});
