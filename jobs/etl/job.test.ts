import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestedJob, testJob } from "@autoscaling-job-queues/worker/testing";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EtlResult } from "./job.ts";
import etl from "./job.ts";
import { samples } from "./samples.ts";
import type { ColumnSummary } from "./summarise-columns.ts";

const FOLDER = mkdtempSync(path.join(tmpdir(), "etl-test-"));
let reader: DuckDBInstance;
beforeAll(async () => {
  process.env.TMPDIR = path.join(FOLDER);
  reader = await DuckDBInstance.create();
});
afterAll(() => rmSync(FOLDER, { recursive: true }));

/** What a reader of the Parquet file finds in it. */
async function parquetRows({ files }: TestedJob, name = "table.parquet") {
  const file = path.join(FOLDER, "read-back");
  writeFileSync(file, files.get(name)?.bytes ?? "");
  const connection = await reader.connect();
  const result = await connection.runAndReadAll(`FROM read_parquet('${file}')`);
  rmSync(file);
  return { names: result.columnNames(), types: result.columnTypes().map(String), rows: result.getRowsJson() };
}

function text({ files }: TestedJob, name: string): string {
  return new TextDecoder().decode(files.get(name)?.bytes);
}

function summary(tested: TestedJob): { columns: ColumnSummary[] } & Record<string, unknown> {
  return JSON.parse(text(tested, "summary.json"));
}

async function run(csv: string, settings: object = {}): Promise<TestedJob> {
  return await testJob(etl, { csv, ...settings });
}

describe("a cleaned table", () => {
  it("has names in snake case that are unique", async () => {
    const cleaned = await run("Airport Name,tempMax,Größe (cm),,US_Gross,us gross,us_gross_2,2001,日本\na,b,c,d,e,f,g,h,i\n");
    expect((await parquetRows(cleaned)).names).toEqual(
      ["airport_name", "temp_max", "größe_cm", "column_4", "us_gross", "us_gross_3", "us_gross_2", "2001", "日本"], //
    );
    expect(summary(cleaned).columns[0]).toMatchObject({ header: "Airport Name", name: "airport_name" });
  });

  it("has values without white space around, and NULL for what means nothing", async () => {
    const { rows } = await parquetRows(await run("a,b\n  x ,\u00a01\t\nNA,N/A\nnull,\n NULL ,2\n"));
    expect(rows).toEqual([
      ["x", "1"],
      [null, null],
      [null, "2"],
    ]);
  });

  it("has the narrowest type that fits every value of a column", async () => {
    const csv = `flag,count,price,day,moment,name
TRUE,1,.5,2026-01-02,2026-01-02T03:04:05Z,1
false,-9007199254740993,-2e3,Feb 29 2024,2026/1/2 3:04,x
`;
    expect(await parquetRows(await run(csv))).toMatchObject({
      types: ["BOOLEAN", "BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "VARCHAR"],
      rows: [
        [true, "1", 0.5, "2026-01-02", "2026-01-02 03:04:05", "1"],
        [false, "-9007199254740993", -2000, "2024-02-29", "2026-01-02 03:04:00", "x"],
      ],
    });
  });

  it("keeps as text what a number or a date would change: leading zeros, long digits, dates with two readings", async () => {
    const csv = "zip,account,day\n00501,12345678901234567890,3/4/2026\n10001,1,12/4/2026\n";
    expect((await parquetRows(await run(csv))).types).toEqual(["VARCHAR", "VARCHAR", "VARCHAR"]);
  });

  it("keeps as text what a timestamp would lose: offsets and digits past microseconds", async () => {
    const csv = "offset,fine,utc\n2026-01-02T10:00:00+02:00,2026-01-02 10:00:00.123456789,2026-01-02T10:00:00.123456Z\n";
    expect((await parquetRows(await run(csv))).types).toEqual(["VARCHAR", "VARCHAR", "TIMESTAMP"]);
  });

  it("may have any name, also one that JavaScript's objects inherit, or with quotes in it", async () => {
    const csv = `constructor,size 5",'); DROP TABLE trimmed; --,"say ""hi"""\n1,2,3,4\n`;
    expect(await parquetRows(await run(csv))).toMatchObject({
      names: ["constructor", "size_5", "drop_table_trimmed", "say_hi"],
      types: ["BIGINT", "BIGINT", "BIGINT", "BIGINT"],
    });
  });

  it("has rows once, in the order of the CSV, and all of them when asked to", async () => {
    const csv = "a,b\nz,1\na,2\nz , 1\nm,\nm,NA\n";
    const once = await run(csv);
    expect((await parquetRows(once)).rows).toEqual([
      ["z", "1"],
      ["a", "2"],
      ["m", null],
    ]);
    expect(once.result).toMatchObject({ rows: 3, droppedDuplicates: 2 });
    expect((await run(csv, { dropDuplicates: false })).result).toMatchObject({ rows: 5, droppedDuplicates: 0 });
  });

  it("reads quotes, line ends of any system, a byte order mark, and no line end at the end", async () => {
    const { names, rows } = await parquetRows(await run('\ufeff"a,1",b\r\n"x ""y""\r\nz",2\rq,3'));
    expect(names).toEqual(["a_1", "b"]);
    expect(rows).toEqual([
      ['x "y"\nz', "2"],
      ["q", "3"],
    ]);
  });

  it.each([";", "\t", "|"])("is found when %j stands between values", async (delimiter) => {
    const { names } = await parquetRows(await run(`a${delimiter}"b,c,d"${delimiter}e\n1${delimiter}2${delimiter}3\n`));
    expect(names).toEqual(["a", "b_c_d", "e"]);
  });

  it("may have a delimiter that is told", async () => {
    expect((await parquetRows(await run("a:b,c\n1:2,3\n", { delimiter: ":" }))).names).toEqual(["a", "b_c"]);
  });
});

describe("rejected rows", () => {
  it("are those with more or fewer values than the header, or an open quote, with the reason", async () => {
    const cleaned = await run('a,b\n1,2\n3\n4,5,6\n7,8\n"9,10\n');
    expect(cleaned.result).toMatchObject({ rows: 2, rejectedRows: 3, rejects: { contentType: "text/csv" } });
    expect(text(cleaned, "rejects.csv").split("\n")).toEqual([
      "reason,row",
      '"Expected Number of Columns: 2 Found: 1","3"',
      '"Expected Number of Columns: 2 Found: 3","4,5,6"',
      '"Value with unterminated quote found.","""9,10"',
      "",
    ]);
  });

  it("are those with a value that is not of the type asked for, by either name of the column", async () => {
    const csv = "Item,How Many\na,1\nb,many\nc,\n7,0x1\n";
    for (const column of ["How Many", "how_many"]) {
      const cleaned = await run(csv, { columns: { [column]: "integer", Item: "text" } });
      expect(cleaned.result).toMatchObject({ rows: 2, rejectedRows: 2, droppedDuplicates: 0 });
      expect((await parquetRows(cleaned)).rows).toEqual([
        ["a", "1"],
        ["c", null],
      ]);
      expect(text(cleaned, "rejects.csv")).toBe(
        'reason,row\n"how_many: many is no integer","b,many"\n"how_many: 0x1 is no integer","7,0x1"\n',
      );
    }
  });

  it("make no file where there are none", async () => {
    const { files } = await run("a\n1\n", { name: "one" });
    expect([...files.keys()]).toEqual(["one.parquet", "summary.json"]);
  });
});

describe("the summary", () => {
  it("tells of every column its type, nulls, different values, range and mean", async () => {
    const cleaned = await run("n,x,d,t,e\n1,0.5,2026-01-02,b,\n3,,2026-01-01,a,\n3,1.5,2026-01-01,b,\n", { name: "small" });
    expect(summary(cleaned)).toEqual({
      name: "small",
      rows: 3,
      droppedDuplicates: 0,
      rejectedRows: 0,
      delimiter: ",",
      columns: [
        { header: "n", name: "n", type: "integer", nulls: 0, distinct: 2, min: 1, max: 3, mean: 7 / 3 },
        { header: "x", name: "x", type: "number", nulls: 1, distinct: 2, min: 0.5, max: 1.5, mean: 1 },
        { header: "d", name: "d", type: "date", nulls: 0, distinct: 2, min: "2026-01-01", max: "2026-01-02" },
        { header: "t", name: "t", type: "text", nulls: 0, distinct: 2, min: "a", max: "b" },
        { header: "e", name: "e", type: "text", nulls: 3, distinct: 0, min: null, max: null },
      ],
    });
  });

  it("stays small and exact: texts are cut, integers past 2^53 stay text", async () => {
    const { columns } = summary(await run(`t,n\n${"x".repeat(5_000)},9007199254740993\n`));
    expect(columns).toMatchObject([{ min: "x".repeat(200) }, { max: "9007199254740993", mean: 2 ** 53 }]);
  });
});

describe("a CSV that cannot be used", () => {
  it.each([
    ["has no rows", "a,b\n", "NoRows", "no rows"],
    ["has no row that fits the header", "a,b\n1\n2\n", "NoRows", "Expected Number of Columns: 2 Found: 1"],
    ["has numbers where names should be", "1,2.5\n3,4\n", "InvalidCsv", "no column names"],
    ["has an empty first line", "\n1,2\n", "InvalidCsv", "no column names"],
    ["is a binary file", "PK\u0003\u0004 a,b", "InvalidCsv", "not text"],
    ["has too many columns", `${"a,".repeat(500)}a\n1`, "InvalidCsv", "501 columns"],
  ])("fails for good when it %s", async (_case, csv, code, message) => {
    await expect(run(csv)).rejects.toMatchObject({ name: "PermanentError", code, message: expect.stringContaining(message) });
  });

  it("fails for good when a type is asked for a column that it does not have", async () => {
    await expect(run("a,b\n1,2\n", { columns: { c: "text" } })).rejects.toMatchObject({
      name: "PermanentError",
      message: "columns.c: the CSV has no such column, but a, b",
    });
  });
});

describe("the etl job", () => {
  it("cleans every sample, rejecting nothing", async () => {
    for (const { name, input } of await samples()) {
      const cleaned = await testJob(etl, input);
      const { rows, columns, rejectedRows } = cleaned.result as EtlResult;
      const { name: file } = input as { name: string };
      expect({ name, rejectedRows, rows: (await parquetRows(cleaned, `${file}.parquet`)).rows.length }).toEqual({
        name,
        rejectedRows: 0,
        rows,
      });
      expect(summary(cleaned).columns).toHaveLength(columns);
    }
  });

  it("finds in a year's weather what is in it", async () => {
    const [weather] = await samples();
    const cleaned = await testJob(etl, weather?.input);
    expect(cleaned.result).toMatchObject({ rows: 1_461, columns: 6, droppedDuplicates: 0 });
    expect(summary(cleaned).columns[0]).toMatchObject({ name: "date", type: "date", min: "2012-01-01", max: "2015-12-31" });
    expect(cleaned.progress.map(({ fraction }) => fraction)).toEqual([0.1, 0.3, 0.5, 0.7, 0.9]);
    expect(cleaned.files.get("seattle-weather.parquet")?.contentType).toBe("application/vnd.apache.parquet");
  });

  it("stops a running query when it is aborted", async () => {
    const rows = Array.from({ length: 70_000 }, (_, n) => `${n},word ${n % 1_000},${n / 3}`).join("\n");
    const controller = new AbortController();
    const cleaning = testJob(
      { ...etl, handler: (input, job) => etl.handler(input, { ...job, progress: async () => abortSoon(controller) }) },
      { csv: `id,word,third\n${rows}`.slice(0, 1_900_000) },
      { signal: controller.signal },
    );
    await expect(cleaning).rejects.toThrow("the job was cancelled");
  });

  it("takes as many columns as are allowed", async () => {
    const names = Array.from({ length: 500 }, (_, n) => `c${n}`).join();
    const rows = Array.from({ length: 200 }, (_, row) => Array.from({ length: 500 }, (_, n) => (row * n) % 97).join());
    expect((await run(`${names}\n${rows.join("\n")}\n`)).result).toMatchObject({
      columns: 500,
      rows: 97,
      droppedDuplicates: 103,
    });
  });

  it("leaves nothing in the folder for temporary files", () => {
    expect(readdirSync(FOLDER)).toEqual([]);
  });

  it.each([
    {},
    { csv: "" },
    { csv: "a\n1", delimiter: ",," },
    { csv: "a\n1", columns: { a: "blob" } },
    { csv: "a\n1", name: "../x" },
    { csv: "a\n1", unknown: 1 },
  ])("refuses the input %j", (input) => {
    expect(etl.jobType.input.safeParse(input).success).toBe(false);
  });
});

/** Once the statement that follows has begun. */
function abortSoon(controller: AbortController): void {
  setImmediate(() => controller.abort(new Error("the job was cancelled")));
}
