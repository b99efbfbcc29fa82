import { describe, expect, it } from "vitest";
import { readRecords } from "./csv-records.ts";

const SIGNAL = new AbortController().signal;
/** Times as short as this are noise. */
const NOISE_MS = 50;

/** CPU time, since others use the machine too: the best of three, or the first that is short enough. */
async function cpuMs(csv: string, enough = 0): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 3 && least >= enough; time++) {
    const before = process.cpuUsage();
    await readRecords(csv, ",", SIGNAL);
    least = Math.min(least, process.cpuUsage(before).user / 1_000);
  }
  return least;
}

describe("the records of a CSV", () => {
  it.each([
    ["blank lines", "a,b\n", "\r\n"],
    ["delimiters", "", ","],
    ["lines of delimiters", "", ",,,,\n"],
    ["quotes", "", '"'],
    ["lines of a quote", "a\n", '"\n'],
    ["lines of two quotes", "a\n", '""\n'],
    ["lines of four quotes below an open one", 'a,b\n1,"2\n', '""""\n'],
    ["rows below an open quote", 'a,b\n1,"2\n', "1,2\n"],
    ["quotes behind text", "a,b\n", '5" x,1\n'],
    ["text behind quotes", "a,b\n", '"5" x,1\n'],
    ["rows of two lengths", "a,b\n", "1,2\n1\n"],
    ["a value of many quotes", 'a\n"', 'x""'],
    ["a value without end", "a,b\n1,", "x"],
    ["carriage returns", "a,b\r", "1,2\r"],
  ])("take time that grows with its length alone: %s", async (_kind, head, part) => {
    const ofLength = (length: number): string => head + part.repeat(length / part.length);
    await readRecords(ofLength(10_000), ",", SIGNAL);
    // Four times the length takes four times as long; the square would take sixteen.
    const most = 10 * Math.max(await cpuMs(ofLength(25_000), NOISE_MS), NOISE_MS);
    expect(await cpuMs(ofLength(100_000), most)).toBeLessThan(most);
  });

  it("are each of them one line, where a quote is opened early and never closed", async () => {
    const records = await readRecords(`a,b\n1,"2\n${'"",x\n'.repeat(100_000)}`, ",", SIGNAL);
    expect(records).toHaveLength(100_002);
    expect(records[1]).toMatchObject({ line: 2, lines: 1, fields: [], problem: "a quote is not closed" });
    expect(records.at(-1)).toEqual({ line: 100_002, lines: 1, text: '"",x', fields: ["", "x"] });
  });

  it.each(['1,"x\n', '"1","x\n', '"\n5" x\n'])(
    "have quotes that are closed, but for 10,000 of them: %j",
    { timeout: 60_000 },
    async (row) => {
      const kept = await readRecords(`a,b\n${row.repeat(10_000)}`, ",", SIGNAL);
      expect(kept.filter(({ problem }) => problem === "a quote is not closed")).toHaveLength(10_000);
      const csv = `a,b\n${row.repeat(1_900_000 / row.length)}`;
      await expect(readRecords(csv, ",", SIGNAL)).rejects.toMatchObject({
        name: "PermanentError",
        code: "InvalidCsv",
        message: expect.stringMatching(
          /^line (10002|20002) has a quote that is not closed, as have 10000 lines before it; allowed: 10000$/,
        ),
      });
    },
  );

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
