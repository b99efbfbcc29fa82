/** The parts of pdfmake that layout.ts and text-inlines.ts build on; @types/pdfmake knows its public face only. */
declare module "pdfmake/js/TextInlines.js" {
  export interface Inline {
    text: string;
    width: number;
    height: number;
    x: number;
    font: unknown;
    fontSize: number;
    leadingCut: number;
    trailingCut: number;
    alignment?: string;
    lineEnd?: boolean;
    /** No line may end after it. */
    noNewLine?: boolean;
    noWrap?: boolean;
    /** Ours: its line reads upwards. */
    upwards?: boolean;
    /** Ours: what it says, where that cannot be told from how it is drawn. */
    actual?: string;
    /** Ours: the name of its font. */
    family?: string;
    /** Ours: its embedding level, and that of its paragraph; odd ones run from right to left. */
    level?: number;
    baseLevel?: number;
    /** Ours: it ends in a soft hyphen. */
    hyphen?: boolean;
  }
  export interface MeasuredText {
    items: Inline[];
    minWidth: number;
    maxWidth: number;
  }
  class TextInlines {
    constructor(pdf: unknown);
    pdfDocument: { provideFont(family: string, bold: boolean, italics: boolean): Font };
    buildInlines(text: unknown, styles: unknown): MeasuredText;
    measure(items: Inline[], styles: unknown): Inline[];
    widthOfText(text: string, inline: Inline): number;
  }
  interface Font {
    font: { hasGlyphForCodePoint(codePoint: number): boolean };
    lineHeight(size: number): number;
  }
  const module: { default: typeof TextInlines };
  export default module;
}

declare module "pdfmake/js/StyleContextStack.js" {
  class StyleContextStack {
    constructor(styles: object, defaults: object);
    static getStyleProperty<Value>(item: object, styles: unknown, name: string, fallback: Value): Value;
  }
  const module: { default: typeof StyleContextStack };
  export default module;
}

declare module "pdfmake/js/LayoutBuilder.js" {
  import type { Inline } from "pdfmake/js/TextInlines.js";
  export interface Line {
    inlines: Inline[];
    leadingCut: number;
    getHeight(): number;
    getAscenderHeight(): number;
  }
  export interface LayoutNode {
    /** Ours: points that must be left on the page; else it begins on the next. */
    room?: number;
  }
  export interface TextNode {
    _inlines: Inline[];
    _minWidth: number;
    /** Ours: the inlines that come later, the last one first. */
    rest?: Inline[];
  }
  export interface ColumnWidth {
    _minWidth: number;
    _maxWidth: number;
    _calcWidth: number;
    /** Ours: its words break after those of others. */
    whole?: boolean;
  }
  export interface TableNode {
    table: {
      body: TextNode[][];
      widths: ColumnWidth[];
      headerRows?: number;
      dontBreakRows?: boolean;
    };
    _offsets: { total: number; offsets: number[] };
    positions: unknown[];
  }
  export interface ListNode {
    ol?: ListItem[];
    ul?: ListItem[];
    _gapSize: { width: number };
  }
  interface ListItem {
    listMarker: { _minWidth: number };
  }
  export interface Page {
    items: unknown[];
  }
  class LayoutBuilder {
    constructor(pageSize: object, margins: object, svgMeasure: object);
    docMeasure: { textInlines: unknown };
    nestedLevel: number;
    writer: {
      context(): {
        x: number;
        availableWidth: number;
        availableHeight: number;
        getCurrentPage(): { pageSize: { height: number } };
        resetMarginXTopParent(): void;
      };
      moveToNextPage(): void;
      setMaxListeners(count: number): void;
      once(event: "lineAdded", listener: () => void): void;
      removeListener(event: "lineAdded", listener: () => void): void;
      /** More than 0 within a block that stays whole, which begins at `originalX`. */
      transactionLevel: number;
      originalX: number;
    };
    registerTableLayouts(layouts: object): void;
    layoutDocument(...definition: unknown[]): Page[];
    tryLayoutDocument(...definition: unknown[]): unknown;
    buildNextLine(node: TextNode): Line | null;
    processNode(node: LayoutNode, inCell?: boolean): void;
    processList(ordered: boolean, node: ListNode): void;
    processTable(node: TableNode): void;
    processRow(row: object): { pageBreaks: unknown[] };
  }
  const module: { default: typeof LayoutBuilder };
  export default module;
}

declare module "pdfmake/js/TableProcessor.js" {
  class TableProcessor {
    constructor(table: object);
    dontBreakRows: boolean;
    rowsWithoutPageBreak: number;
    beginTable(writer: object): void;
    beginRow(row: number, writer: object): void;
    endRow(row: number, writer: object, pageBreaks: unknown[]): void;
    endTable(writer: object): void;
  }
  const module: { default: typeof TableProcessor };
  export default module;
}

declare module "pdfmake/js/Renderer.js" {
  import type { Line } from "pdfmake/js/LayoutBuilder.js";

  class Renderer<Document> {
    constructor(pdf: Document);
    pdfDocument: Document;
    renderPages(pages: object[]): void;
    renderLine(line: Line, x: number, y: number): void;
  }
  const module: { default: typeof Renderer };
  export default module;
}

declare module "pdfmake/js/PDFDocument.js" {
  import { Readable } from "node:stream";

  interface EmbeddedFont {
    /** The characters of each glyph. */
    unicode: (number[] | undefined)[];
  }
  class PDFDocument extends Readable {
    constructor(fonts: object, images: object, patterns: object, attachments: object, options: object);
    save(): this;
    rotate(degrees: number, options: { origin: [number, number] }): this;
    restore(): this;
    addContent(operators: string): this;
    markContent(tag: string, options: { actual: string }): this;
    endMarkedContent(): this;
    _font: EmbeddedFont;
    _fontFamilies: Readonly<Record<string, Partial<EmbeddedFont>>>;
    end(): void;
  }
  const module: { default: typeof PDFDocument };
  export default module;
}

declare module "pdfmake/js/SVGMeasure.js" {
  const module: { default: new () => object };
  export default module;
}

declare module "pdfmake/js/columnCalculator.js" {
  import type { ColumnWidth } from "pdfmake/js/LayoutBuilder.js";

  const module: { default: { buildColumnWidths(columns: readonly ColumnWidth[], available: number): void } };
  export default module;
}
