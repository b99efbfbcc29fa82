import { describe, expect, it } from "vitest";
import { samplePage } from "./__tests__/images.ts";
import { recognise } from "./ocr-engine.ts";
import { type Page, readPage } from "./page-image.ts";
import { MAX_ROWS, pageParts } from "./page-parts.ts";

const SETTINGS = { signal: new AbortController().signal, onProgress: () => {} };
const WIDTH = 60;
/** A page with lines of `rows` rows of print, and gaps of `gap` rows between them. */
function page(height: number, { rows = 30, gap = 12, noise = 0, rules = [] as readonly number[], indent = 0 } = {}): Page {
  const pixels = new Uint8Array(WIDTH * height).fill(240);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const index = y * WIDTH + x;
      if (y % (rows + gap) < rows && x >= indent && (x + y) % 3 === 0) pixels[index] = 20;
      else pixels[index] = 240 - ((index * 7919) % (noise + 1));
      if (rules.includes(x)) pixels[index] = 0;
    }
  }
  return { width: WIDTH, height, pixels };
}

const heights = (parts: readonly Page[]): number[] => parts.map(({ height }) => height);
const seams = (parts: readonly Page[]): number[] =>
  parts.slice(1).map((_, index) => heights(parts.slice(0, index + 1)).reduce((sum, height) => sum + height));

describe("the parts of a page", () => {
  it.each([1, 7_016, MAX_ROWS])("are the page itself, where it has %i rows", (height) => {
    expect(heights(pageParts(page(height)))).toEqual([height]);
  });

  it.each([
    ["clean", {}],
    ["noisy", { noise: 25 }],
    ["with upright rules", { rules: [5, 50] }],
    ["with little print between rules", { rules: [1, 5, 6, 30], indent: 53 }],
    ["with little print beside double rules, scanned", { rules: [0, 1, 50, 51], indent: 53, noise: 25 }],
    ["with a rule at its edge, and lines far apart", { rules: [59], indent: 57, gap: 900 }],
    ["with narrow gaps", { gap: 2 }],
    ["with large print", { rows: 900, gap: 40, noise: 10 }],
  ])("end in gaps between lines, where it is %s", (_kind, settings) => {
    const { rows = 30, gap = 12 } = settings as { rows?: number; gap?: number };
    for (const height of [MAX_ROWS + 1, 20_011, 34_000]) {
      const whole = page(height, settings);
      const parts = pageParts(whole);
      expect(parts.length).toBeGreaterThan(1);
      for (const seam of seams(parts)) {
        const row = seam % (rows + gap);
        // The first row of a part may be the first one of a line, and the row before it the last of one.
        expect(row === 0 || row >= rows).toBe(true);
      }
      expect(Math.max(...heights(parts))).toBeLessThanOrEqual(MAX_ROWS);
      expect(Buffer.concat(parts.map(({ pixels }) => pixels)).equals(Buffer.from(whole.pixels))).toBe(true);
    }
  });

  it("are as tall as they may be where there is nothing on the page", () => {
    const blank = { width: 10, height: 20_000, pixels: new Uint8Array(200_000).fill(255) };
    expect(heights(pageParts(blank)).reduce((sum, height) => sum + height)).toBe(20_000);
  });

  it("may end anywhere in a scanner's noise", () => {
    const pixels = Buffer.alloc(20_000 * 40).map((_, index) => 215 + ((index * 7919) % 40));
    const parts = pageParts({ width: 40, height: 20_000, pixels });
    expect(heights(parts).reduce((sum, height) => sum + height)).toBe(20_000);
  });

  it.each(["letter.png", "invoice.png", "weather-report-scan.png"])(
    "of %s have the words of the page, each once",
    async (name) => {
      const whole = await readPage(samplePage(name));
      const words = async (part: Page): Promise<string[]> => (await recognise(part, "eng", SETTINGS)).text.match(/\S+/g) ?? [];
      const inParts: string[] = [];
      for (const part of pageParts(whole, 300)) inParts.push(...(await words(part)));
      expect(inParts).toEqual(await words(whole));
    },
  );

  it("end between the rows of a table, whose rules go through all of them", () => {
    const table = page(MAX_ROWS + 1, { rows: MAX_ROWS * 2, gap: 1, indent: WIDTH, rules: [2, 20, 40, 57] });
    for (let y = 0; y < table.height; y += 70) table.pixels.fill(0, y * WIDTH + 2, y * WIDTH + 57);
    const [seam = 0] = seams(pageParts(table));
    expect(seam % 70).toBeGreaterThan(1);
  });

  it("fail the job for good where no gap goes across the page", () => {
    expect(() => pageParts(page(MAX_ROWS + 1, { rows: MAX_ROWS * 2, gap: 1 }))).toThrow(
      expect.objectContaining({
        name: "PermanentError",
        code: "ImageTooTall",
        message: expect.stringContaining("none of rows 4000 to 8000 is a gap between lines"),
      }),
    );
  });
});
