import type { Token } from "markdown-it";
import type { Span, TextStyle } from "./content.ts";
import { STYLE } from "./style.ts";

/** Links of a PDF lead somewhere only where they say where. */
const ABSOLUTE = /^(?:https?|mailto|tel):/i;

const STYLES: Readonly<Record<string, (token: Token, outer: TextStyle) => TextStyle>> = {
  strong_open: () => ({ bold: true }),
  em_open: () => ({ italics: true }),
  s_open: (_, { decoration = [] }) => ({ decoration: [...decoration, "lineThrough"] }),
  link_open: (token, { decoration = [] }) => {
    const href = String(token.attrGet("href") ?? "");
    const style: TextStyle = { color: STYLE.accent, decoration: [...decoration, "underline"] };
    return ABSOLUTE.test(href) ? { ...style, link: href } : {};
  },
};

const LEAVES: Readonly<Record<string, (token: Token) => Span>> = {
  text: ({ content }) => ({ text: content }),
  softbreak: () => ({ text: " " }),
  hardbreak: () => ({ text: "\n" }),
  code_inline: ({ content }) => ({ text: content, font: "Mono", background: STYLE.stripe }),
  // Nothing is fetched: an image is its description, or its address where it has none.
  image: (token) => {
    const description = spans(token.children ?? [])
      .map(({ text }) => text)
      .join("");
    return { text: description || String(token.attrGet("src") ?? ""), italics: true, color: STYLE.muted };
  },
};

/** The inline content of a block, as pdfmake takes it. */
export function spans(tokens: readonly Token[]): Span[] {
  const styles: TextStyle[] = [{}];
  const result: Span[] = [];
  for (const token of tokens) {
    const style = styles.at(-1) ?? {};
    if (token.nesting === 1) styles.push({ ...style, ...STYLES[token.type]?.(token, style) });
    else if (token.nesting === -1) styles.pop();
    else {
      const leaf = LEAVES[token.type]?.(token);
      if (leaf !== undefined && leaf.text !== "") result.push({ ...style, ...leaf });
    }
  }
  return result;
}
