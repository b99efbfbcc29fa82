import { existsSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";

const documents = new Map<string, string>();
for await (const file of glob("{*,{client,docs,examples,jobs,worker}/**/*}.md", {
  exclude: ["**/node_modules", "**/dist"],
})) {
  documents.set(file, await readFile(file, "utf8"));
}

/** A document without its code, in which nothing is a heading or a link. */
const prose = (text: string): string => text.replaceAll(/^```.*?^```$/gms, "");

/** The anchors that GitHub gives the headings of a document. */
function anchors(text: string): Set<string> {
  const seen = new Map<string, number>();
  return new Set(
    [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => {
      const plain = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
      const anchor = plain.replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
      const count = seen.get(anchor) ?? 0;
      seen.set(anchor, count + 1);
      return count === 0 ? anchor : `${anchor}-${count}`;
    }),
  );
}

/** What is wrong with a link; undefined where nothing is. */
function fault(from: string, target: string): string | undefined {
  const [file = "", anchor] = target.split("#", 2);
  const to = file === "" ? from : path.join(path.dirname(from), file);
  if (!existsSync(to)) return `${from}: there is no ${to}`;
  if (anchor === undefined || !to.endsWith(".md")) return undefined;
  return anchors(documents.get(to) ?? "").has(anchor) ? undefined : `${from}: ${to} has no heading #${anchor}`;
}

/** Lines that are written as rows and that stand in no table: one has a head, and a line of dashes below it. */
function strayRows(text: string): string[] {
  const blocks = prose(text).match(/^\|.*\n(?:\|.*\n)*/gm) ?? [];
  return blocks.filter((block) => !/^\|.*\n\|[\s:|-]+\|\n/.test(block)).map((block) => block.split("\n", 1)[0] ?? "");
}

describe("the documents", () => {
  it("have their rows in tables", () => {
    expect([...documents].flatMap(([file, text]) => strayRows(text).map((row) => `${file}: ${row}`))).toEqual([]);
  });

  it("link to files and headings that there are", () => {
    const links = [...documents].flatMap(([file, text]) =>
      [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => ({ file, target })),
    );
    const inside = links.filter(({ target }) => !/^[a-z]+:/.test(target));
    expect(inside.length).toBeGreaterThan(200);
    expect(inside.flatMap(({ file, target }) => fault(file, target) ?? [])).toEqual([]);
  });
});
