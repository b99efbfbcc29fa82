/** A piece of text in one style. */
export interface Span {
  readonly text: string;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly code: boolean;
}

export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly spans: readonly Span[] }
  | { readonly kind: "paragraph" | "quote"; readonly spans: readonly Span[] }
  | { readonly kind: "item"; readonly marker: string; readonly depth: number; readonly spans: readonly Span[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "rule" };

const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const QUOTE = /^>\s?(.*)$/;
const RULE = /^(?:-{3,}|\*{3,}|_{3,})$/;
const FENCE = /^(?:```|~~~)/;
const STYLES =
  /(\*\*\*|___)(?=\S)(.+?)(?<=\S)\1|(\*\*|__)(?=\S)(.+?)(?<=\S)\3(?!\*)|(\*|_)(?=\S)(.+?)(?<=\S)\5|`([^`]+)`|\[([^\]]*)\]\([^)\s]*\)/;

/** Parses the Markdown that reports are written in; what it does not know stays as it was written. */
export function parseMarkdown(markdown: string): Block[] {
  const lines = markdown.replace(/\r\n?/g, "\n").split("\n");
  const blocks: Block[] = [];
  let open: { kind: "paragraph" | "quote"; lines: string[] } | undefined;
  const close = (): void => {
    if (open !== undefined) blocks.push({ kind: open.kind, spans: parseSpans(open.lines.join(" ")) });
    open = undefined;
  };
  const extend = (kind: "paragraph" | "quote", line: string): void => {
    if (open?.kind !== kind) close();
    open ??= { kind, lines: [] };
    open.lines.push(line.trim());
  };

  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const heading = HEADING.exec(line);
    const item = ITEM.exec(line);
    const quote = QUOTE.exec(line);
    if (FENCE.test(line)) {
      close();
      const end = lines.findIndex((candidate, at) => at > index && FENCE.test(candidate));
      const last = end === -1 ? lines.length : end;
      blocks.push({ kind: "code", text: lines.slice(index + 1, last).join("\n") });
      index = last;
    } else if (line.trim() === "") {
      close();
    } else if (heading !== null) {
      close();
      blocks.push({ kind: "heading", level: heading[1]?.length ?? 1, spans: parseSpans(heading[2] ?? "") });
    } else if (RULE.test(line.trim())) {
      close();
      blocks.push({ kind: "rule" });
    } else if (item !== null) {
      close();
      const [, indent = "", marker = "", text = ""] = item;
      blocks.push({
        kind: "item",
        marker: /\d/.test(marker) ? marker : "•",
        depth: Math.min(3, Math.floor(indent.length / 2)),
        spans: parseSpans(text),
      });
    } else if (quote !== null) {
      extend("quote", quote[1] ?? "");
    } else {
      extend("paragraph", line);
    }
  }
  close();
  return blocks;
}

/** Splits a text into its styles; they may be nested. */
export function parseSpans(text: string, style: Omit<Span, "text"> = { bold: false, italic: false, code: false }): Span[] {
  const spans: Span[] = [];
  let rest = text;
  for (let match = STYLES.exec(rest); match !== null; match = STYLES.exec(rest)) {
    const [whole, , both, , bold, , italic, code, link] = match;
    if (match.index > 0) spans.push({ text: rest.slice(0, match.index), ...style });
    const inner =
      code === undefined
        ? parseSpans(both ?? bold ?? italic ?? link ?? "", {
            ...style,
            bold: style.bold || both !== undefined || bold !== undefined,
            italic: style.italic || both !== undefined || italic !== undefined,
          })
        : [{ ...style, text: code, code: true }];
    for (const span of inner) spans.push(span);
    rest = rest.slice(match.index + whole.length);
  }
  if (rest !== "") spans.push({ text: rest, ...style });
  return spans;
}
