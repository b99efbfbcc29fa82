import { describe, expect, it } from "vitest";
import { commandCheckpoint } from "../../../../worker/runners/commands/checkpoint.ts";

const read = (line: string | Buffer) => commandCheckpoint(Buffer.from(line as string));

describe("a line with a checkpoint", () => {
  it.each([
    ['checkpoint {"line": 40}', '{"line": 40}'],
    ["checkpoint\t 9007199254740993", "9007199254740993"],
    ['checkpoint "Grüße 🐤"', '"Grüße 🐤"'],
    ["checkpoint null", "null"],
    ["checkpoint [] ", "[] "],
  ])("is %j, as it was written", (line, json) => {
    expect(read(line)).toBe(json);
  });

  it.each([
    "checkpoint",
    "checkpoint ",
    "checkpoint saved",
    "checkpoint {'line': 40}",
    "checkpoint nothing",
    "checkpoint 5 of 10",
    "checkpoints {}",
    " checkpoint {}",
    Buffer.from('checkpoint "caf\u00e9"', "latin1"),
  ])("is not %j", (line) => {
    expect(read(line)).toBeUndefined();
  });
});
