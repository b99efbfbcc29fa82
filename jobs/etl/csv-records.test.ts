import { describe, expect, it } from "vitest";
import { readRecords } from "./csv-records.ts";

const SIGNAL = new AbortController().signal;
describe("the records of a CSV", () => {
  it("are each of them one line, where a quote is opened early and never closed", async () => {
    const records = await readRecords(`a,b\n1,"2\n${'"",x\n'.repeat(100_000)}`, ",", SIGNAL);
    expect(records).toHaveLength(100_002);
    expect(records[1]).toMatchObject({ line: 2, lines: 1, fields: [], problem: "a quote is not closed" });
    expect(records.at(-1)).toEqual({ line: 100_002, lines: 1, text: '"",x', fields: ["", "x"] });
  });

  it("keep what stands between quotes that end before their value, delimiters apart", async () => {
    const [record] = await readRecords('"say ""x, y"" loud" now,"b, c",d', ",", SIGNAL);
    expect(record?.fields).toEqual(['"say "x, y" loud" now', "b, c", "d"]);
  });

  it("may be apart by any character", async () => {
    for (const delimiter of ["^", "]", "\\", "🎉"]) {
      const [record] = await readRecords(['"a"', "b", `"c${delimiter}"`].join(delimiter), delimiter, SIGNAL);
      expect(record?.fields).toEqual(["a", "b", `c${delimiter}`]);
    }
  });
});
