import { setImmediate } from "node:timers/promises";
import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import { writeChart } from "./chart-layout.ts";
import { documentJob } from "./job-type.ts";
import { parseMarkdown } from "./markdown.ts";
import { newPdf, numberPages, pdfBytes } from "./page.ts";
import { writeTable } from "./table-layout.ts";
import { writeBlock, writeTitle } from "./text-layout.ts";

/** Table rows between two progress reports. */
const ROWS_PER_REPORT = 50;
/** Blocks of text, a few milliseconds of work, between two looks at the signal. */
const BLOCKS_PER_TURN = 20;

export default defineJob(documentJob, async ({ title, markdown, table, chart, pageSize }, job) => {
  const pdf = newPdf(title, pageSize);
  writeTitle(pdf, title);

  await job.progress(0.1, "laying out the text");
  for (const [index, block] of parseMarkdown(markdown).entries()) {
    if (index % BLOCKS_PER_TURN === 0) await hearAbort(job.signal);
    writeBlock(pdf, block);
  }
  if (chart !== undefined) {
    await hearAbort(job.signal);
    await job.progress(0.3, "drawing the chart");
    writeChart(pdf, chart);
  }
  if (table !== undefined) {
    await writeTable(pdf, table, async (row) => {
      if (row % ROWS_PER_REPORT !== 0) return;
      await hearAbort(job.signal);
      await job.progress(0.4 + (0.5 * row) / table.rows.length, `row ${row + 1} of ${table.rows.length}`);
    });
  }
  await job.progress(0.9, "storing the file");
  const pages = numberPages(pdf, title);
  return { pdf: await job.putFile("document.pdf", await pdfBytes(pdf), "application/pdf"), pages };
});

/** An abort comes as a message to the thread, which is read between two turns of the event loop only. */
async function hearAbort(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
