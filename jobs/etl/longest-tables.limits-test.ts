import { testJob } from "@autoscaling-job-queues/worker/testing";
import { describe, expect, it } from "vitest";
import { inThread } from "./__tests__/in-thread.ts";
import { readParquet } from "./__tests__/run-etl.ts";
import { readRecords } from "./csv-records.ts";
import etl from "./job.ts";

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

/** As many rows as two characters each can tell apart. */
const distinctRows = (length: number): string =>
  `a\n${Array.from({ length: length / 3 - 1 }, (_, row) => String.fromCodePoint(0x4e00 + (row % 20_000), 0x4e00 + Math.floor(row / 20_000))).join("\n")}\n`;

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

  it.each(['1,"x\n', '"1","x\n', '"\n5" x\n'])("have quotes that are closed, but for 10,000 of them: %j", async (row) => {
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
  });
});

describe("in the memory of its thread, a CSV of the greatest length", () => {
  const filled = (head: string, part: string): string => head + part.repeat((1_900_000 - head.length) / part.length);

  it.each([
    ["of blank lines below one name", filled("a\n1\n", "\n"), { rows: 2 }],
    ["of blank lines below names with four delimiters", filled("a,b;c|d\te\n", "\n"), { code: "NoRows" }],
    ["of rows with too few values", filled("a,b\n1,2\n", "1\n"), { rows: 1, rejectedRows: 949_996 }],
    ["of different rows", distinctRows(1_900_000), { rows: 633_332 }],
    ["of rows that leave out the delimiters of 500 columns", filled(`a${",".repeat(499)}\n`, "1\n"), { code: "InvalidCsv" }],
  ])("%s ends as it should", async (_kind, csv, outcome) => {
    expect(await inThread(csv)).toMatchObject(outcome);
  });
});

describe("in the memory of its thread, a file with more rows than that holds", () => {
  it.each([
    [
      "of which all are different",
      `a\n${Array.from({ length: 2_000_000 }, (_, row) => `${row}\n`).join("")}`,
      { rows: 2_000_000 },
    ],
    ["of which all but one are rejected", `a,b\n1,2\n${"1\n".repeat(2_500_000)}`, { rows: 1, rejectedRows: 2_500_000 }],
  ])("%s ends as it should", async (_kind, csv, outcome) => {
    expect(await inThread(csv, "file")).toMatchObject(outcome);
  });
});

describe("the etl job", () => {
  it("takes a file that is longer than a text may be: every row, in its order", async () => {
    // Few have quotes, which take long to read.
    const noteOf = (n: number): string => (n % 50 === 3 ? '"two\nlines"' : n % 50 === 7 ? '"it is ""so"""' : "as it is");
    const row = (n: number): string => `${n},${noteOf(n)},${(n / 100).toFixed(2)},${n % 7 === 0 ? "" : n % 5}\n`;
    const csv = `id,note,price,few\n${Array.from({ length: 75_000 }, (_, n) => row(n)).join("")}1,2\n${row(0)}`;
    const { result, files } = await testJob(etl, { columns: { few: "integer" } }, { files: { data: { content: csv } } });
    expect(result).toMatchObject({ rows: 75_000, droppedDuplicates: 1, rejectedRows: 1, columns: 4 });
    const { values, types } = await readParquet(files.get("table.parquet")?.bytes ?? new Uint8Array());
    expect(types).toEqual(["BIGINT", "VARCHAR", "DECIMAL(18,2)", "BIGINT"]);
    expect(values.length).toBe(75_000);
    expect(values.findIndex(([id], n) => id !== String(n))).toBe(-1);
    expect(values[3]).toEqual(["3", "two\nlines", "0.03", "3"]);
    expect(values[74_957]).toEqual(["74957", 'it is "so"', "749.57", "2"]);
    const { columns } = JSON.parse(new TextDecoder().decode(files.get("summary.json")?.bytes));
    expect(columns[0]).toMatchObject({ distinct: 75_000, min: "0", max: "74999", mean: 37_499.5 });
    expect(new TextDecoder().decode(files.get("rejects.csv")?.bytes)).toMatch(
      /^line,reason,row\n\d+,"2 values for 4 columns","1,2"\n$/,
    );
  });
});
