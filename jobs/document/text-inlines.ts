import type { Inline, MeasuredText } from "pdfmake/js/TextInlines.js";
import { bidi } from "./bidi.ts";
import { graphemes, wordParts } from "./break-words.ts";
import { type FontName, fallbackFonts } from "./fonts.ts";
import { StyleContextStack, TextInlines } from "./pdfmake.ts";

const { getStyleProperty } = StyleContextStack;

/** What "Sans" and "Mono" have: nothing to look up. */
const LATIN = /^[\x20-\x7e\xa0-\xac\xae-\u017f]*$/;
/** Texts that may need another order: right-to-left letters, and the marks that embed them. */
const NEEDS_ORDER = /[\p{Script=Hebrew}\p{Script=Arabic}\u200F\u202B\u202E\u2067]/u;
/** The letters for which fontkit, which draws the text, turns a run around. */
const TURNED = /[\p{Script=Hebrew}\p{Script=Arabic}]/u;
/** Texts whose glyphs do not follow each other as their characters do. */
const COMPLEX = /\p{M}|\u0E33|\u0EB3|\u200D|\p{Emoji_Modifier}/u;
const EMOJI = /\p{Emoji_Presentation}|\uFE0F|\u200D\p{Extended_Pictographic}/u;
/** Characters that are not drawn; a font may lack them. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\r\n\u2028\u2029]/u;
const SIGNS: ReadonlySet<string> = new Set<FontName>(["Math", "Symbols", "Emoji"]);
const JOINER = /\u200C|\u200D/;
const SLICE = 500;
const REPLACEMENT = "\uFFFD";

interface Run {
  text: string;
  actual?: string;
  readonly font: FontName;
  readonly level: number;
}

/** What is the same for all words of a paragraph. */
interface Paragraph {
  readonly own: FontName;
  readonly bold: boolean;
  readonly italics: boolean;
  readonly fallbacks: readonly FontName[];
}

/** pdfmake's measure of a text, for any script: each run in a font that has it, and told which way it runs. */
export class ScriptInlines extends TextInlines {
  /** Characters that no font has. */
  readonly missing = new Set<string>();
  readonly #document: readonly FontName[];

  /** @param document the whole text: it tells which language is meant where a paragraph does not. */
  constructor(pdf: unknown, document: string) {
    super(pdf);
    this.#document = fallbackFonts(document);
  }

  override buildInlines(text: unknown, styles: unknown): MeasuredText {
    const slices = Array.isArray(text) ? slicesOf(text) : [text];
    const measured = slices.map((slice) => super.buildInlines(slice, styles));
    const items = measured.flatMap((part) => part.items);
    const result = { items, minWidth: 0, maxWidth: Math.max(...measured.map(({ maxWidth }) => maxWidth)) };
    // The runs of a word stay together, so the narrowest that the text can get is its widest word.
    let width = 0;
    for (const inline of result.items) {
      width += inline.width - (inline.noNewLine ? 0 : inline.trailingCut);
      result.minWidth = Math.max(result.minWidth, width);
      if (!inline.noNewLine) width = 0;
    }
    return result;
  }

  override measure(words: Inline[], styles: unknown): Inline[] {
    const items = words.map((item) => ({ ...item, text: item.text.replaceAll("\t", "    ") }));
    const paragraph = items.map(({ text, lineEnd }) => (lineEnd ? `${text}\n` : text)).join("");
    const order = NEEDS_ORDER.test(paragraph) ? bidi.getEmbeddingLevels(paragraph) : undefined;
    const baseLevel = order?.paragraphs[0]?.level ?? 0;
    const ofParagraph = fallbackFonts(paragraph);
    const fallbacks = ofParagraph[4] === "Chinese" ? this.#document : ofParagraph;
    let at = 0;
    const inlines = items.flatMap((item) => {
      const context = {
        own: getStyleProperty<FontName>(item, styles, "font", "Sans"),
        bold: getStyleProperty(item, styles, "bold", false),
        italics: getStyleProperty(item, styles, "italics", false),
        fallbacks,
      };
      const parts = wordParts(item.text).map((pieces) => {
        const runs = pieces.flatMap((text) => {
          at += text.length;
          return this.#runs(text, order?.levels.subarray(at - text.length, at), context);
        });
        return { runs, hyphen: pieces.at(-1)?.endsWith("\u00AD") ?? false };
      });
      if (item.lineEnd) at += 1;
      return parts.flatMap(({ runs, hyphen }, part) =>
        runs.map((run, place): Inline => {
          const endsPart = place === runs.length - 1;
          const ends = endsPart && part === parts.length - 1;
          return {
            ...item,
            ...run,
            family: run.font,
            baseLevel,
            hyphen: hyphen && endsPart,
            lineEnd: ends && item.lineEnd === true,
            noNewLine: ends ? item.noNewLine === true : !endsPart,
          };
        }),
      );
    });
    super.measure(inlines, styles);
    for (const inline of inlines) {
      // A sign in a line of text makes no room around it.
      if (SIGNS.has(inline.family ?? ""))
        inline.height = this.pdfDocument.provideFont("Sans", false, false).lineHeight(inline.fontSize);
    }
    // A paragraph that begins in a right-to-left script stands to the right.
    const aligned = items.some((item) => getStyleProperty(item, styles, "alignment", undefined) !== undefined);
    if (baseLevel % 2 === 1 && !aligned) for (const inline of inlines) inline.alignment = "right";
    return inlines;
  }

  /** Splits a text where its font or its direction changes. */
  #runs(text: string, levels: Uint8Array | undefined, paragraph: Paragraph): Run[] {
    const level = levels?.[0] ?? 0;
    if (LATIN.test(text) && (levels === undefined || levels.every((other) => other === level))) {
      return [asDrawn({ text, font: paragraph.own, level })];
    }
    const runs: Run[] = [];
    for (const { segment, index } of graphemes.segment(text)) {
      for (const drawn of this.#drawn(segment, paragraph)) {
        const next = { ...drawn, level: levels?.[index] ?? 0 };
        const last = runs.at(-1);
        if (last?.font === next.font && last.level === next.level) last.text += next.text;
        else runs.push(next);
      }
    }
    return runs.length === 0 ? [{ text: "", font: paragraph.own, level }] : runs.map(asDrawn);
  }

  /** What is drawn of a grapheme: by the first font that has all of it, else each of its characters by the first that has it. */
  #drawn(grapheme: string, { own, bold, italics, fallbacks }: Paragraph): { text: string; font: FontName }[] {
    const has = (font: FontName, character: string): boolean =>
      this.pdfDocument.provideFont(font, bold, italics).font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0);
    const characters = Array.from(grapheme);
    const visible = characters.filter((character) => !INVISIBLE.test(character));
    if (visible.length === 0) return [];
    const fonts: readonly FontName[] = EMOJI.test(grapheme) ? ["Emoji", own, ...fallbacks] : [own, ...fallbacks];
    const whole = fonts.find((font) => visible.every((character) => has(font, character)));
    // Joiners choose a shape in any font, variation selectors where the font knows them.
    if (whole !== undefined)
      return [{ text: characters.filter((character) => JOINER.test(character) || has(whole, character)).join(""), font: whole }];
    return visible.map((text) => {
      const font = fonts.find((candidate) => has(candidate, text));
      if (font !== undefined) return { text, font };
      this.missing.add(text);
      return { text: REPLACEMENT, font: "Sans" };
    });
  }
}

/** pdfmake takes the square of a text's pieces to put them in a row. */
function slicesOf(pieces: readonly unknown[]): unknown[][] {
  return Array.from({ length: Math.ceil(pieces.length / SLICE) || 1 }, (_, index) =>
    pieces.slice(index * SLICE, (index + 1) * SLICE),
  );
}

/** A run as fontkit wants it: brackets mirrored, and turned around wherever fontkit would not do what its level says. */
function asDrawn(run: Run): Run {
  const rightToLeft = run.level % 2 === 1;
  if (!rightToLeft && !TURNED.test(run.text)) return COMPLEX.test(run.text.normalize("NFD")) ? { ...run, actual: run.text } : run;
  const mirrored = Array.from(graphemes.segment(run.text), ({ segment }) =>
    rightToLeft ? (bidi.getMirroredCharacter(segment) ?? segment) : segment,
  );
  return { ...run, text: (rightToLeft === TURNED.test(run.text) ? mirrored : mirrored.reverse()).join("") };
}
