import { testJob } from "@autoscaling-job-queues/worker/testing";
import { describe, expect, it } from "vitest";
import { testDocument } from "./__tests__/test-document.ts";
import job from "./job.ts";
import { samples } from "./samples.ts";

describe("the document job", () => {
  it("renders each sample to a PDF with its title", async () => {
    for (const { input } of await samples()) {
      const { files, result } = await testJob(job, input);
      expect(Buffer.from(files.get("document.pdf")!.bytes.subarray(0, 5)).toString()).toBe("%PDF-");
      expect(result).toEqual({ pages: expect.any(Number), pdf: expect.objectContaining({ contentType: "application/pdf" }) });
      expect((await testDocument(input as object)).text).toContain((input as { title: string }).title);
    }
  });

  it("renders the same input to the same bytes", async () => {
    const values = [1, 2];
    const input = {
      markdown: "# One\n\nA *paragraph*. 报告",
      table: { columns: ["a"], rows: [[1]] },
      chart: { kind: "bar", labels: ["a", "b"], series: [{ name: "s", values }] },
    };
    expect((await testDocument(input)).bytes).toEqual((await testDocument(input)).bytes);
  });

  it("numbers its pages", async () => {
    const { pages, lines } = await testDocument({ title: "Long", markdown: "paragraph\n\n".repeat(100) });
    expect(pages.length).toBeGreaterThan(2);
    expect(lines.filter((line) => line.startsWith("Long"))).toHaveLength(pages.length + 1);
    expect(lines.at(-1)?.replaceAll(" ", "")).toBe(`Long${pages.length}/${pages.length}`);
  });

  it("cuts a long title at the foot between letters, and keeps it on one line", async () => {
    const { lines, missingGlyphs } = await testDocument({ title: `${"a ".repeat(38)}b\n👍👍 end` });
    expect(missingGlyphs).toBeUndefined();
    expect(lines.at(-1)).toMatch(/^(?:a ){38}b 👍… *1 \/ 1$/);
  });

  it("stops when it is aborted, between the steps of its work too", async () => {
    const chart = { kind: "line", labels: ["a"], series: [{ name: "s", values: [1] }] };
    for (const [abortAt, input] of [
      [1, {}],
      [2, { chart }],
      [2, {}],
      [3, { chart }],
    ] as const) {
      const controller = new AbortController();
      let turn = 0;
      const rendering = testJob(job, { title: "Never", markdown: "text", ...input }, { signal: controller.signal });
      const count = (): void => {
        turn += 1;
        if (turn === abortAt) controller.abort(new Error("cancelled"));
        else setImmediate(count);
      };
      setImmediate(count);
      await expect(rendering).rejects.toThrow("cancelled");
    }
  });

  it.each([
    ["a row of another length", { columns: ["a", "b"], rows: [["only one"]] }],
    ["more characters than are laid out in time", { columns: ["a"], rows: Array(17).fill(["x".repeat(48_000)]) }],
    ["more cells than memory allows", { columns: Array(30).fill("c"), rows: Array(801).fill(Array(30).fill(1)) }],
  ])("refuses a table with %s", (_, table) => {
    expect(job.jobType.input.safeParse({ title: "t", markdown: "", table }).success).toBe(false);
  });

  it("takes a table with as many characters as are allowed, and ends a second after its cancel at the latest", () => {
    const table = { columns: ["a"], rows: Array(16).fill(["x".repeat(50_000)]) };
    expect(job.jobType.input.safeParse({ title: "t", markdown: "", table }).success).toBe(true);
    expect(job.jobType.graceSeconds).toBe(1);
  });

  it("names what no font has, once, and prints the rest", async () => {
    const { text, missingGlyphs } = await testDocument({ markdown: "Tibetan བོད བོད and \u0007 end", title: "ქ" });
    expect(missingGlyphs).toEqual(["U+0007", "U+0F51", "U+0F56", "U+0F7C", "U+10E5"]);
    expect(text).toContain("and \uFFFD end");
  });
});
