import { describe, expect, it } from "vitest";
import { runEtl } from "./__tests__/run-etl.ts";

const column = (...texts: readonly string[]): string => `a,b\n${texts.map((text) => `${text},x\n`).join("")}`;
const typeOf = async (csv: string, settings: object = {}) => {
  const { types, values } = await runEtl(csv, { dropDuplicates: false, ...settings });
  return { type: types[0], values: values.map(([first]) => first) };
};

describe("a column", () => {
  it.each([
    ["BOOLEAN", ["true", "false", ""]],
    ["BIGINT", ["0", "-1", "9223372036854775807", "-9223372036854775808", "9007199254740993"]],
    ["DECIMAL(38,0)", ["9223372036854775808", "-99999999999999999999999999999999999999"]],
    ["DECIMAL(18,2)", ["0.10", "-1.50", "12.00"]],
    ["DECIMAL(38,18)", ["0.100000000000000001"]],
    ["DECIMAL(38,17)", ["0.30000000000000004", "123456789012345.00000000000000001"]],
    ["DATE", ["2024-02-29", "0001-01-01", "9999-12-31", "1969-12-31"]],
    ["TIMESTAMP", ["2026-01-02 03:04:05", "1969-12-31 23:59:59"]],
    ["TIMESTAMP", ["2026-01-02 03:04:05.000001", "0001-01-01 00:00:00.999999"]],
  ])("is %s where that keeps all of %j", async (type, texts) => {
    const nulls = texts.map((text) => (text === "" ? null : text));
    expect(await typeOf(column(...texts))).toEqual({ type, values: nulls });
  });

  it("holds numbers with as many decimals as each needs, exactly", async () => {
    expect(await typeOf(column("0.5", "12.25", "3", "-0.125"))).toEqual({
      type: "DECIMAL(18,3)",
      values: ["0.500", "12.250", "3.000", "-0.125"],
    });
  });

  it("holds moments in UTC and times of a clock apart", async () => {
    expect(await typeOf(column("2026-01-02T03:04:05Z", "2026-07-02T03:04:05Z"))).toEqual({
      type: "TIMESTAMP WITH TIME ZONE",
      values: ["2026-01-02 03:04:05+00", "2026-07-02 03:04:05+00"],
    });
    expect(await typeOf(column("2026-01-02T03:04", "2026-07-02T03:04"))).toMatchObject({ type: "TIMESTAMP" });
  });

  it.each([
    ["phone numbers", ["+4915123456789"]],
    ["leading zeros", ["007", "8"]],
    ["one number written in two ways", ["1.1", "1.10"]],
    ["exponents", ["1e5", "2"]],
    ["the sign of zero", ["-0"]],
    ["the sign of zero with decimals", ["-0.00", "1.00"]],
    ["a point without digits", ["1.", "2"]],
    ["digits without a whole part", [".5"]],
    ["more than 38 digits", ["123456789012345678901234567890123456789"]],
    ["more than 38 digits in all", ["1234567890123456789012345678901", "0.12345678"]],
    ["hexadecimal numbers", ["0x1F", "10"]],
    ["digits of other scripts", ["١٢"]],
    ["blanks", [" 1", "2"]],
    ["thin spaces", ["1\u202f000"]],
    ["not a number", ["NaN", "1.5"]],
    ["infinity", ["Infinity", "inf"]],
    ["words for no value", ["NA", "1"]],
    ["NULL", ["NULL", "2026-01-01"]],
    ["percentages", ["12%", "5%"]],
    ["currencies", ["$5", "€7"]],
    ["an apostrophe", ["'1", "'2"]],
    ["underscores", ["1_000"]],
    ["capital booleans", ["TRUE", "FALSE"]],
    ["words for booleans", ["yes", "no"]],
    ["bits and a word", ["0", "true"]],
    ["dates with two readings", ["01/02/03", "3/4/2026"]],
    ["dates with points", ["10.12.123"]],
    ["dates in words", ["Apr 3 2026"]],
    ["days that no month has", ["2026-02-30"]],
    ["the year 0", ["0000-01-01"]],
    ["short dates", ["2026-1-2"]],
    ["hours past the day", ["2026-01-01 24:00:00"]],
    ["leap seconds", ["2016-12-31 23:59:60"]],
    ["offsets", ["2026-01-02T10:00:00+02:00"]],
    ["nanoseconds", ["2026-01-02 10:00:00.123456789"]],
    ["times with and without Z", ["2026-01-02T10:00:00Z", "2026-01-02T10:00:00"]],
    ["times with and without seconds", ["2026-01-02T10:00:00", "2026-01-02T10:00"]],
    ["times with a space and a T", ["2026-01-02T10:00:00", "2026-01-02 10:00:00"]],
    ["times with one and two digits of a second's part", ["2026-01-02 10:00:00.1", "2026-01-02 10:00:00.10"]],
    ["dates and a time", ["2026-01-02", "2026-01-02 10:00:00"]],
    ["identifiers", ["550e8400-e29b-41d4-a716-446655440000"]],
    ["addresses", ["192.168.100", "10.0.0.1"]],
    ["a last value of another kind", [...Array.from({ length: 5_000 }, (_, n) => String(n)), "x"]],
  ])("stays text where no type keeps %s", async (_kind, texts) => {
    expect(await typeOf(column(...texts))).toEqual({ type: "VARCHAR", values: texts });
  });

  it.each([
    ["European decimals", ["1,50", "-2,75", "1.234,99"], ["1.50", "-2.75", "1234.99"]],
    ["European millions", ["1.234.567,5", "0,5"], ["1234567.5", "0.5"]],
    ["English thousands", ["1,234.50", "12.25"], ["1234.50", "12.25"]],
    ["three decimals below 1", ["0,123", "1,500"], ["0.123", "1.500"]],
    ["whole numbers among European decimals", ["1,5", "12"], ["1.5", "12.0"]],
  ])("reads %s, which can be read in one way only", async (_kind, texts, values) => {
    expect(
      await typeOf(
        column(...texts)
          .replaceAll(",x", ";x")
          .replace("a,b", "a;b"),
      ),
    ).toMatchObject({
      type: expect.stringMatching("DECIMAL"),
      values,
    });
  });

  it.each([
    ["thousands or decimals", ["1,234", "5,678"]],
    ["thousands apart in one number only", ["1.234,50", "1234,50"]],
    ["both marks for decimals", ["1,5", "1.5"]],
    ["decimals, and thousands or decimals", ["1.234", "2,5"]],
    ["groups of two digits", ["1.23.456,7"]],
    ["European decimals of which one ends in a zero too many", ["1,1", "1,10"]],
    ["versions like European thousands", ["192.168.100", "10.123.456"]],
  ])("stays text where numbers have %s", async (_kind, texts) => {
    expect(
      await typeOf(
        column(...texts)
          .replaceAll(",x", ";x")
          .replace("a,b", "a;b"),
      ),
    ).toEqual({ type: "VARCHAR", values: texts });
  });

  it("takes no point for a decimal one that may stand between thousands, where another column has decimal commas", async () => {
    const csv = "a;b;c\n1.234;2,50;0.5\n-12.000;3,75;1.234\n7;1,25;2.5\n";
    expect(await runEtl(csv)).toMatchObject({
      types: ["VARCHAR", "DECIMAL(18,2)", "DECIMAL(18,3)"],
      values: [
        ["1.234", "2.50", "0.500"],
        ["-12.000", "3.75", "1.234"],
        ["7", "1.25", "2.500"],
      ],
    });
    expect(await typeOf("a;b\n0.123;2,50\n0.456;3,75\n")).toEqual({ type: "DECIMAL(18,3)", values: ["0.123", "0.456"] });
    expect(await typeOf("a;b\n1.234;x\n5.678;y\n")).toEqual({ type: "DECIMAL(18,3)", values: ["1.234", "5.678"] });
  });

  it("reads a mark as the decimal one where it is told", async () => {
    const csv = "a;b\n1,234;x\n5,678;y\n";
    expect(await typeOf(csv, { decimal: "," })).toEqual({ type: "DECIMAL(18,3)", values: ["1.234", "5.678"] });
    expect(await typeOf("a\n1.5\n", { decimal: "," })).toEqual({ type: "VARCHAR", values: ["1.5"] });
  });

  it("has NULL for an empty value, quoted or not, and for the texts that are said to mean it", async () => {
    const csv = 'a,b\n1,\n"",x\nNA,NA\n-,-\n';
    expect(await runEtl(csv)).toMatchObject({
      types: ["VARCHAR", "VARCHAR"],
      values: [
        ["1", null],
        [null, "x"],
        ["NA", "NA"],
        ["-", "-"],
      ],
    });
    expect(await runEtl(csv, { nulls: ["NA", "-"], dropDuplicates: false })).toMatchObject({
      types: ["BIGINT", "VARCHAR"],
      values: [
        ["1", null],
        [null, "x"],
        [null, null],
        [null, null],
      ],
    });
  });

  it("may have no value at all", async () => {
    expect(await runEtl("a,b\n1,\n2,\n")).toMatchObject({
      types: ["BIGINT", "VARCHAR"],
      values: [
        ["1", null],
        ["2", null],
      ],
    });
  });

  it("keeps long and strange texts to the last character", async () => {
    const texts = [
      "x".repeat(1_000_000),
      "9".repeat(300_000),
      '{"a":[1,{"b":"c, d"}]}',
      "e\u0301 \u00a0\u200b\u202e 👩‍👩‍👧 \u2028",
      "tab\there",
      "'; DROP TABLE t; --",
    ];
    const csv = `t,n\n${texts.map((text, n) => `"${text.replaceAll('"', '""')}",${n}\n`).join("")}`;
    expect((await runEtl(csv)).values.map(([text]) => text)).toEqual(texts);
  });
});
