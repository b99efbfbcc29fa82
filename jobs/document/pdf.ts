import { buffer } from "node:stream/consumers";
import { graphemes } from "./break-words.ts";
import type { Content } from "./content.ts";
import { FONTS } from "./fonts.ts";
import { DocumentLayout } from "./layout.ts";
import { StyleContextStack, SVGMeasure } from "./pdfmake.ts";
import { STYLE, STYLES } from "./style.ts";
import { ScriptInlines } from "./text-inlines.ts";
import { TextDocument, TextRenderer } from "./text-renderer.ts";

/** Points, as ISO 216 and ANSI have them. */
const PAGES = { A4: { width: 595.28, height: 841.89 }, LETTER: { width: 612, height: 792 } } as const;
const MARGINS = { left: STYLE.margin, right: STYLE.margin, top: STYLE.margin, bottom: STYLE.margin + 12 } as const;
const DEFAULTS = { font: "Sans", fontSize: STYLE.text, color: STYLE.ink };
/** Letters of the title at the foot of each page. */
const FOOT_TITLE = 80;

export interface PdfSettings {
  readonly title: string;
  readonly pageSize: keyof typeof PAGES;
  /** All that will be set: it tells which language is meant by characters that several share. */
  readonly text: string;
}

/** A PDF in the making; its bytes depend on nothing but its content: no dates, no random ID. */
export class Pdf {
  readonly #settings: PdfSettings;
  readonly #file: TextDocument;
  readonly #inlines: ScriptInlines;

  constructor(settings: PdfSettings) {
    this.#settings = settings;
    const { title, pageSize, text } = settings;
    const { width, height } = PAGES[pageSize];
    const info = { Title: title, Producer: "autoscaling-job-queues", CreationDate: new Date(0) };
    this.#file = new TextDocument(FONTS, {}, {}, {}, { size: [width, height], autoFirstPage: false, font: null, info });
    this.#inlines = new ScriptInlines(this.#file, text);
  }

  /** Points between the margins. */
  get width(): number {
    return PAGES[this.#settings.pageSize].width - MARGINS.left - MARGINS.right;
  }

  /** Characters that no font of the job has, in the order of their codes. */
  get missingGlyphs(): string[] {
    const codes = Array.from(this.#inlines.missing, (character) => character.codePointAt(0) ?? 0).sort((a, b) => a - b);
    return codes.map((code) => `U+${code.toString(16).toUpperCase().padStart(4, "0")}`);
  }

  /** @returns the width of a text in points, on one line. */
  widthOf(text: string, fontSize: number): number {
    return this.#inlines.buildInlines({ text, fontSize }, new StyleContextStack({}, DEFAULTS)).maxWidth;
  }

  /** Lays the content out and draws it. @returns the file, and how many pages it has. */
  async write(content: Content): Promise<{ bytes: Buffer; pages: number }> {
    const layout = new DocumentLayout({ ...PAGES[this.#settings.pageSize] }, MARGINS, new SVGMeasure(), this.#inlines);
    const pages = layout.layoutDocument(content, this.#file, STYLES, DEFAULTS, undefined, undefined, this.#foot);
    new TextRenderer(this.#file).renderPages(pages);
    this.#file.end();
    return { bytes: await buffer(this.#file), pages: pages.length };
  }

  readonly #foot = (page: number, pages: number): Content => {
    // On one line, and no letter is cut in two.
    const letters = Array.from(graphemes.segment(this.#settings.title.replace(/\s+/g, " ")), ({ segment }) => segment);
    const short = letters.length > FOOT_TITLE ? `${letters.slice(0, FOOT_TITLE - 1).join("")}…` : letters.join("");
    return {
      margin: [MARGINS.left, 20, MARGINS.right, 0],
      fontSize: 8,
      color: STYLE.muted,
      columns: [{ text: short }, { text: `${page} / ${pages}`, alignment: "right", width: "auto" }],
    };
  };
}
