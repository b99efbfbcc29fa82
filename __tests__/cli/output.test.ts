import { describe, expect, it } from "vitest";
import { logLineOf, logLines } from "../../cli/logs/log-line.ts";
import { jsonOf, laidOut, memberJson, parseWithText } from "../../cli/output/json.ts";
import { sizeOf, spanOf } from "../../cli/output/quantities.ts";
import { type Column, tableLines } from "../../cli/output/table.ts";
import { localTime } from "../../cli/output/times.ts";
import { visible, visibleJson, visibleStyled } from "../../cli/output/visible.ts";

interface Row {
  readonly name: string;
  readonly count: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "NAME", cut: true, cell: ({ name }) => name },
  { title: "N", right: true, cell: ({ count }) => String(count) },
  { title: "EMPTY", cell: () => "" },
];

describe("a table", () => {
  it("has columns as wide as their longest cell, numbers to the right, and no empty column", () => {
    const rows = [
      { name: "canary", count: 7 },
      { name: "報告書", count: 1_000 },
    ];
    expect(tableLines(COLUMNS, rows, 80)).toEqual(["NAME       N", "canary     7", "報告書  1000"]);
  });

  it("is the same however many rows it has", () => {
    const rows = Array.from({ length: 1_234 }, (_, count) => ({ name: "canary", count }));
    const lines = tableLines(COLUMNS, rows, 80);
    expect(lines).toHaveLength(1_235);
    expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
  });

  it("cuts what may be cut where the terminal is narrow", () => {
    expect(tableLines(COLUMNS, [{ name: "a name that is long", count: 1 }], 14)[1]).toMatch(/^a name.*… +1$/);
  });
});

describe("JSON", () => {
  it("keeps members in order and numbers as they were, laid out or not", () => {
    const text = '{"items":[{"10":1.10,"2":[]},{"a":"\\u0041 \\"b\\""}],"e":1E+2}';
    expect(laidOut(laidOut(text, true), false)).toBe(text);
    const { items } = parseWithText(text) as { items: object[] };
    expect(jsonOf(items[0], { indent: false })).toBe('{"10":1.10,"2":[]}');
    expect(memberJson(items[0]!, "10")).toBe("1.10");
    expect(jsonOf(items[0], { indent: true })).toBe('{\n  "10": 1.10,\n  "2": []\n}');
  });

  it("is the same value when nothing of it acts on a terminal", () => {
    const value = { text: "\u009b31m \u202e \u007f" };
    const json = visibleJson(JSON.stringify(value));
    expect(json).toMatch(/^[ -~]*$/);
    expect(JSON.parse(json)).toEqual(value);
  });
});

describe("a line of a log", () => {
  const ID = "canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK";
  const shown = (members: object): string => logLines(logLineOf(JSON.stringify({ jobId: ID, ...members }), ID)!).join("\n");

  it.each(["level", "attempt", "message", "stack", "details", "other"])("never acts on a terminal by its %s", (name) => {
    expect(shown({ message: "said", [name]: "\u001b]0;owned\u0007" })).toContain("\\u001b]0;owned\\u0007");
  });

  it("is shown whatever its members are", () => {
    for (const value of ["constructor", "__proto__", { toString: 1 }, 7, null, [], false]) {
      const line = JSON.stringify({ jobId: ID, level: value, attempt: value, message: value, timestamp: value, stack: value });
      expect(logLines(logLineOf(line, ID)!).join("\n")).toContain("#");
    }
  });
});

describe("texts, times and sizes", () => {
  it.each([
    [0, "0 s"],
    [0.0421, "42 ms"],
    [0.9996, "1 s"],
    [4.25, "4.3 s"],
    [9.96, "10 s"],
    [59.4, "59 s"],
    [59.6, "1 min"],
    [185, "3 min 5 s"],
    [3_599.7, "1 h"],
    [7_260, "2 h 1 min"],
    [187_200, "2 d 4 h"],
    [-5, "0 s"],
  ])("of %d s are %s", (seconds, text) => {
    expect(spanOf(seconds)).toBe(text);
  });

  it("have a unit that leaves few digits", () => {
    const sizes = [0, 999, 1_000, 1_234_567, 999_950, 5e9];
    expect(sizes.map(sizeOf)).toEqual(["0 bytes", "999 bytes", "1 KB", "1.2 MB", "1 MB", "5 GB"]);
  });

  it("are for people", () => {
    expect(visible("a\r\nb\u001b[1m")).toBe("a  b\\u001b[1m");
    expect(visibleStyled("\u001b[31mred\u001b[39m\u001b[2J\n\u061c")).toBe("\u001b[31mred\u001b[39m\\u001b[2J \\u061c");
    const now = new Date(2026, 10, 30, 15);
    expect(localTime(new Date(2026, 10, 30, 14, 3, 7).toISOString(), now)).toBe("14:03:07");
    expect(localTime(new Date(2026, 10, 29, 14, 3, 7).toISOString(), now)).toBe("2026-11-29 14:03:07");
  });
});
