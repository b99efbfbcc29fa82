import type { Line } from "pdfmake/js/LayoutBuilder.js";
import { PDFDocument, Renderer } from "./pdfmake.ts";

/** What a glyph says that is only ever a part of a letter. */
const ZERO_WIDTH_SPACE = 0x200b;

/** pdfmake's file, with what a text says beside its glyphs, for programs that read it. */
export class TextDocument extends PDFDocument {
  /** What the text says that is drawn next; undefined where its glyphs tell. */
  actual: string | undefined;

  override addContent(operators: string): this {
    // Inside of the text object: readers place what it says where its glyphs are.
    if (operators === "ET" && this.actual !== undefined) {
      this.endMarkedContent();
      // A glyph that is a part of a letter may be one of its own elsewhere.
      for (const [glyph, characters] of this._font.unicode.entries()) {
        if (characters?.length === 0) this._font.unicode[glyph] = undefined;
      }
    }
    super.addContent(operators);
    if (operators === "BT" && this.actual !== undefined) this.markContent("Span", { actual: this.actual });
    return this;
  }

  override end(): void {
    for (const { unicode = [] } of Object.values(this._fontFamilies)) {
      for (const [glyph, characters] of unicode.entries()) unicode[glyph] = characters?.length ? characters : [ZERO_WIDTH_SPACE];
    }
    super.end();
  }
}

/** pdfmake's drawing, which tells the file what the inlines say. */
export class TextRenderer extends Renderer<TextDocument> {
  override renderLine(line: Line, x: number, y: number): void {
    if (line.inlines[0]?.upwards === true) {
      this.pdfDocument.save().rotate(-90, { origin: [x, y] });
      this.#renderParts(line, x, y);
      this.pdfDocument.restore();
    } else this.#renderParts(line, x, y);
  }

  #renderParts(line: Line, x: number, y: number): void {
    if (line.inlines.every(({ actual }) => actual === undefined)) {
      super.renderLine(line, x, y);
      return;
    }
    const whole = { height: line.getHeight(), ascender: line.getAscenderHeight() };
    for (const inline of line.inlines) {
      this.pdfDocument.actual = inline.actual;
      // The same line with one inline on it, as high as it is with all.
      const part = { inlines: [inline], getHeight: () => whole.height, getAscenderHeight: () => whole.ascender };
      super.renderLine(Object.assign(Object.create(line), part), x, y);
    }
    this.pdfDocument.actual = undefined;
  }
}
