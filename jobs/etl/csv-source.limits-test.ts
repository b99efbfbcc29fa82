import { describe, expect, it } from "vitest";
import { allOf } from "./__tests__/all-of.ts";
import { type CsvRecord, readRecords } from "./csv-records.ts";
import { fileSource, readBatches, readSample, SAMPLE_CHARACTERS, textSource } from "./csv-source.ts";

const SIGNAL = new AbortController().signal;

/** A file that is read in parts that end anywhere, also within a character. */
const fileOf = (csv: string, partBytes = 65_521) => {
  const bytes = Buffer.from(csv);
  return fileSource(bytes.byteLength, async () => {
    return (async function* () {
      for (let from = 0; from < bytes.byteLength; from += partBytes) yield bytes.subarray(from, from + partBytes);
    })();
  });
};

const recordsOf = async (csv: string): Promise<CsvRecord[]> => (await allOf(readBatches(fileOf(csv), ",", SIGNAL))).flat();

describe("a CSV that is read in parts", () => {
  it.each([
    ["plain rows", "1,zwölf,🎉\n"],
    ["lines that end in two characters", "1,a\r\n\r\n"],
    ["lines that end in a carriage return", "1,a\r"],
    ["quoted values of several lines", '1,"a\n""b"", c\r\n🎉"\n2,c\n'],
    ["values longer than a part", `1,"${"x\n".repeat(150_000)}"\n`],
    ["quotes that make no sense", '1,5" pipe\n2,"say" so\n'],
    ["blank lines", "\n\n\n1\n"],
  ])("has the records that it has as a whole: %s", async (_kind, row) => {
    const csv = `a,b\n${row.repeat(1_300_000 / row.length)}`;
    const [parts, whole] = [await recordsOf(csv), await readRecords(csv, ",", SIGNAL)];
    expect(parts.length).toBe(whole.length);
    // One comparison of many is slow to print, and slow to make.
    expect(JSON.stringify(parts)).toBe(JSON.stringify(whole));
  });

  it("gives up a quote that is not closed, and reads on below it", async () => {
    const records = await recordsOf(`a,b\n${"1,2\n".repeat(400_000)}1,"open\n${"3,4\n".repeat(900_000)}`);
    expect(records).toHaveLength(1_300_002);
    expect(records[400_001]).toMatchObject({ line: 400_002, lines: 1, problem: "a quote is not closed" });
    expect(records.at(-1)).toMatchObject({ line: 1_300_002, fields: ["3", "4"] });
  });

  it("is refused where it is not text, with the line, wherever that is", async () => {
    const rows = "1,2\n".repeat(700_000);
    await expect(recordsOf(`a,b\n${rows}x\0,2\n${rows}`)).rejects.toMatchObject({
      code: "InvalidCsv",
      message: expect.stringMatching(/^line 700002 has the character U\+0000/),
    });
    const latin = Buffer.concat([Buffer.from(`a,b\n${rows}gr`), Buffer.from([0xfc]), Buffer.from(`n,2\n${rows}`)]);
    const source = fileSource(latin.byteLength, async () =>
      (async function* () {
        yield latin;
      })(),
    );
    await expect(allOf(readBatches(source, ",", SIGNAL))).rejects.toMatchObject({
      message: expect.stringMatching(/^line 700002 has the character U\+FFFD/),
    });
  });

  it("is refused where a line does not end, before it fills the memory", async () => {
    const failure = { code: "InvalidCsv", message: "line 1 or one below has more than 1900000 characters" };
    let given = 0;
    const endless = fileSource(1e9, async () =>
      (async function* () {
        for (; given < 1e9; given += 1_000_000) yield Buffer.alloc(1_000_000, "x");
      })(),
    );
    await expect(readSample(endless)).rejects.toMatchObject(failure);
    expect(given).toBeLessThan(6_000_000);
  });

  it("has a beginning that ends with a line, and all of it where it is short", async () => {
    expect(await readSample(textSource("a,b\n1"))).toEqual({ text: "a,b\n1", isWhole: true });
    expect(await readSample(fileOf("a,b\n1"))).toEqual({ text: "a,b\n1", isWhole: true });
    const { text, isWhole } = await readSample(fileOf("a,b\r\n".repeat(400_000)));
    expect({ isWhole, end: text.slice(-5) }).toEqual({ isWhole: false, end: "a,b\r\n" });
    expect(text.length).toBeLessThanOrEqual(SAMPLE_CHARACTERS + 65_521);
  });

  it("loses its byte order mark, and keeps none of another's", async () => {
    expect((await recordsOf("\ufeffa,b\n1,2\n"))[0]?.fields).toEqual(["a", "b"]);
  });
});
