import type { LayoutNode, Line, ListNode, TableNode, TextNode } from "pdfmake/js/LayoutBuilder.js";
import type { Inline } from "pdfmake/js/TextInlines.js";
import { asSeen } from "./bidi.ts";
import { setColumnWidths } from "./column-widths.ts";
import { LayoutBuilder, TableProcessor } from "./pdfmake.ts";
import type { ScriptInlines } from "./text-inlines.ts";

/** Inlines that pdfmake gets at a time: it copies all that follow for each one. No line holds as many. */
const WINDOW = 400;
/** A row that may be taller than this part of the paper goes on across pages; others move to the next page as a whole. */
const WHOLE_ROW_SHARE = 0.4;
/** Points below which a row that goes on does not begin: the first lines of its cells would not all fit. */
const FIRST_LINES = 40;

/** pdfmake's layout, with lines in the order in which they are read, and table rows that stay whole where they can. */
export class DocumentLayout extends LayoutBuilder {
  readonly inlines: ScriptInlines;

  constructor(pageSize: object, margins: object, svgMeasure: object, inlines: ScriptInlines) {
    super(pageSize, margins, svgMeasure);
    this.inlines = inlines;
  }

  override tryLayoutDocument(...definition: unknown[]): unknown {
    this.docMeasure.textInlines = this.inlines;
    return super.tryLayoutDocument(...definition);
  }

  override buildNextLine(node: TextNode): Line | null {
    if (node.rest === undefined) {
      node.rest = node._inlines.reverse();
      node._inlines = [];
    }
    while (node._inlines.length < WINDOW && node.rest.length > 0) node._inlines.push(node.rest.pop() as Inline);
    const line = super.buildNextLine(node);
    if (line === null) return null;
    if (node._inlines.length > 0) this.#hyphenate(line);
    const [last] = line.inlines.slice(-1);
    if (line.inlines.every(({ level }) => level === 0)) return line;
    // The blanks at the end of a line hang over its edge: the left one, where it is read from the right.
    let x = (last?.baseLevel ?? 0) % 2 === 1 ? -(last?.trailingCut ?? 0) : -line.leadingCut;
    line.inlines = asSeen(line.inlines);
    for (const inline of line.inlines) {
      inline.x = x;
      x += inline.width;
    }
    return line;
  }

  #hyphenate(line: Line): void {
    const last = line.inlines.at(-1);
    if (last?.hyphen !== true) return;
    last.text = last.level === 1 ? `-${last.text}` : `${last.text}-`;
    last.width = this.inlines.widthOfText(last.text, last);
  }

  override processNode(node: LayoutNode, inCell?: boolean): void {
    if (node.room !== undefined && this.#room().availableHeight < node.room) this.writer.moveToNextPage();
    super.processNode(node, inCell);
  }

  /** Like pdfmake's, with each mark beside its item; pdfmake puts it before the first line, which may be that of a table or of another list. */
  override processList(ordered: boolean, node: ListNode): void {
    this.writer.setMaxListeners(0);
    const left = this.#left() + node._gapSize.width;
    for (const item of node.ol ?? node.ul ?? []) {
      const move = (): void => {
        item.listMarker._minWidth += this.#left() - left;
      };
      this.writer.once("lineAdded", move);
      super.processList(ordered, { ...node, [ordered ? "ol" : "ul"]: [item] });
      this.writer.removeListener("lineAdded", move);
    }
  }

  /** Like pdfmake's, for tables without spans; it decides for each row whether it stays whole. */
  override processTable(node: TableNode): void {
    // Each table within another one listens for the page to change.
    this.writer.setMaxListeners(0);
    this.nestedLevel += 1;
    const { table, _offsets: offsets } = node;
    setColumnWidths(table, this.writer.context().availableWidth - offsets.total);
    const highest = WHOLE_ROW_SHARE * this.#room().pageHeight;
    const staysWhole = (row: number): boolean => heightBound(table.body[row] ?? [], table.widths) <= highest;
    const header = table.headerRows === 1 && staysWhole(0);
    table.headerRows = header ? 1 : 0;
    table.dontBreakRows = header;
    const processor = new TableProcessor(node);
    processor.beginTable(this.writer);
    if (header && staysWhole(1)) processor.rowsWithoutPageBreak = 2;
    for (const [rowIndex, cells] of table.body.entries()) {
      if (rowIndex > 0) processor.dontBreakRows = header && staysWhole(rowIndex);
      if (!processor.dontBreakRows && this.#room().availableHeight < FIRST_LINES) this.writer.moveToNextPage();
      processor.beginRow(rowIndex, this.writer);
      const { pageBreaks } = this.processRow({
        dontBreakRows: processor.dontBreakRows,
        rowsWithoutPageBreak: processor.rowsWithoutPageBreak,
        cells,
        widths: table.widths,
        gaps: offsets.offsets,
        tableBody: table.body,
        tableNode: node,
        rowIndex,
      });
      processor.endRow(rowIndex, this.writer, pageBreaks);
    }
    processor.endTable(this.writer);
    this.nestedLevel -= 1;
    if (this.nestedLevel === 0) this.writer.context().resetMarginXTopParent();
  }

  /** Where content begins, on the page: within a block that stays whole, pdfmake counts from the block. */
  #left(): number {
    const { transactionLevel, originalX } = this.writer;
    return this.writer.context().x + (transactionLevel > 0 ? originalX : 0);
  }

  #room(): { availableHeight: number; pageHeight: number } {
    const context = this.writer.context();
    return { availableHeight: context.availableHeight, pageHeight: context.getCurrentPage().pageSize.height };
  }
}

/** At least the height of the tallest cell, in points: two lines that follow each other are wider than the column. */
function heightBound(cells: readonly TextNode[], widths: TableNode["table"]["widths"]): number {
  const heights = cells.map(({ _inlines: inlines = [] }, column) => {
    const width = inlines.reduce((sum, inline) => sum + inline.width, 0);
    const ends = inlines.filter(({ lineEnd }) => lineEnd).length;
    const height = inlines.reduce((highest, inline) => Math.max(highest, inline.height), 0);
    return ((2 * width) / (widths[column]?._calcWidth ?? 1) + ends + 1) * height;
  });
  return Math.max(...heights);
}
