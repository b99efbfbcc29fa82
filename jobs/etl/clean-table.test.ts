import { describe, expect, it } from "vitest";
import { runEtl } from "./__tests__/run-etl.ts";

const typeOf = async (csv: string, settings: object = {}) => {
  const { types, values } = await runEtl(csv, { dropDuplicates: false, ...settings });
  return { type: types[0], values: values.map(([first]) => first) };
};

describe("column names", () => {
  it("are in snake case and unique", async () => {
    const csv =
      "Airport Name,tempMax,Größe (cm),,US_Gross,us gross,us_gross_2,2001,日本,🎉,ID,Id,id\na,b,c,d,e,f,g,h,i,j,k,l,m\n";
    const { names, summary } = await runEtl(csv);
    expect(names).toEqual([
      "airport_name",
      "temp_max",
      "größe_cm",
      "column_4",
      "us_gross",
      "us_gross_3",
      "us_gross_2",
      "2001",
      "日本",
      "column_10",
      "id",
      "id_2",
      "id_3",
    ]);
    expect(summary.columns[9]).toMatchObject({ header: "🎉", name: "column_10" });
  });

  it("have 100 characters at most, whatever characters become", async () => {
    const { names } = await runEtl(`${"\ufdfa".repeat(1_800_000)}\n1\n`);
    expect([...(names[0] ?? "")]).toHaveLength(100);
  });

  it("may be words of SQL and of JavaScript, or have quotes and line ends in them", async () => {
    const csv = `rowid,select,filename,constructor,__proto__,"size 5"",'); DROP TABLE t; --","two\nlines"\n6,5,4,3,2,1,0\n`;
    expect(await runEtl(csv)).toMatchObject({
      names: ["rowid", "select", "filename", "constructor", "proto", "size_5_drop_table_t", "two_lines"],
      values: [["6", "5", "4", "3", "2", "1", "0"]],
      lines: { header: 2, rows: 1 },
    });
  });

  it("leave the rows in their order, also when there are 300", async () => {
    const names = ["rowid", ...Array.from({ length: 299 }, (_, n) => `Column ${n}`)];
    const rows = Array.from({ length: 50 }, (_, row) => names.map((_, n) => (row * 37 + n) % 50));
    expect((await runEtl([names, ...rows].join("\n"))).values.map(([first]) => Number(first))).toEqual(
      rows.map(([first]) => first),
    );
  });
});

describe("types that are asked for", () => {
  it("reject the rows whose value does not fit, by either name of the column", async () => {
    const csv = "Item,How Many\na,1\nb,many\nc,\n7,0x1\n";
    for (const name of ["How Many", "how_many"]) {
      expect(await runEtl(csv, { columns: { [name]: "integer", Item: "text" } })).toMatchObject({
        rows: 2,
        rejectedRows: 2,
        types: ["VARCHAR", "BIGINT"],
        values: [
          ["a", "1"],
          ["c", null],
        ],
        rejects:
          'line,reason,row\n3,"how_many: many is not a valid integer","b,many"\n5,"how_many: 0x1 is not a valid integer","7,0x1"\n',
      });
    }
  });

  it.each([
    [
      "the column with this header, and not one with this name",
      "Name,name,NAME",
      { name: "text" },
      ["BIGINT", "VARCHAR", "BIGINT"],
    ],
    [
      "a column with this name, where no header is like it",
      "Name,name,NAME",
      { name_3: "text" },
      ["BIGINT", "BIGINT", "VARCHAR"],
    ],
    [
      "a column twice, if both say the same",
      "Net Sales,b,c",
      { "Net Sales": "text", net_sales: "text" },
      ["VARCHAR", "BIGINT", "BIGINT"],
    ],
    ["one of two columns with the same header", "a,a,b", { a_2: "text" }, ["BIGINT", "VARCHAR", "BIGINT"]],
  ])("mean %s", async (_case, header, columns, types) => {
    expect(await runEtl(`${header}\n1,2,3\n`, { columns })).toMatchObject({ types });
  });

  it.each([
    [
      "Net Sales,net-sales,c",
      { net_sales: "text" },
      'columns.net_sales: 2 columns can be meant; allowed: "Net Sales", "net-sales"',
    ],
    ["a,a,A", { a: "text" }, 'columns.a: 2 columns can be meant; allowed: "a_2"'],
    [
      "Net Sales,b,c",
      { net_sales: "text", "Net Sales": "integer" },
      'columns.Net Sales: another key asks the column "Net Sales" for another type',
    ],
  ])("fail for good where they can mean several columns: %s, %j", async (header, columns, message) => {
    await expect(runEtl(`${header}\n1,2,3\n`, { columns })).rejects.toMatchObject({
      name: "PermanentError",
      code: "AmbiguousColumn",
      message,
    });
  });

  it("take what a column that is not asked for would not: numbers with different decimals", async () => {
    expect(await typeOf("a\n1.1\n1.10\n", { columns: { a: "number" } })).toEqual({
      type: "DECIMAL(18,2)",
      values: ["1.10", "1.10"],
    });
    expect(await typeOf("a\n1\n2\n", { columns: { a: "text" } })).toEqual({ type: "VARCHAR", values: ["1", "2"] });
  });

  it("read European decimals beside values that are no numbers", async () => {
    const { values, rejectedRows } = await runEtl("a;b\n1,50;x\nn/a;y\n", { columns: { a: "number" } });
    expect({ values, rejectedRows }).toEqual({ values: [["1.50", "x"]], rejectedRows: 1 });
  });

  it("take no thousands for decimals beside numbers with a decimal comma", async () => {
    const csv = "a;b\n1.234;x\n1.234,50;y\n12,75;z\n";
    expect(await runEtl(csv, { columns: { a: "number" } })).toMatchObject({
      values: [
        ["1234.50", "y"],
        ["12.75", "z"],
      ],
      rejects: 'line,reason,row\n2,"a: 1.234 is not a valid number","1.234;x"\n',
    });
  });

  it.each([
    [{ c: "text" }, "UnknownColumn", "columns.c: the CSV has no such column, but a, b"],
    [{ toString: "text" }, "UnknownColumn", "columns.toString"],
    [{ a: "number" }, "ConflictingValues", "columns.a: its numbers take 40 digits, and a column has 38"],
    [{ b: "timestamp" }, "ConflictingValues", "columns.b: some of its times end in Z, and some do not"],
  ])("fail for good where the table cannot have them: %j", async (columns, code, message) => {
    const csv = "a,b\n12345678901234567890,2026-01-01T00:00Z\n0.12345678901234567890,2026-01-01T00:00\n";
    await expect(runEtl(csv, { columns })).rejects.toMatchObject({
      name: "PermanentError",
      code,
      message: expect.stringContaining(message),
    });
  });
});

describe("duplicates", () => {
  it("are rows with the same texts, of which the first is kept, unless all are asked for", async () => {
    const csv = 'a,b\nz,1\na,2\nz,1\nz, 1\nz,1.0\nm,\nm,""\n';
    expect(await runEtl(csv)).toMatchObject({
      droppedDuplicates: 2,
      values: [
        ["z", "1"],
        ["a", "2"],
        ["z", " 1"],
        ["z", "1.0"],
        ["m", null],
      ],
    });
    expect(await runEtl(csv, { dropDuplicates: false })).toMatchObject({ rows: 7, droppedDuplicates: 0 });
  });

  it("are not made by joining values", async () => {
    expect((await runEtl('a,b\n"x,y",z\nx,"y,z"\n"x"",""y",z\n')).rows).toBe(3);
  });
});
