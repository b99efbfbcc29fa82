import type { Block, Span } from "./markdown.ts";
import { contentWidth, ensureRoom, type Pdf, STYLE } from "./page.ts";
import { printable } from "./printable.ts";

const HEADING_SIZES = [18, 14.5, 12.5, 11.5, 11, 10.5] as const;
const INDENT = 18;

/** The document's title, with a line under it. */
export function writeTitle(pdf: Pdf, title: string): void {
  pdf.font("Helvetica-Bold").fontSize(23).fillColor(STYLE.ink).text(printable(title), { lineGap: 3 });
  const y = pdf.y + 5;
  pdf
    .moveTo(pdf.page.margins.left, y)
    .lineTo(pdf.page.margins.left + contentWidth(pdf), y)
    .lineWidth(1.4)
    .strokeColor(STYLE.accent)
    .stroke();
  pdf.y = y + 16;
}

/** Writes one block of Markdown at the current place. */
export function writeBlock(pdf: Pdf, block: Block): void {
  const { left } = pdf.page.margins;
  pdf.x = left;
  switch (block.kind) {
    case "heading": {
      const size = HEADING_SIZES[block.level - 1] ?? STYLE.text;
      ensureRoom(pdf, size * 3.5);
      pdf.y += pdf.y > pdf.page.margins.top + 1 ? size * 0.45 : 0;
      writeSpans(
        pdf,
        block.spans.map((span) => ({ ...span, bold: true })),
        { size, width: contentWidth(pdf) },
      );
      pdf.y += size * 0.3;
      return;
    }
    case "paragraph":
      writeSpans(pdf, block.spans, { width: contentWidth(pdf) });
      pdf.y += 7;
      return;
    case "quote": {
      pdf.y += 4;
      const top = pdf.y;
      const page = pdf.page;
      pdf.x = left + INDENT;
      writeSpans(
        pdf,
        block.spans.map((span) => ({ ...span, italic: true })),
        { width: contentWidth(pdf) - INDENT, colour: STYLE.muted },
      );
      if (pdf.page === page) pdf.rect(left + 4, top, 2.5, pdf.y - top - STYLE.lineGap).fill(STYLE.accent);
      pdf.y += 8;
      return;
    }
    case "item": {
      const x = left + INDENT * (block.depth + 1);
      ensureRoom(pdf, STYLE.text * 1.6);
      const { y } = pdf;
      pdf.font("Helvetica").fontSize(STYLE.text).fillColor(STYLE.accent);
      pdf.text(block.marker, x - INDENT, y, { width: INDENT - 6, align: "right", lineBreak: false });
      pdf.x = x;
      pdf.y = y;
      writeSpans(pdf, block.spans, { width: contentWidth(pdf) - INDENT * (block.depth + 1) });
      pdf.y += 3;
      return;
    }
    case "code":
      writeCode(pdf, block.text);
      return;
    case "rule":
      ensureRoom(pdf, 16);
      pdf
        .moveTo(left, pdf.y + 4)
        .lineTo(left + contentWidth(pdf), pdf.y + 4)
        .lineWidth(0.7)
        .strokeColor(STYLE.rule)
        .stroke();
      pdf.y += 14;
  }
}

function writeSpans(
  pdf: Pdf,
  spans: readonly Span[],
  { size = STYLE.text, width, colour = STYLE.ink }: { size?: number; width: number; colour?: string },
): void {
  for (const [index, span] of spans.entries()) {
    pdf
      .font(fontOf(span))
      .fontSize(span.code ? size * 0.93 : size)
      .fillColor(span.code ? STYLE.accent : colour);
    pdf.text(printable(span.text), { width, lineGap: STYLE.lineGap, continued: index < spans.length - 1 });
  }
}

/** Code keeps its lines; a long block goes on to the next page line by line. */
function writeCode(pdf: Pdf, text: string): void {
  const { left } = pdf.page.margins;
  const width = contentWidth(pdf);
  pdf.font("Courier").fontSize(9);
  for (const line of printable(text).split("\n")) {
    const content = line === "" ? " " : line;
    const height = pdf.heightOfString(content, { width: width - 20 }) + 3;
    ensureRoom(pdf, height);
    const { y } = pdf;
    pdf.rect(left, y, width, height).fill(STYLE.stripe);
    pdf.fillColor(STYLE.ink).text(content, left + 10, y + 2, { width: width - 20 });
    pdf.y = y + height;
  }
  pdf.x = left;
  pdf.y += 8;
}

function fontOf({ bold, italic, code }: Span): string {
  if (code) return bold ? "Courier-Bold" : "Courier";
  if (bold) return italic ? "Helvetica-BoldOblique" : "Helvetica-Bold";
  return italic ? "Helvetica-Oblique" : "Helvetica";
}
