import { inflateSync } from "node:zlib";
import { testJob } from "@autoscaling-job-queues/worker/testing";
import { describe, expect, it } from "vitest";
import { axisTicks } from "./axis-ticks.ts";
import job from "./job.ts";
import { parseMarkdown, parseSpans } from "./markdown.ts";
import { printable } from "./printable.ts";
import { samples } from "./samples.ts";

const plain = { bold: false, italic: false, code: false };

/** The text of a PDF of ours: pdfkit writes it as hex strings in compressed streams, in the order of reading. */
function textOf(pdf: Uint8Array): string {
  const source = Buffer.from(pdf).toString("latin1");
  const streams = [...source.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, body = ""]) => {
    try {
      return inflateSync(Buffer.from(body, "latin1")).toString("latin1");
    } catch {
      return "";
    }
  });
  return [...streams.join("\n").matchAll(/<([0-9a-f]+)>/g)]
    .map(([, hex = ""]) => Buffer.from(hex, "hex").toString("latin1"))
    .join("");
}

describe("the document job", () => {
  it("renders each sample to a PDF with its title", async () => {
    for (const { input } of await samples()) {
      const { files, result } = await testJob(job, input);
      const pdf = files.get("document.pdf")?.bytes ?? new Uint8Array();
      expect(Buffer.from(pdf.subarray(0, 5)).toString()).toBe("%PDF-");
      expect(textOf(pdf)).toContain((input as { title: string }).title);
      expect(result).toMatchObject({ pages: expect.any(Number), pdf: { contentType: "application/pdf" } });
    }
  });

  it("renders the same input to the same bytes", async () => {
    const input = { title: "Twice", markdown: "# One\n\nA *paragraph*." };
    const [first, second] = [await testJob(job, input), await testJob(job, input)];
    expect(first.files.get("document.pdf")?.bytes).toEqual(second.files.get("document.pdf")?.bytes);
  });

  it("repeats a table's header on each of its pages", async () => {
    const rows = Array.from({ length: 120 }, (_, index) => [`row ${index}`, index]);
    const { files, result } = await testJob(job, { title: "Long", markdown: "", table: { columns: ["Label", "Figure"], rows } });
    const { pages } = result as { pages: number };
    expect(pages).toBeGreaterThan(2);
    const headers = textOf(files.get("document.pdf")?.bytes ?? new Uint8Array()).split("Figure").length - 1;
    expect(headers).toBe(pages);
  });

  it("stops when it is aborted", async () => {
    const signal = AbortSignal.abort(new Error("cancelled"));
    await expect(testJob(job, { title: "Never", markdown: "text" }, { signal })).rejects.toThrow("cancelled");
  });

  it("stops in the middle of the text and of a table, when it is aborted there", async () => {
    const table = { columns: ["a"], rows: Array.from({ length: 2_000 }, (_, row) => [row]) };
    for (const input of [{ markdown: "paragraph\n\n".repeat(5_000) }, { markdown: "", table }]) {
      const controller = new AbortController();
      const rendering = testJob(job, { title: "Never", ...input }, { signal: controller.signal });
      setImmediate(() => controller.abort(new Error("cancelled")));
      await expect(rendering).rejects.toThrow("cancelled");
    }
  });

  it("refuses a table whose rows do not match its columns", () => {
    const parsed = job.jobType.input.safeParse({
      title: "t",
      markdown: "",
      table: { columns: ["a", "b"], rows: [["only one"]] },
    });
    expect(parsed.success).toBe(false);
  });
});

describe("the Markdown parser", () => {
  it("takes a paragraph of many spans", () => {
    expect(parseSpans("a `b` ".repeat(20_000))).toHaveLength(40_001);
  });

  it("knows headings, paragraphs, lists, quotes, code and rules", () => {
    const blocks = parseMarkdown("# Title\n\nOne\ntwo\n\n- a\n  - b\n1. c\n\n> said\n\n```\ncode *kept*\n```\n---");
    expect(blocks).toEqual([
      { kind: "heading", level: 1, spans: [{ text: "Title", ...plain }] },
      { kind: "paragraph", spans: [{ text: "One two", ...plain }] },
      { kind: "item", marker: "•", depth: 0, spans: [{ text: "a", ...plain }] },
      { kind: "item", marker: "•", depth: 1, spans: [{ text: "b", ...plain }] },
      { kind: "item", marker: "1.", depth: 0, spans: [{ text: "c", ...plain }] },
      { kind: "quote", spans: [{ text: "said", ...plain }] },
      { kind: "code", text: "code *kept*" },
      { kind: "rule" },
    ]);
  });

  it("nests styles, and leaves lone marks as they are", () => {
    expect(parseSpans("a **b *c*** `d` 2 * 3")).toEqual([
      { text: "a ", ...plain },
      { text: "b ", ...plain, bold: true },
      { text: "c", ...plain, bold: true, italic: true },
      { text: " ", ...plain },
      { text: "d", ...plain, code: true },
      { text: " 2 * 3", ...plain },
    ]);
  });
});

describe("printable text", () => {
  it.each([
    ["Zürich – 5 €", "Zürich – 5 €"],
    ["Łódź", "?ódz"],
    ["ﬁne → 日本", "fine -> ??"],
    ["a\u200Bb", "ab"],
  ])("%j is printed as %j", (text, expected) => {
    expect(printable(text)).toBe(expected);
  });
});

describe("axis ticks", () => {
  it.each([
    [0, 5.35, [0, 2, 4, 6]],
    [15, 39, [15, 20, 25, 30, 35, 40]],
    [-3, 7, [-4, -2, 0, 2, 4, 6, 8]],
    [5, 5, [5, 6]],
  ])("from %d to %d are round and span the values", (min, max, expected) => {
    expect(axisTicks(min, max)).toEqual(expected);
  });
});
