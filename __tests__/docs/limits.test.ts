import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import * as limits from "../../domain/limits.ts";

const page = await readFile("docs/limits.md", "utf8");

/** Rows that name a constant: its file, its name, and what the page says. */
const rows = page.split("\n").flatMap((line) => {
  const [, name = "", file = ""] = /`([A-Z_.a-z]+)` in `([\w/.-]+\.ts)`/.exec(line) ?? [];
  return name === "" ? [] : [{ name, file, stated: line.split("|")[2]?.trim() ?? "" }];
});

/** Ways in which a page may write a number of bytes, seconds or days. */
function writings(value: number): string[] {
  const units = { "": 1, KiB: 1_024, MiB: 1_048_576, GB: 1_000_000_000, GiB: 1_073_741_824, hour: 3_600 };
  const scaled = Object.entries(units).map(([unit, size]) => [value / size, unit] as const);
  return scaled
    .filter(([amount]) => amount >= 1)
    .map(([amount, unit]) => `${(Math.floor(amount * 10) / 10).toLocaleString("en")} ${unit}`.trim());
}

/** What a row's name leads to: a number, or what a text must be. */
async function constant({ name, file }: { readonly name: string; readonly file: string }): Promise<unknown> {
  const module: unknown = await import(path.resolve(file));
  return name.split(".").reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], module);
}

/** That a text may have from so many characters to so many, and no more or less. */
function expectLengths(stated: string, pattern: RegExp): void {
  const [, least, most] = /^(\d+) to (\d+) /.exec(stated)?.map(Number) ?? [];
  const taken = [Number(least) - 1, least, most, Number(most) + 1].map((length) => pattern.test("a".repeat(Number(length))));
  expect(taken, stated).toEqual([false, true, true, false]);
}

describe("the page of limits", () => {
  it("names constants that there are", async () => {
    expect(rows.length).toBeGreaterThan(30);
    for (const { name, file } of rows) {
      const [first = ""] = name.split(".");
      expect(await readFile(file, "utf8"), file).toMatch(new RegExp(`const ${first}\\b`));
    }
  });

  it.each(rows)("states $name as it is", async ({ stated, ...row }) => {
    const value = await constant(row);
    if (typeof value !== "number")
      return expectLengths(stated, (value as { readonly pattern?: RegExp }).pattern ?? (value as RegExp));
    const said = stated.match(/\d(?:[\d,.]*\d)?(?: (?:KiB|MiB|GB|GiB|hour))?/g) ?? [];
    expect(
      said.some((text) => writings(value).includes(text.trim())),
      `${stated}, not ${writings(value)}`,
    ).toBe(true);
  });

  it("has every limit that callers and authors meet", () => {
    /** Of batches, messages, tables and answers: nobody outside meets them. */
    const inside = ["MAX_MESSAGE_DELAY_SECONDS", "MAX_BATCH_ENTRIES", "MAX_JOB_BYTES", "MAX_PAGE_BYTES"];
    const named = new Set(rows.map(({ name }) => name));
    const missing = Object.keys(limits).filter((name) => name.startsWith("MAX_") && !named.has(name));
    expect(missing).toEqual(inside);
  });
});
