import { readFile } from "node:fs/promises";
import path from "node:path";
import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { defineJob, type FileReference } from "@autoscaling-job-queues/worker/define-job";
import { chooseTypes, fillCleaned, type Reject, readTrimmed } from "./clean-table.ts";
import { readHeader } from "./csv-header.ts";
import { literal, withDuckDB } from "./duckdb-session.ts";
import { etlJob } from "./job-type.ts";
import { summariseColumns } from "./summarise-columns.ts";

/** What a caller gets as the job's result. */
export interface EtlResult {
  readonly parquet: FileReference;
  readonly summary: FileReference;
  /** Only where rows were rejected. */
  readonly rejects?: FileReference;
  readonly rows: number;
  readonly columns: number;
  readonly droppedDuplicates: number;
  readonly rejectedRows: number;
}

/** Of the rejected rows, so many are listed, each with so many characters; all are counted. */
const LISTED_REJECTS = 10_000;
const LISTED_CHARACTERS = 1_000;

function rejectsCsv(rejects: readonly Reject[]): string {
  const field = (text: string): string => `"${text.slice(0, LISTED_CHARACTERS).replaceAll('"', '""')}"`;
  const lines = rejects.slice(0, LISTED_REJECTS).map(({ reason, row }) => `${field(reason)},${field(row)}\n`);
  return `reason,row\n${lines.join("")}`;
}

export default defineJob(etlJob, async ({ csv, delimiter, columns: wanted = {}, dropDuplicates, name }, job) => {
  const text = csv.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const header = readHeader(text, delimiter);
  return await withDuckDB(job.signal, async (session): Promise<EtlResult> => {
    await job.progress(0.1, `reading ${header.columns.length} columns`);
    const unreadable = await readTrimmed(session, text, header);

    await job.progress(0.3, "choosing types");
    const columns = await chooseTypes(session, header, wanted);

    await job.progress(0.5, "cleaning");
    const { rows, droppedDuplicates, rejects: misfits } = await fillCleaned(session, columns, wanted, dropDuplicates);
    const rejects = [...unreadable, ...misfits];
    if (rows === 0) {
      const [first] = rejects;
      const reason = first === undefined ? "the CSV has no rows" : `no row of the CSV could be used: ${first.reason}`;
      throw new PermanentError(reason, { code: "NoRows" });
    }

    await job.progress(0.7, `writing ${rows} rows`);
    const file = path.join(session.folder, "cleaned.parquet");
    await session.query(`COPY cleaned TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`);
    const parquet = await job.putFile(`${name}.parquet`, await readFile(file), "application/vnd.apache.parquet");

    await job.progress(0.9, "summarising");
    const counts = { rows, droppedDuplicates, rejectedRows: rejects.length };
    const summary = { name, ...counts, delimiter: header.delimiter, columns: await summariseColumns(session, columns) };
    return {
      parquet,
      summary: await job.putFile("summary.json", JSON.stringify(summary, null, 2), "application/json"),
      ...(rejects.length > 0 ? { rejects: await job.putFile("rejects.csv", rejectsCsv(rejects), "text/csv") } : {}),
      ...counts,
      columns: columns.length,
    };
  });
});
