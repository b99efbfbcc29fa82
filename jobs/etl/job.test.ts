import { testJob } from "@autoscaling-job-queues/worker/testing";
import { describe, expect, it } from "vitest";
import { csvCase, readParquet, runEtl } from "./__tests__/run-etl.ts";
import etl from "./job.ts";
import { samples } from "./samples.ts";

describe("tables that programs got wrong", () => {
  it.each([
    [
      "phone-numbers.csv",
      ["VARCHAR", "VARCHAR", "BIGINT"],
      [
        ["Anna Schmidt", "+4915123456789", "10"],
        ["Jean Dupont", "+33612345678", "20"],
        ["Ann Lee", "+12025550143", "30"],
      ],
    ],
    [
      "cents-past-double.csv",
      ["VARCHAR", "DECIMAL(18,2)"],
      [
        ["a", "999999999999999.99"],
        ["b", "123456789012345.67"],
      ],
    ],
    [
      "versions-1.1-and-1.10.csv",
      ["VARCHAR", "VARCHAR"],
      [
        ["lib", "1.1"],
        ["lib", "1.10"],
        ["lib", "1.2"],
      ],
    ],
    [
      "firmware-versions.csv",
      ["VARCHAR", "VARCHAR"],
      [
        ["a", "10.12.123"],
        ["b", "11.10.345"],
        ["c", "13.4.210"],
      ],
    ],
    [
      "excel-sep-line.csv",
      ["BIGINT", "VARCHAR"],
      [
        ["1", "Oslo"],
        ["2", "Paris"],
        ["3", "Rome"],
      ],
    ],
    [
      "preamble.csv",
      ["BIGINT", "VARCHAR", "BIGINT"],
      [
        ["1", "a", "5"],
        ["2", "b", "6"],
      ],
    ],
    [
      "semicolon-with-decimal-commas.csv",
      ["DECIMAL(18,2)", "DECIMAL(18,2)", "VARCHAR"],
      [
        ["59.91", "10.75", "Oslo"],
        ["48.85", "2.35", "Paris"],
        ["41.90", "12.49", "Rom"],
      ],
    ],
    [
      "european-decimals.csv",
      ["VARCHAR", "DECIMAL(18,2)", "VARCHAR"],
      [
        ["Apfel", "1.50", "03.04.2026"],
        ["Birne", "2.75", "13.04.2026"],
        ["Kirsche", "1234.99", "01.05.2026"],
      ],
    ],
    [
      "rowid-column.csv",
      ["BIGINT", "VARCHAR", "BIGINT"],
      [
        ["10", "ten", "1"],
        ["9", "nine", "2"],
        ["100", "hundred", "3"],
        ["2", "two", "4"],
        ["1", "one", "5"],
      ],
    ],
    [
      "unclosed-quote.csv",
      ["BIGINT", "VARCHAR"],
      [
        ["1", "good"],
        ["3", "great"],
        ["4", "bad"],
        ["5", "fine"],
        ["6", "ok"],
        ["7", "ok then"],
      ],
    ],
  ])("%s keeps its values and their order", async (file, types, values) => {
    expect(await runEtl(csvCase(file))).toMatchObject({ types, values, droppedDuplicates: 0 });
  });

  it("have their names where they are: after Excel's sep line, after a preamble, in a column called rowid", async () => {
    expect((await runEtl(csvCase("excel-sep-line.csv"))).names).toEqual(["id", "city"]);
    expect((await runEtl(csvCase("preamble.csv"))).names).toEqual(["id", "name", "qty"]);
    expect((await runEtl(csvCase("rowid-column.csv"))).names).toEqual(["rowid", "name", "qty"]);
  });

  it("tell of the line whose quote is not closed", async () => {
    const { rejectedRows, lines, rejects } = await runEtl(csvCase("unclosed-quote.csv"));
    expect(lines).toEqual({ total: 8, beforeHeader: 0, header: 1, rows: 6, rejected: 1, blank: 0 });
    expect(rejectedRows).toBe(1);
    expect(rejects).toBe('line,reason,row\n3,"a quote is not closed","2,""so-so"\n');
  });

  it("may ask for the numbers of European decimals", async () => {
    const csv = csvCase("european-decimals.csv");
    for (const settings of [{ columns: { Preis: "number" } }, { decimal: "," }, { columns: { preis: "number" }, decimal: "," }]) {
      expect(await runEtl(csv, settings)).toMatchObject({
        rejectedRows: 0,
        summary: { columns: [{}, { type: "number", min: "1.50" }, {}] },
      });
    }
  });
});

describe("the summary", () => {
  it("tells of every column its type, nulls, different values, range and mean", async () => {
    const csv = "N,x,d,t,e\n1,0.5,2026-01-02,b,\n10,,2026-01-01,a,\n9,1.5,2026-01-01,b,\n";
    expect((await runEtl(csv)).summary).toMatchObject({
      rows: 3,
      droppedDuplicates: 0,
      rejectedRows: 0,
      delimiter: ",",
      lines: { total: 4, beforeHeader: 0, header: 1, rows: 3, rejected: 0, blank: 0 },
    });
    expect((await runEtl(csv)).summary.columns).toEqual([
      { header: "N", name: "n", type: "integer", nulls: 0, distinct: 3, min: "1", max: "10", mean: 20 / 3 },
      { header: "x", name: "x", type: "number", nulls: 1, distinct: 2, min: "0.5", max: "1.5", mean: 1 },
      { header: "d", name: "d", type: "date", nulls: 0, distinct: 2, min: "2026-01-01", max: "2026-01-02" },
      { header: "t", name: "t", type: "text", nulls: 0, distinct: 2, min: "a", max: "b" },
      { header: "e", name: "e", type: "text", nulls: 3, distinct: 0, min: null, max: null },
    ]);
  });

  it.each([
    [Array(49).fill("1"), 1],
    [Array(10).fill("0.1"), 0.1],
    [["0.1", "0.2"], 0.15],
    [["-5", "", "-6"], -5.5],
    [["9223372036854775807", "9223372036854775807"], 2 ** 63],
    [["99999999999999999999999999999999999999", "1"], 5e37],
    [["0.0000000000000000000000000000000000001", "0"], 5e-38],
  ])("tells the mean of %j to the last digit of a double", async (texts, mean) => {
    const csv = `a,b\n${texts.map((text) => `${text},x\n`).join("")}`;
    expect((await runEtl(csv, { dropDuplicates: false })).summary.columns).toMatchObject([{ mean }, {}]);
  });

  it("stays small and exact", async () => {
    const { summary } = await runEtl(`t,n\n${"x".repeat(5_000)},9007199254740993\n`);
    expect(summary.columns).toMatchObject([{ min: "x".repeat(200) }, { max: "9007199254740993", mean: 2 ** 53 }]);
  });
});

describe("the etl job", () => {
  it("cleans every sample, rejecting nothing", async () => {
    for (const { name, input } of await samples()) {
      const { result, files } = await testJob(etl, input);
      const { rows, rejectedRows } = result as { rows: number; rejectedRows: number };
      const { values } = await readParquet(files.get(`${(input as { name: string }).name}.parquet`)?.bytes ?? new Uint8Array());
      expect({ name, rejectedRows, rows: values.length }).toEqual({ name, rejectedRows: 0, rows });
    }
  });

  it("finds in four years of weather what is in them", async () => {
    const [weather] = await samples();
    const { result, progress, files } = await testJob(etl, weather?.input);
    expect(result).toMatchObject({ rows: 1_461, columns: 6, droppedDuplicates: 0 });
    expect(progress.map(({ fraction }) => fraction)).toEqual([0.1, 0.4, 0.7, 0.9]);
    expect(files.get("seattle-weather.parquet")?.contentType).toBe("application/vnd.apache.parquet");
    expect([...files.keys()]).toEqual(["seattle-weather.parquet", "summary.json"]);
    const { columns } = JSON.parse(new TextDecoder().decode(files.get("summary.json")?.bytes));
    expect(columns[0]).toMatchObject({ name: "date", type: "date", min: "2012-01-01", max: "2015-12-31" });
  });

  it("takes as many columns as are allowed, of any kind, within the memory of its container", async () => {
    const values = ["12", "3.5", "abc", "2026-03-01", ""];
    const names = Array.from({ length: 500 }, (_, n) => `c${n}`);
    const rows = Array.from({ length: 200 }, (_, row) =>
      names.map((_, n) => values[(row * 31 + n * 17 + ((row * n) % 7)) % 5] ?? ""),
    );
    const table = await runEtl([names, ...rows].map((row) => row.join()).join("\n"), { dropDuplicates: false });
    expect(table.rows).toBe(200);
    expect(table.values).toEqual(rows.map((row) => row.map((text) => text || null)));
  });

  it("fails for good where it finds no row", async () => {
    const failure = { name: "PermanentError", code: "NoRows" };
    await expect(runEtl("a,b\n")).rejects.toMatchObject({ ...failure, message: "the CSV has no rows" });
    await expect(runEtl("a,b\n1\n2\n")).rejects.toMatchObject({
      ...failure,
      message: "no row can be used; line 2: 1 values for 2 columns",
    });
  });

  it("takes a file as it takes a text, and one table only", async () => {
    const csv = csvCase("european-decimals.csv");
    const [ofText, ofFile] = [await testJob(etl, { csv }), await testJob(etl, {}, { files: { data: { content: csv } } })];
    expect(ofFile.result).toEqual(ofText.result);
    expect(ofFile.files).toEqual(ofText.files);
    const failure = { name: "PermanentError", code: "NotOneTable" };
    await expect(testJob(etl, {})).rejects.toMatchObject(failure);
    await expect(testJob(etl, { csv }, { files: { data: { content: csv } } })).rejects.toMatchObject(failure);
  });

  it.each([0.1, 0.4, 0.7, 0.9])("hears an abort in the middle of the step that begins at %d", async (step) => {
    const controller = new AbortController();
    const reported: number[] = [];
    const cancelled = {
      ...etl,
      handler: (input: Parameters<typeof etl.handler>[0], job: Parameters<typeof etl.handler>[1]) =>
        etl.handler(input, {
          ...job,
          progress: async (fraction) => {
            reported.push(fraction);
            // As the message to a thread: it is read in a later turn of the event loop.
            if (fraction === step) setImmediate(() => setImmediate(() => controller.abort(new Error("the job was cancelled"))));
          },
        }),
    };
    const csv = `a;b;c\n${Array.from({ length: 200_000 }, (_, row) => `${row.toString(36)};;\n`).join("")}`;
    await expect(testJob(cancelled, { csv }, { signal: controller.signal })).rejects.toThrow("the job was cancelled");
    expect(reported.at(-1)).toBe(step);
  });

  it.each([
    { csv: "" },
    { csv: "a\n1", delimiter: ",," },
    { csv: "a\n1", decimal: "'" },
    { csv: "a\n1", nulls: "NA" },
    { csv: "a\n1", columns: { a: "blob" } },
    { csv: "a\n1", name: "../x" },
    { csv: "a\n1", unknown: 1 },
  ])("refuses the input %j", (input) => {
    expect(etl.jobType.input.safeParse(input).success).toBe(false);
  });
});
