import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allOf } from "./__tests__/all-of.ts";
import { textSource } from "./csv-source.ts";
import { openTable } from "./csv-table.ts";

const readTable = async (csv: string, delimiter?: string) => {
  const { batches, ...table } = await openTable(textSource(csv), new AbortController().signal, delimiter);
  const read = await allOf(batches);
  return { ...table, rows: read.flatMap(({ rows }) => rows), rejects: read.flatMap(({ rejects }) => rejects) };
};
const fieldsOf = async (csv: string, delimiter?: string) => (await readTable(csv, delimiter)).rows.map(({ fields }) => fields);
const failure = (message: string) => ({
  name: "PermanentError",
  code: "InvalidCsv",
  message: expect.stringContaining(message),
});

describe("the delimiter", () => {
  it.each([",", ";", "\t", "|"])("is found when %j stands between values", async (delimiter) => {
    const csv = `a${delimiter}"b,c;d|e"${delimiter}f\n1${delimiter}2${delimiter}3\n`;
    expect(await readTable(csv)).toMatchObject({ delimiter, headers: ["a", "b,c;d|e", "f"] });
  });

  it.each([
    ["decimal commas in every row, and in the names", "N, 1;O, 2;P\n1,5;2,5;x\n3,5;4,5;y\n", ";"],
    ["decimal commas in every value", "a;b\n1,5;2,5\n3,5;4,5\n", ";"],
    ["prose with commas", "a\tb\nx, y\tz\nu\tv, w\n", "\t"],
    ["semicolons in the values of some rows", "a,b\nx;y,1\nz,2\n", ","],
    ["a semicolon in the values of each row", "a,b\nx;y,1\nu;v,2\n", ","],
    ["rows with too few values", "a;b;c\n1,5;2\n1,5;2;3\n1;2;3\n", ";"],
    ["one column", "a\n1\n2\n", ","],
    ["one column of prose", "a\nx y\nz\n", ","],
  ])("is found beside %s", async (_case, csv, delimiter) => {
    expect((await readTable(csv)).delimiter).toBe(delimiter);
  });

  it("is found where other delimiters leave more quotes open than a table may have", async () => {
    const row = '"1","a; b\nc"\n';
    expect(await readTable(`"id","note"\n${row.repeat(10_001)}`)).toMatchObject({
      delimiter: ",",
      headers: ["id", "note"],
      rejects: [],
    });
    await expect(readTable(`id;note\n${'1;"a\n'.repeat(10_001)}2;b, c\n`)).rejects.toMatchObject(
      failure("has a quote that is not closed"),
    );
  });

  it("may be told of a table with one column, whose numbers have a decimal comma", async () => {
    expect(await fieldsOf("price\n1,50\n2,75\n", ";")).toEqual([["1,50"], ["2,75"]]);
  });

  it("may be told, by the caller or by Excel's first line", async () => {
    expect(await fieldsOf("a:b,c\n1:2,3\n", ":")).toEqual([["1", "2,3"]]);
    expect(await fieldsOf("a b\n1 2\n", " ")).toEqual([["1", "2"]]);
    expect(await readTable("\ufeffsep=|\r\na;b|c\r\n1|2\r\n")).toMatchObject({
      delimiter: "|",
      headers: ["a;b", "c"],
      lines: { beforeHeader: 1, total: 3 },
    });
    expect(await readTable("SEP=;\na;b\n1,5;2\n", ",")).toMatchObject({ headers: ["a;b"], lines: { beforeHeader: 1 } });
    expect(await readTable('"sep=;"\na;b\n1,5;2\n')).toMatchObject({ headers: ["a", "b"], lines: { beforeHeader: 1 } });
    expect((await readTable("sep=,x\n1,2\n")).headers).toEqual(["sep=", "x"]);
  });
});

describe("column names", () => {
  it.each([
    ["a sentence", "Report of 2026-03-01\n\nid,name\n1,a\n2,b\n", 2],
    ["several lines, some with values", "Report\nfrom,2026-03-01\n\nid,name,qty\n1,a,2\n2,b,3\n3,c,4\n4,d,5\n", 3],
    ["blank lines", "\n\nid,name\n1,a\n", 2],
    ["a line that a spreadsheet filled up", "Sales report,,\n,,\nid,name,qty\n1,a,2\n2,b,3\n", 2],
    ["several of them", "Report;2026-01-01;;;\nby;;;;\n;;;;\nid;name;x;y;z\n1;a;3;4;5\n2;b;4;5;6\n", 3],
    ["one with most of the columns", "Report,of,2026,\n,,,\nid,name,x,y\n1,a,2,3\n", 2],
    ["a filled-up blank line", ",,\nid,name,qty\n1,a,2\n", 1],
    ["a line with fewer delimiters than the table", "Report\n\nid,name,\n1,a,\n2,b,\n", 2],
    ["a byte order mark", "\ufeffid,name\n1,a\n", 0],
    ["two of them, as programs add them", '\ufeff\ufeff"id",name\n1,a\n', 0],
    ["nothing", "id,name\n1,a\n", 0],
  ])("are found after %s", async (_case, csv, beforeHeader) => {
    const { headers, lines, rows } = await readTable(csv);
    expect({ first: headers.slice(0, 2), beforeHeader: lines.beforeHeader, values: rows[0]?.fields.slice(0, 2) }).toEqual({
      first: ["id", "name"],
      beforeHeader,
      values: ["1", "a"],
    });
  });

  it("may be quoted, empty, numbers among them, or take several lines", async () => {
    expect(await readTable('"a ""b""","c\r\nd",,2001\n1,2,3,4\n')).toMatchObject({
      headers: ['a "b"', "c\r\nd", "", "2001"],
      lines: { header: 2, total: 3 },
    });
  });

  it.each([
    ["delimiters at the end of the rows only", "a,b\n1,2,\n3,4,\n", ["a", "b"]],
    ["delimiters at the end of all lines", "a,b,,\n1,2,,\n3,4,,\n", ["a", "b", "", ""]],
    ["a column without a name at the end", "a,b,\nx,y,\n1,2,z\n", ["a", "b", ""]],
    ["one at the beginning, as data frames have it", ",value\n0,x\n1,y\n", ["", "value"]],
    ["years, and a blank line below", "a,2001\n\n1,2\n3,4\n", ["a", "2001"]],
  ])("stay on the first line with %s", async (_case, csv, headers) => {
    expect(await readTable(csv)).toMatchObject({ headers, rejects: [], lines: { beforeHeader: 0 } });
  });

  it.each([
    ["are not told from a line that a spreadsheet filled up", "Report,,\nid,name,qty\n1,a,2\n", "line 1 has 1 of 3 values"],
    ["are not told from several of them", "Report,,\nby me,,\nid,name,qty\n1,a,2\n", "line 1 has 1 of 3 values"],
    ["may be below as many values", "Report,2026\n\nid,name\n1,a\n2,b\n", "line 1 has 2 of 2 values"],
    ["are not told from a preamble without a blank line", "Report of 2026\nid,name\n1,a\n2,b\n", "line 1 has 1 of 2 values"],
    ["are fewer than the values, as R writes them", "a,b\nr1,1,2\nr2,3,4\n", "line 1 has 2 of 3 values"],
    ["are left out for half of the columns or more", "Report;;\n1;a;5\n2;b;6\n", "line 1 names 1 of 3 columns"],
    ["would be numbers after a preamble", "Report\n\n1,a\n2,b\n", "line 1 has 1 of 2 values"],
    ["are numbers", "1,2.5\n3,4\n", "line 1 holds no column names"],
    ["are empty", ",\n1,2\n", "line 1 holds no column names"],
    ["are delimiters like all the rest", ",".repeat(1_900_000), "line 1 holds no column names"],
    ["are far too many", `${"a,".repeat(49_999)}a\n1`, "50000 columns; allowed: 500"],
    ["are below nothing but delimiters", ";,|\t\n".repeat(3), "line 1 holds no column names"],
    ["have a quote that is not closed", 'a,"b\n1,2\n3,4\n', "line 1: a quote is not closed"],
    ["are not there", "\n\n", "the CSV is empty"],
    ["are too many", `${"a,".repeat(500)}a\n1`, "501 columns; allowed: 500"],
    ["may be one, above decimal commas", "price\n1,50\n2,75\n", 'or tell the "delimiter" if it is not ,'],
    ["are prose with commas", "title\nx, y\nz, w\n", "line 1 has 1 of 2 values"],
  ])("fail the job for good where they %s", async (_case, csv, message) => {
    await expect(readTable(csv)).rejects.toMatchObject(failure(message));
  });
});

describe("a text", () => {
  it.each([
    ["UTF-16", "a\u0000,\u0000b\u0000\n\u00001\u0000,\u00002\u0000", "line 1 has the character U+0000"],
    ["Latin-1 that was read as UTF-8", "name,city\nJ\ufffdrg,K\ufffdln\n", "line 2 has the character U+FFFD"],
    ["a binary file", "PK\u0003\u0004 a,b", "line 1 has the character U+0003"],
    ["UTF-16 in another order", "\ufffea,b\n", "line 1 has the character U+FFFE"],
    ["UTF-8 that was read as Latin-1", "ï»¿a,b\n1,2\n", "line 1 has the character U+00EF"],
    ["text with a NUL", "a,b\n1,2\n3,x\0\n", "line 3 has the character U+0000"],
    ["half of a pair of code units", "a,b\r\n1,2\r\n3,\ud83d\r\n", "line 3 has the character U+D83D"],
  ])("fails the job for good where it is %s", async (_case, csv, message) => {
    await expect(readTable(csv)).rejects.toMatchObject(failure(message));
  });
});

describe("quotes", () => {
  it.each([
    ["around delimiters and line ends", '"a,b","c\r\nd\re"\n', ["a,b", "c\r\nd\re"]],
    ["doubled", '"say ""hi""",""""\n', ['say "hi"', '"']],
    ["around nothing", '"",""\n', ["", ""]],
    ["within a value", '5" pipe,x"y"z\n', ['5" pipe', 'x"y"z']],
    ["after a blank", ' "a", "b"\n', [' "a"', ' "b"']],
    ["before a blank", '"a" ,"b"\n', ['"a" ', "b"]],
    ["that end before their value", '"a"b,c\n', ['"a"b', "c"]],
    ["escaped by backslashes", '"say \\"hi\\"",b\n', ['"say \\"hi\\""', "b"]],
    ["after a backslash", '"C:\\",b\n', ["C:\\", "b"]],
  ])("%s leave the values as they are, and the lines after them", async (_case, row, fields) => {
    expect(await fieldsOf(`a,b\n1,2\n${row}3,4\n`)).toEqual([["1", "2"], fields, ["3", "4"]]);
  });

  it("that are never closed swallow no other line, wherever they are", async () => {
    const csv = 'id,x\n1,"a\n2,b\n3,"c\n"4,d\n5,"e,f"\n6,"g\n7,h';
    const { rows, rejects, lines } = await readTable(csv);
    expect(rows.map(({ line, fields }) => [line, ...fields])).toEqual([
      [3, "2", "b"],
      [6, "5", "e,f"],
      [8, "7", "h"],
    ]);
    expect(rejects.map(({ line, reason, text }) => [line, reason, text])).toEqual([
      [2, "a quote is not closed", '1,"a'],
      [4, "a quote is not closed", '3,"c'],
      [5, "a quote is not closed", '"4,d'],
      [7, "a quote is not closed", '6,"g'],
    ]);
    expect(lines).toEqual({ total: 8, beforeHeader: 0, header: 1, blank: 0 });
  });

  it("that are never closed cost a line each, however many there are", async () => {
    const csv = `a,b\n1,2\n${'1,"x\n2,y\n'.repeat(1_000)}`;
    const { rows, rejects } = await readTable(csv);
    expect([rows.length, rejects.length]).toEqual([1_001, 1_000]);
  });
});

describe("rows", () => {
  it.each([
    ["\\n", "a,b\n1,2\n3,4\n"],
    ["\\r\\n", "a,b\r\n1,2\r\n3,4\r\n"],
    ["\\r", "a,b\r1,2\r3,4\r"],
    ["all of them", "a,b\r1,2\r\n3,4\n"],
    ["nothing at the end", "a,b\n1,2\n3,4"],
  ])("end with %s", async (_end, csv) => {
    expect(await readTable(csv)).toMatchObject({
      rows: [
        { line: 2, fields: ["1", "2"] },
        { line: 3, fields: ["3", "4"] },
      ],
      lines: { total: 3 },
    });
  });

  it("with more or fewer values than names are rejected, but for empty ones at the end", async () => {
    const { rows, rejects } = await readTable("a,b,\n1,2\n1,2,3\n1,2,,,\n1\n1,2,3,4\n# comment\n");
    expect(rows.map(({ line }) => line)).toEqual([2, 3, 4]);
    expect(rejects.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
      "5: 1 values for 3 columns",
      "6: 4 values for 3 columns",
      "7: 1 values for 3 columns",
    ]);
  });

  it("may have empty columns at the end, as spreadsheets write them", async () => {
    expect(await readTable("id;name;;;;\n1;a;;;;\n2;b;;;;\n")).toMatchObject({
      headers: ["id", "name", "", "", "", ""],
      rejects: [],
      rows: [{}, {}],
    });
  });

  it("are rejected alone where they are very wide", async () => {
    const { rows, rejects } = await readTable(`a,b\n1,2\n${"1,".repeat(49_999)}1\n3,4\n5,6\n`);
    expect([rows.length, rejects.map(({ line, reason }) => `${line}: ${reason}`)]).toEqual([
      3,
      ["3: 50000 values for 2 columns"],
    ]);
  });

  it("have values of any length", async () => {
    const long = 'x"\n'.repeat(600_000);
    expect(await fieldsOf(`a,b\n1,"${long.replaceAll('"', '""')}"\n`)).toEqual([["1", long]]);
  });

  it("have as many cells as a text of the greatest length, or the job fails for good", async () => {
    await expect(readTable(`a${",".repeat(499)}\n${"1\n".repeat(4_001)}`)).rejects.toMatchObject(
      failure("the CSV has 4001 rows of 500 columns, 2000500 cells; allowed: 2000000"),
    );
  });

  it("are not what blank lines are, except where the table has one column", async () => {
    expect(await readTable("a,b\n\n1,2\n\n\n")).toMatchObject({
      rows: [{ line: 3 }],
      rejects: [],
      lines: { total: 5, blank: 3 },
    });
    expect(await fieldsOf('a\n\n1\n""\n\n')).toEqual([[""], ["1"], [""], [""]]);
  });

  it("keep every value of any table, and account for every line", async () => {
    const value = fc
      .oneof(fc.string({ unit: "grapheme" }), fc.constantFrom('"', '""', "\n", "\r\n", "\r", ",", ";", "", " ", "1,5", '5" x'))
      .map((text) => text.replace(/[^\P{Cc}\r\n]|\ufffd/gu, ""));
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) => fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }));
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.constantFrom(",", ";", "\t"),
        async (rows, end, delimiter) => {
          const header = rows[0]?.map((_, index) => `name ${index}`) ?? [];
          const quoted = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(delimiter));
          const csv = [header.join(delimiter), ...quoted, ""].join(end);
          const read = await readTable(csv, delimiter);
          expect(read.rows.map(({ fields }) => fields)).toEqual(rows);
          expect(read.lines.total).toBe(csv.match(/\r\n|\n|\r/g)?.length);
          expect(read.lines.header + read.rows.reduce((sum, { lines }) => sum + lines, 0)).toBe(read.lines.total);
        },
      ),
    );
  });

  it("account for every line of any text, and lose none", async () => {
    const text = fc
      .array(fc.constantFrom('"', '""', ",", ";", "\n", "\r\n", "\r", "a", "1", " "), { minLength: 1, maxLength: 60 })
      .map((parts) => `name,x\n${parts.join("")}`);
    await fc.assert(
      fc.asyncProperty(text, async (csv) => {
        const { rows, rejects, lines } = await readTable(csv, ",");
        const total = (csv.match(/\r\n|\n|\r/g)?.length ?? 0) + (/[\r\n]$/.test(csv) ? 0 : 1);
        const inRecords = [...rows, ...rejects].reduce((sum, record) => sum + record.lines, 0);
        expect(lines.total).toBe(total);
        expect(lines.beforeHeader + lines.header + lines.blank + inRecords).toBe(total);
        const kept = [...rows, ...rejects].toSorted((a, b) => a.line - b.line).map((record) => record.text);
        expect(kept.join("").replace(/[\r\n]/g, "")).toBe(csv.slice("name,x\n".length).replace(/[\r\n]/g, ""));
      }),
    );
  });
});
