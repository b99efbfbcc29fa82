import PDFDocument from "pdfkit";
import { printable } from "./printable.ts";

/** Colours and sizes of a document; lengths in points, 1/72 inch. */
export const STYLE = {
  margin: 56,
  text: 10.5,
  lineGap: 2.5,
  ink: "#1f2933",
  muted: "#66737f",
  rule: "#d3dae0",
  stripe: "#f4f7f9",
  accent: "#1f5f8b",
  series: ["#1f5f8b", "#d9822b", "#2f8f5b", "#a23b72", "#6b5b95", "#8a8d29"],
} as const;

export type Pdf = PDFKit.PDFDocument;

/** An empty document whose bytes depend on nothing but its content: no dates, no random ID. */
export function newPdf(title: string, size: "A4" | "LETTER"): Pdf {
  return new PDFDocument({
    size,
    margins: { top: STYLE.margin, bottom: STYLE.margin + 12, left: STYLE.margin, right: STYLE.margin },
    bufferPages: true,
    info: { Title: printable(title), Producer: "autoscaling-job-queues", CreationDate: new Date(0) },
  });
}

/** Width between the margins. */
export function contentWidth(pdf: Pdf): number {
  return pdf.page.width - pdf.page.margins.left - pdf.page.margins.right;
}

/** Starts a new page unless `height` fits on this one. @returns whether it did. */
export function ensureRoom(pdf: Pdf, height: number): boolean {
  if (pdf.y + height <= pdf.page.height - pdf.page.margins.bottom) return false;
  pdf.addPage();
  return true;
}

/** Writes "title … page of pages" at the foot of each page. */
export function numberPages(pdf: Pdf, title: string): number {
  const { start, count } = pdf.bufferedPageRange();
  for (let index = 0; index < count; index += 1) {
    pdf.switchToPage(start + index);
    const { margins, height } = pdf.page;
    const y = height - STYLE.margin + 8;
    const bottom = margins.bottom;
    // Text below the bottom margin would start another page.
    margins.bottom = 0;
    pdf.font("Helvetica").fontSize(8).fillColor(STYLE.muted);
    pdf.text(printable(title), margins.left, y, {
      width: contentWidth(pdf) * 0.75,
      height: 10,
      ellipsis: true,
      lineBreak: false,
    });
    pdf.text(`${index + 1} / ${count}`, margins.left, y, { width: contentWidth(pdf), align: "right", lineBreak: false });
    margins.bottom = bottom;
  }
  return count;
}

/** Ends the document. @returns its bytes. */
export async function pdfBytes(pdf: Pdf): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const ended = Promise.withResolvers<void>();
  pdf.on("data", (chunk: Buffer) => chunks.push(chunk));
  pdf.on("end", ended.resolve);
  pdf.on("error", ended.reject);
  pdf.end();
  await ended.promise;
  return Buffer.concat(chunks);
}
