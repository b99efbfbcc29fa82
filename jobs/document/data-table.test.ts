import { describe, expect, it } from "vitest";
import type { PlacedText } from "./__tests__/read-pdf.ts";
import { testCase, testDocument } from "./__tests__/test-document.ts";

const words = (count: number): string => Array.from({ length: count }, (_, index) => `word${index}`).join(" ");
const has = (page: readonly PlacedText[], text: string): boolean => page.some((part) => part.text.trim() === text);

describe("a table", () => {
  it("breaks no number of a narrow column beside wide ones", async () => {
    const { text } = await testCase("narrow-column");
    for (const id of ["10234", "10235", "10236"]) expect(text).toContain(id);
  });

  it("keeps identifiers whole beside eleven columns of long words", async () => {
    const columns = Array.from({ length: 12 }, (_, index) => `SomeVeryLongColumnName${index}`);
    const rows = [columns.map((_, index) => (index === 0 ? 12345678901 : `identifier_with_underscores_${index}`))];
    const { text, pages } = await testDocument({ table: { columns, rows } });
    expect(text).toContain("12345678901");
    for (const { x } of pages.flat()) expect(x).toBeLessThan(540);
  });

  it("begins a row's cells side by side, however tall one of them is", async () => {
    const { pages } = await testCase("tall-cell");
    const row = pages[0]?.filter(({ text }) => ["A-1", "10"].includes(text)) ?? [];
    expect(row.map(({ text }) => text).sort()).toEqual(["10", "A-1"]);
    expect(row[0]?.y).toBe(row[1]?.y);
    const lines = pages.map((page) => page.filter(({ text }) => /^i\d$/.test(text)).length);
    expect(lines[0]).toBeGreaterThan(30);
    expect(lines.reduce((sum, count) => sum + count, 0)).toBe(67);
    expect(pages.every((page) => has(page, "Order"))).toBe(true);
  });

  it("keeps rows whole across pages, with the header on each", async () => {
    const rows = Array.from({ length: 200 }, (_, index) => [`a${index}`, "one\ntwo\nthree", `z${index}`]);
    const { pages } = await testDocument({ table: { columns: ["First", "Lines", "Last"], rows } });
    expect(pages.length).toBeGreaterThan(8);
    for (const page of pages) {
      expect(has(page, "First")).toBe(true);
      const count = (pattern: RegExp): number => page.filter(({ text }) => pattern.test(text)).length;
      expect([count(/^a\d/), count(/^one$/), count(/^three$/)]).toEqual(Array(3).fill(count(/^z\d/)));
    }
  });

  it("prints a cell of 5,000 words to its end", async () => {
    const { text, pages } = await testDocument({ table: { columns: ["Id", "Text"], rows: [["A", words(5_000)]] } });
    expect(has(pages[0] ?? [], "A")).toBe(true);
    expect(text).toContain("word0 ");
    expect(text).toContain("word4999");
  });

  it("fits thirty columns, and a header that is taller than a page", async () => {
    const columns = Array.from({ length: 30 }, (_, index) => `c${index} ${"lorem ipsum ".repeat(15)}`);
    const { text, pages } = await testDocument({ table: { columns, rows: [Array.from({ length: 30 }, (_, index) => index)] } });
    expect(text.match(/c29/g)?.length).toBeGreaterThan(0);
    expect(has(pages.at(-1) ?? [], "29")).toBe(true);
    for (const { x } of pages.flat()) expect(x).toBeLessThan(790);
  });

  it("has a header and no rows where there are none", async () => {
    expect((await testDocument({ table: { columns: ["Name", "Age"], rows: [] } })).text).toMatch(/Name *Age/);
  });

  it("prints numbers with their digits, as JSON has them", async () => {
    const numbers = [0, 1e21, 1e-7, 0.1 + 0.2, 2026, 1234567, 5e-324, 0.00001234, 2e-8, -1.5, 9007199254740991];
    const { lines } = await testDocument({ table: { columns: ["n"], rows: [...numbers, null].map((value) => [value]) } });
    expect(lines).toEqual(expect.arrayContaining(numbers.map(String)));
    expect(lines.filter((line) => line === "0")).toHaveLength(1);
    expect((await testDocument({ table: { columns: ["n"], rows: [[-0]] } })).lines).toContain("0");
  });
});
