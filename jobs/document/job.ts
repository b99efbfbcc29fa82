import { setImmediate } from "node:timers/promises";
import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import { chartContent } from "./chart.ts";
import type { Content } from "./content.ts";
import { dataTable } from "./data-table.ts";
import { documentJob } from "./job-type.ts";
import { markdownContent } from "./markdown.ts";
import { Pdf } from "./pdf.ts";
import { RULE, STYLE } from "./style.ts";

export default defineJob(documentJob, async ({ title, markdown, table, chart, pageSize }, job) => {
  const step = async (fraction: number, message: string): Promise<void> => {
    await job.progress(fraction, message);
    // An abort comes as a message to the thread, which is read between two turns of the event loop only.
    await setImmediate();
    job.signal.throwIfAborted();
  };
  const pdf = new Pdf({ title, pageSize, text: JSON.stringify({ title, markdown, table, chart }) });
  await step(0.1, "reading the text");
  const content: Content[] = [...heading(title), ...markdownContent(markdown)];
  if (chart !== undefined) {
    await step(0.2, "drawing the chart");
    content.push(await chartContent(chart, pdf));
  }
  if (table !== undefined) content.push(dataTable(table));
  await step(0.3, "laying out the pages");
  const { bytes, pages } = await pdf.write(content);
  await step(0.9, "storing the file");
  const { missingGlyphs } = pdf;
  if (missingGlyphs.length > 0) job.logger.warn("characters that no font of this job has", { missingGlyphs });
  return {
    pdf: await job.putFile("document.pdf", bytes, "application/pdf"),
    pages,
    ...(missingGlyphs.length > 0 ? { missingGlyphs } : {}),
  };
});

/** The document's title, with a line under it. */
function heading(title: string): Content[] {
  return [
    { text: title, fontSize: 23, bold: true },
    { layout: { ...RULE, hLineColor: () => STYLE.accent }, table: { widths: ["*"], body: [[""]] }, margin: [0, 4, 0, 6] },
  ];
}
