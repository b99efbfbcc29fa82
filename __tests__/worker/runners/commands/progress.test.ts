import { describe, expect, it } from "vitest";
import { commandProgress } from "../../../../worker/runners/commands/progress.ts";

const read = (line: string | Buffer) => commandProgress(Buffer.from(line as string));

describe("a line of progress", () => {
  it.each([
    ["progress .5", 0.5, undefined],
    ["progress 0", 0, undefined],
    ["progress 1", 1, undefined],
    ["progress 1.", 1, undefined],
    ["progress 0.5 msg", 0.5, "msg"],
    ["progress\t0.5\tmsg  with  blanks ", 0.5, "msg  with  blanks"],
    ["progress 0.5   ", 0.5, undefined],
    ["progress 007e-1 Grüße 🐤", 0.7, "Grüße 🐤"],
    ["progress 1e-05", 0.00001, undefined],
    ["progress 1.0000000000000002", 1, undefined],
    ["progress 0.3 \u001b[1mbold", 0.3, "\\x1b[1mbold"],
  ])("is %j", (line, fraction, message) => {
    expect(read(line)).toEqual({ fraction, message });
  });

  it.each([
    "progress",
    "progress ",
    "progress x",
    "progress nan",
    "progress NaN",
    "progress Infinity",
    "progress 5",
    "progress 5 of 10 files",
    "progress 1.01",
    "progress -0.1",
    "progress 0,5",
    "progress 1e",
    "progress .",
    "progress 0x1",
    "progress0.5",
    "progressing 0.1",
    " progress 0.5",
    "Progress 0.5",
    "in progress 0.5",
    "",
    `progress${" ".repeat(100)}0.5`,
    `progress 0.${"1".repeat(120_000)}`,
    `progress ${"1".repeat(120_000)}x`,
    `progress ${"1".repeat(32)}`,
  ])("is not %j", (line) => {
    expect(read(line)).toBeUndefined();
  });

  it("may have a message of any length and any bytes", () => {
    const { message } = read(Buffer.concat([Buffer.from("progress 0.5 \xe9", "latin1"), Buffer.alloc(1_000_000, "é")])) ?? {};
    expect(message?.startsWith("\\xe9éé")).toBe(true);
    expect(message?.length).toBeLessThan(4_010);
  });
});
