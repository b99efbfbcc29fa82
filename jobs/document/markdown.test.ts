import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { describe, expect, it } from "vitest";
import { testCase, testDocument } from "./__tests__/test-document.ts";
import { markdownContent } from "./markdown.ts";

describe("Markdown", () => {
  it("may begin with a byte order mark", () => {
    expect(markdownContent("\ufeff# Heading")).toEqual(markdownContent("# Heading"));
  });

  it("keeps identifiers, URLs and code as they are", async () => {
    const { text } = await testCase("identifiers-and-urls");
    for (const words of [
      "Set MAX_RETRY_COUNT and AWS_ACCESS_KEY_ID in my_config_file.yaml before you start.",
      "user_order_items",
      "https://example.com/docs/my_long_page_name.html",
      "get_user_name()",
      "Escaped: *not italic*, 5 * 3, snake_case. Entities: R&D, a < b, © 2026.",
      "foo__bar__baz",
    ]) {
      expect(text).toContain(words);
    }
  });

  it("is CommonMark with GitHub's tables, task lists and strike-through", async () => {
    const { lines, text, bytes } = await testCase("commonmark");
    for (const line of [
      "Install the package from the registry and check that the version is the one you asked for",
      "Run the migration, which may take several minutes",
      "A second paragraph of the item.",
      "1.First step that is long and goes on in the next line",
      "2.Second",
      "John Smith",
      "12 High Street",
      "London",
      "Heading One",
      "indented code block",
      "keeps_its lines",
      "logo",
      "link with title and https://auto.link and gone.",
      "☐ open task",
      "☑ done task",
    ]) {
      expect(lines).toContain(line);
    }
    expect(text).toMatch(/Item *Price\nTea *2\.50\nCake *4\.00/);
    expect(text).not.toContain("===");
    expect(text).not.toContain("logo.png");
    const file = Buffer.from(bytes).toString("latin1");
    expect(file).toContain("(https://e.com)");
    expect(file).toContain("(https://auto.link)");
  });

  it("nests lists, quotes and tables, and counts on from where a list starts", async () => {
    const markdown =
      "7. seven\n8. eight\n   1) paren\n      - deep\n9. nine\n\n> quote\n> > inner\n> >\n> > | a |\n> > |---|\n> > | b |";
    const { lines, pages } = await testDocument({ markdown });
    expect(lines).toEqual(expect.arrayContaining(["7.seven", "8.eight", "1)paren", "9.nine", "quote", "inner", "a", "b"]));
    const x = (word: string): number => pages[0]?.find(({ text }) => text.includes(word))?.x ?? 0;
    expect([x("seven"), x("paren"), x("deep")]).toEqual([x("seven"), x("paren"), x("deep")].toSorted((a, b) => a - b));
    expect(x("inner")).toBeGreaterThan(x("quote"));
  });

  it.each([
    ["a quote", "> first"],
    ["a table", "| first |\n   |---|"],
    ["code", "```\n   first\n   ```"],
    ["another list", "1. first"],
    ["a list in a quote", "> 1. first"],
  ])("marks an item that begins with %s where it marks others", async (_, block) => {
    const { pages } = await testDocument({ markdown: `7. word\n8. ${block}\n9. word` });
    const xs = (word: string): number[] => (pages[0] ?? []).filter(({ text }) => text.startsWith(word)).map(({ x }) => x);
    expect([...xs("7."), ...xs("8."), ...xs("9.")]).toEqual(Array(3).fill(xs("7.")[0]));
    expect(xs("first")[0]).toBeGreaterThanOrEqual(xs("word")[0] ?? 0);
  });

  it("sets a table's names in the colour of their row, also in code and links", () => {
    const [table] = markdownContent("| `a` [b](https://c.d) ![e](f.png) |\n|---|");
    const [[head]] = (table as unknown as { table: { body: { text: object[] }[][] } }).table.body as [[{ text: object[] }]];
    expect(head.text).toMatchObject([{ text: "a", font: "Mono" }, {}, { text: "b", link: "https://c.d" }, {}, { text: "e" }]);
    for (const span of head.text) expect(Object.keys(span)).not.toEqual(expect.arrayContaining(["color"]));
    for (const span of head.text) expect(Object.keys(span)).not.toEqual(expect.arrayContaining(["background"]));
  });

  it("turns pages for tables of more than 12 columns, and turns them back", async () => {
    const table = (columns: number): string =>
      ["h", "-", "v"]
        .map((cell) => Array.from({ length: columns }, (_, n) => (cell === "-" ? cell : cell + n)).join("|"))
        .join("\n");
    const { pages } = await testDocument({ markdown: `before\n\n${table(13)}\n\n${table(30)}\n\nafter\n\n${table(12)}` });
    const pageOf = (word: string): number => pages.findIndex((page) => page.some(({ text }) => text.trim() === word));
    expect(["before", "h12", "h29", "after"].map(pageOf)).toEqual([0, 1, 2, 3]);
    const lowest = pages.map((page) => Math.max(...page.map(({ y }) => y)));
    expect(lowest.map((y) => y < 595)).toEqual([false, true, true, false]);
    expect(() => markdownContent(table(31))).toThrow("Markdown: more than 30 columns in a table");
  });

  it("breaks lines at <br>, but not where it is text", async () => {
    const { lines, text } = await testDocument({ markdown: "one &lt;br&gt; \\<br> `<br>`<br>two<BR />three\n\n|a<br>b|\n|-|" });
    expect(lines).toEqual(expect.arrayContaining(["two", "three", "a", "b"]));
    expect(text).toContain("one <br> <br> <br>\n");
  });

  it("prints HTML as it is written, and breaks lines at <br>", async () => {
    const { lines } = await testDocument({ markdown: "<div>\n\none<br>two <b>x</b>\n\n<pre>\na_b *c* &amp;<br>d\n  e" });
    expect(lines).toEqual(expect.arrayContaining(["<div>", "one", "two <b>x</b>", "<pre>", "a_b *c* &amp;", "d", "e"]));
  });

  it("prints an image as its description, or its address", async () => {
    const { text } = await testDocument({
      markdown: "![Alt\n*em* `code`](https://example.com/a.png) ![](https://example.com/b.png)",
    });
    expect(text).toContain("Alt em code https://example.com/b.png");
  });

  it("prints footnotes where they stand, of one word too, and as code in code", async () => {
    const { text } = await testDocument({
      markdown: "Text[^1] and[^note].\n\n[^1]: word\n\n> [^note]: two words\n\n```\n[^1]: code\n```\n\n[^2]: <https://a.b/c>",
    });
    for (const words of ["Text[^1] and[^note].", "[^1]: word", "[^note]: two words", "[^1]: code", "[^2]: https://a.b/c"]) {
      expect(text).toContain(words);
    }
  });

  it("links to addresses only that lead somewhere from a PDF", async () => {
    const { bytes, text } = await testDocument({
      markdown: "[ref][r] [rel](./x.md) [js](javascript:alert)\n\n[r]: https://example.com/r 'T'",
    });
    const file = Buffer.from(bytes).toString("latin1");
    expect(file.match(/\/URI \(/g)).toHaveLength(1);
    expect(file).toContain("(https://example.com/r)");
    expect(text).toContain("ref rel");
    expect(text).not.toContain("x.md");
  });

  it("keeps the lines and blanks of code, and breaks lines that are too long", async () => {
    const long = "x".repeat(300);
    const { lines, pages } = await testDocument({ markdown: `\`\`\`\nif (a) {\n\tb_c();\n}\n${long}\n\`\`\`` });
    expect(lines).toContain("if (a) {");
    expect(lines.filter((line) => /^x+$/.test(line)).join("")).toBe(long);
    const x = (word: string): number => pages[0]?.find(({ text }) => text.includes(word))?.x ?? 0;
    expect(x("b_c")).toBeGreaterThan(x("if") + 15);
  });

  it("breaks a word that is longer than a line, and loses none of it", async () => {
    const word = `https://example.com/${"a_b".repeat(150)}`;
    const { lines } = await testDocument({ markdown: `See ${word} end` });
    expect(lines.join("").replaceAll(" ", "")).toContain(`See${word}end`);
  });

  it("starts no heading at the end of a page", async () => {
    // Of different heights, so that headings come to every place on a page.
    const sections = Array.from({ length: 150 }, (_, n) => `${"p\n\n".repeat(n % 7)}# Heading${n}\n\nafter${n}`);
    const { pages } = await testDocument({ markdown: sections.join("\n\n") });
    const pageOf = (word: string): number => pages.findIndex((page) => page.some(({ text }) => text === word));
    expect(pages.length).toBeGreaterThan(15);
    for (const n of sections.keys()) expect([n, pageOf(`Heading${n}`)]).toEqual([n, pageOf(`after${n}`)]);
    expect(pageOf("after149")).toBe(pages.length - 1);
  });
});

describe("hostile Markdown", () => {
  it.each([
    ["quotes", ">".repeat(100_000)],
    ["quotes by one too many", `${">".repeat(25)} a`],
    ["lists by one too many", Array.from({ length: 13 }, (_, depth) => `${"  ".repeat(depth)}- a`).join("\n")],
    ["lists", Array.from({ length: 400 }, (_, depth) => `${"  ".repeat(depth)}- a`).join("\n")],
  ])("refuses %s that are nested too deep, rather than leave out what is in them", (_, markdown) => {
    expect(() => markdownContent(markdown)).toThrow(PermanentError);
  });

  it("refuses tables of more cells than memory allows", () => {
    const table = (rows: number): string => `a|b\n-|-\n${"a|b\n".repeat(rows)}`;
    expect(() => markdownContent(table(12_000))).toThrow(PermanentError);
    expect(markdownContent(table(11_999))).toHaveLength(1);
  });

  it.each([
    ["quotes", `${">".repeat(24)} word`],
    ["lists", Array.from({ length: 12 }, (_, depth) => `${"  ".repeat(depth)}- ${depth === 11 ? "word" : "a"}`).join("\n")],
  ])("prints %s that are nested as deep as is allowed", async (_, markdown) => {
    expect((await testDocument({ markdown })).lines).toEqual(expect.arrayContaining([expect.stringMatching(/word$/)]));
  });
});
