import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import MarkdownIt, { type Token } from "markdown-it";
import { bidi } from "./bidi.ts";
import type { Content, Node, Span } from "./content.ts";
import { wideTable } from "./data-table.ts";
import { MAX_CELLS, MAX_COLUMNS } from "./job-type.ts";
import { spans } from "./markdown-spans.ts";
import { CODE, QUOTE, QUOTE_FROM_RIGHT, RULE, TABLE } from "./style.ts";

/** Quotes within each other, or half as many lists: they count for themselves and for their items. Deeper, no word fits. */
const MAX_NESTING = 24;
const CONTAINERS: ReadonlySet<string> = new Set(["blockquote_open", "list_item_open"]);
/** Points without which a heading would stand alone at the end of a page. */
const HEADING_ROOM = 72;
/** Points of a digit in text, at least. */
const DIGIT = 6.1;
const CELLS: ReadonlySet<string> = new Set(["th_open", "td_open"]);
const LINE_BREAK = /<br\s*\/?>/gi;
const LINE_BREAK_HERE = new RegExp(LINE_BREAK, "iy");
const TASK = /^\[([ xX])\](?=\s)/;

/** CommonMark with GitHub's tables and strike-through. A tag within a text is text like any other. */
const parser = new MarkdownIt({ maxNesting: MAX_NESTING + 1, html: true }).disable("html_inline");
const paragraph = parser.block.ruler.getRules("").at(-1);
// CommonMark takes `[^1]: word` for a link's address, which a PDF would not show. As text, it is not lost.
parser.block.ruler.before(
  "reference",
  "note",
  (state, line, end, silent) =>
    state.src.startsWith("[^", (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0)) &&
    paragraph?.(state, line, end, silent) === true,
);
// Tables have no other way to break a line; an escaped one is text.
parser.inline.ruler.before("html_inline", "br", (state, silent) => {
  LINE_BREAK_HERE.lastIndex = state.pos;
  const [tag] = LINE_BREAK_HERE.exec(state.src) ?? [];
  if (tag === undefined) return false;
  if (!silent) state.push("hardbreak", "br", 0);
  state.pos += tag.length;
  return true;
});

type Build = (token: Token, children: Content[]) => Content;

const BLOCKS: Readonly<Record<string, Build>> = {
  inline: ({ children }) => ({ text: spans(children ?? []) }),
  paragraph: ({ hidden }, [text]) => ({ ...(text as Node), style: hidden ? "tight" : "paragraph" }),
  heading: ({ tag }, [text]) => ({ ...(text as Node), style: tag, room: HEADING_ROOM }),
  bullet_list: ({ level }, items) => list(items, level, { ul: items }, () => "•"),
  ordered_list: ({ attrs, markup, level }, items) => {
    const start = Number(attrs?.find(([name]) => name === "start")?.[1] ?? 1);
    return list(items, level, { ol: items, start, separator: markup }, (item) => `${start + item}${markup}`);
  },
  list_item: (_, children) => taskItem(children),
  blockquote: (_, children) => {
    const layout = isRightToLeft(children) ? QUOTE_FROM_RIGHT : QUOTE;
    return { layout, style: "quote", table: { widths: ["*"], body: [[{ stack: children }]] } };
  },
  fence: code,
  code_block: code,
  html_block: ({ content }) => ({
    text: content.trimEnd().replace(LINE_BREAK, "\n"),
    preserveLeadingSpaces: true,
    style: "paragraph",
  }),
  hr: () => ({ layout: RULE, style: "rule", table: { widths: ["*"], body: [[""]] } }),
  table: ({ level }, parts) => {
    const body = (parts as Content[][][]).flat();
    const widths = (body[0] ?? []).map(() => "auto");
    if (widths.length > MAX_COLUMNS) throw new PermanentError(`Markdown: more than ${MAX_COLUMNS} columns in a table`);
    const { fontSize, ...turned } = wideTable(widths.length);
    const small = fontSize === undefined ? {} : { fontSize };
    return { layout: TABLE, style: "table", table: { headerRows: 1, widths, body }, ...small, ...(level === 0 ? turned : {}) };
  },
  thead: (_, rows) => rows,
  tbody: (_, rows) => rows,
  tr: (_, cells) => cells,
  // In the colour of its row, whatever it is: that of links is the row's own.
  th: (token, [content]) => {
    const text = ((content as Node).text as Span[]).map(({ color, background, ...span }) => span);
    return { text, style: "head", alignment: alignment(token) };
  },
  td: (token, [text]) => ({ ...(text as Node), alignment: alignment(token) }),
};

/**
 * Reads Markdown, in time that grows with its length alone.
 *
 * @throws PermanentError when lists and quotes are nested deeper than 12 and 24, since nothing is left out silently, when its
 * tables have more cells than memory allows, or one has more columns than can be read.
 */
export function markdownContent(markdown: string): Content[] {
  let cells = 0;
  const open: { token: Token | undefined; children: Content[] }[] = [{ token: undefined, children: [] }];
  for (const token of parser.parse(markdown.replace(/^\ufeff/, ""), {})) {
    // The parser leaves out what is in it.
    if (CONTAINERS.has(token.type) && token.level >= MAX_NESTING) {
      throw new PermanentError(`Markdown: nested deeper than ${MAX_NESTING / 2} lists or ${MAX_NESTING} quotes`);
    }
    if (CELLS.has(token.type)) cells += 1;
    if (cells > MAX_CELLS) throw new PermanentError(`Markdown: more than ${MAX_CELLS} cells in tables`);
    if (token.nesting === 1) {
      open.push({ token, children: [] });
      continue;
    }
    const { token: start = token, children } = token.nesting === -1 ? (open.pop() ?? { children: [] }) : { children: [] };
    const build = BLOCKS[start.type.replace(/_open$/, "")];
    if (build !== undefined) open.at(-1)?.children.push(build(start, children));
  }
  return upright(open[0]?.children ?? []);
}

/** What follows a table on pages turned on their side stands on upright ones again. */
function upright(blocks: readonly Content[]): Content[] {
  const isTurned = (block: Content | undefined): boolean => (block as Node | undefined)?.pageOrientation !== undefined;
  return blocks.map((block, index) =>
    isTurned(blocks[index - 1]) && !isTurned(block)
      ? { stack: [block], pageBreak: "before", pageOrientation: "portrait" }
      : block,
  );
}

/** pdfmake's lists have their marks on the left; one that begins in a right-to-left script gets them on the right. */
function list(items: Content[], level: number, fromLeft: Node, mark: (item: number) => string): Content {
  const style = level === 0 ? "paragraph" : "tight";
  if (!isRightToLeft(items)) return { ...fromLeft, style };
  const markOf = (item: Content, index: number): string => ((item as Node).listType === "none" ? "" : mark(index));
  const width = Math.max(16, DIGIT * mark(items.length - 1).length);
  const columns = items.map((item, index) => ({ columns: [item, { text: markOf(item, index), width }], columnGap: 2 }));
  return { stack: columns, style };
}

/** Whether the first text in it, the first letter that has a direction, runs from right to left. */
function isRightToLeft([first]: readonly Content[]): boolean {
  const { stack, text = [] } = (first ?? {}) as Node;
  if (stack !== undefined) return isRightToLeft(stack);
  const letters = typeof text === "string" ? text : text.map((span) => span.text).join("");
  return bidi.getEmbeddingLevels(letters).paragraphs[0]?.level === 1;
}

function code({ content }: Token): Content {
  const text = { text: content.replace(/\n$/, ""), preserveLeadingSpaces: true };
  return { layout: CODE, style: "code", table: { widths: ["*"], body: [[text]] } };
}

/** An item that begins with `[ ]` or `[x]` has a box for its mark. */
function taskItem(children: Content[]): Content {
  const [first] = (children[0] as { text?: { text: string }[] } | undefined)?.text ?? [];
  const [mark, checked] = TASK.exec(first?.text ?? "") ?? [];
  if (first === undefined || mark === undefined) return { stack: children.length === 0 ? [" "] : children };
  first.text = (checked === " " ? "☐" : "☑") + first.text.slice(mark.length);
  return { stack: children, listType: "none" };
}

function alignment({ attrs }: Token): "left" | "center" | "right" {
  const style = String(attrs?.find(([name]) => name === "style")?.[1]);
  return style === "text-align:center" ? "center" : style === "text-align:right" ? "right" : "left";
}
