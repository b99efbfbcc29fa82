import { describe, expect, it } from "vitest";
import { testCase, testDocument } from "./__tests__/test-document.ts";
import { valueAxis } from "./chart-axis.ts";

const chart = (values: (number | null)[], kind = "line") => ({
  chart: { kind, labels: values.map((_, index) => `place${index}`), series: [{ name: "s", values }] },
});

describe("a chart", () => {
  it("of epoch milliseconds has ticks that differ", async () => {
    const { text } = await testCase("chart-epoch");
    expect(text).toContain("1700000000000");
    expect(text).toContain("1700000000000.5");
    expect(text).toContain("1700000000003");
  });

  it("of tiny values prints them, and years as years", async () => {
    const { text } = await testCase("tiny-numbers");
    for (const number of ["0.00001", "0.00002", "0.000035", "0.00001234", "2e-8", "2026", "1234567"])
      expect(text).toContain(number);
    expect(text).not.toContain("2,026");
  });

  it("names all of its series", async () => {
    const { text, pages } = await testCase("legend");
    for (const name of ["North America and Canada", "Central and Eastern Europe", "Middle East and Africa", "Asia Pacific"]) {
      expect(text).toContain(name);
    }
    for (const { x } of pages.flat()) expect(x).toBeLessThan(540);
  });

  it("names forty series, with long names too, each with a colour of its own", async () => {
    const series = Array.from({ length: 40 }, (_, index) => ({
      name: `Series ${index} ${"long ".repeat(index % 30)}end`,
      values: [index],
    }));
    const { text } = await testDocument({ chart: { kind: "bar", labels: ["a"], series } });
    for (let index = 0; index < 40; index += 1) expect(text).toContain(`Series ${index} `);
    expect(text.match(/end/g)).toHaveLength(40);
  });

  it("prints labels of any script, side by side or upwards", async () => {
    const labels = ["日本語のラベル", "עברית", "Ωμέγα", "Привет", "place & <b>"];
    for (const many of [labels, [...labels, ...labels, ...labels, ...labels]]) {
      const { text, missingGlyphs } = await testDocument({
        chart: { kind: "bar", labels: many, series: [{ name: "s", values: many.map((_, index) => index) }] },
      });
      expect(missingGlyphs).toBeUndefined();
      const signs = text.replace(/\s/g, "");
      for (const label of many.filter((label) => label !== "עברית")) expect(signs).toContain(label.replace(/\s/g, ""));
    }
  });

  it("prints labels that read upwards on one line each", async () => {
    const labels = Array.from({ length: 40 }, (_, index) => `first\nsecond ${index}`);
    const { text } = await testDocument({
      chart: { kind: "bar", labels, series: [{ name: "s", values: labels.map((_, index) => index) }] },
    });
    expect(text).toContain("first second 0");
  });

  it.each([
    ["one point", [5]],
    ["values that are all the same", [5, 5, 5]],
    ["nothing but zero", [0, -0, 0]],
    ["no values", [null, null]],
    ["gaps", [1, null, 3]],
    ["negative values", [-5, 3, -1]],
    ["huge values", [1e21, -2.5e21]],
    ["the largest numbers", [Number.MAX_VALUE, -Number.MAX_VALUE]],
    ["the smallest numbers", [Number.MIN_VALUE, 3 * Number.MIN_VALUE]],
  ])("has %s", async (_, values) => {
    for (const kind of ["line", "bar"]) {
      const { text } = await testDocument(chart(values, kind));
      expect(text).not.toMatch(/NaN|undefined|Infinity|null/);
      expect(text).toContain("place0");
    }
  });
});

describe("the axis of values", () => {
  it.each([
    [[0, 5.35], true, ["0", "1", "2", "3", "4", "5", "6"]],
    [[2024, 2026], false, ["2024", "2024.5", "2025", "2025.5", "2026"]],
    [[5, 5], false, ["2", "3", "4", "5", "6", "7", "8"]],
    [[0.1, 0.3], true, ["0", "0.05", "0.1", "0.15", "0.2", "0.25", "0.3"]],
    [[1e21, 2.5e21], true, ["0", "5e+20", "1e+21", "1.5e+21", "2e+21", "2.5e+21"]],
  ])("of %j has round ticks", (values, fromZero, labels) => {
    expect(valueAxis(values, fromZero).labels).toEqual(labels);
  });

  it.each([
    [[9007199254740990, 9007199254740992]],
    [[1e21, 1e21 + 131_072]],
    [[1e-300, 2e-300]],
    [[Number.MIN_VALUE, 2 * Number.MIN_VALUE]],
    [[-Number.MAX_VALUE, Number.MAX_VALUE]],
    [[1.0000000000000002, 1]],
  ])("of %j has labels that differ, and no 0 that is none", (values) => {
    const { labels, ticks, factor } = valueAxis(values, false);
    expect(labels.length).toBeGreaterThan(1);
    expect(new Set(labels).size).toBe(labels.length);
    for (const [index, label] of labels.entries()) expect(label === "0").toBe((ticks[index] ?? 0) / factor === 0);
  });
});
