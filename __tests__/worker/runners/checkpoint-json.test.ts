import { describe, expect, it } from "vitest";
import { checkpointJson } from "../../../worker/runners/checkpoint-json.ts";

describe("a checkpoint", () => {
  it.each([
    [null, "null"],
    [-0, "-0"],
    [0.1, "0.1"],
    [{ page: 40, rest: undefined, seen: ["ü"] }, '{"page":40,"seen":["ü"]}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ])("is JSON: %j", (value, json) => {
    expect(checkpointJson(value)).toBe(json);
  });

  it.each([
    [undefined, "undefined at /checkpoint"],
    [{ seen: new Map() }, "an instance of Map at /checkpoint/seen"],
    [[1, Number.NaN], "NaN at /checkpoint/1"],
    [{ id: JSON.rawJSON("9007199254740993") }, "/checkpoint/id"],
  ])("is refused with the path of what JSON would change: %o", (value, message) => {
    expect(() => checkpointJson(value)).toThrow(
      expect.objectContaining({
        name: "PermanentError",
        code: "CheckpointNotSerializable",
        message: expect.stringContaining(message),
      }),
    );
  });

  it("has at most 1 MiB of UTF-8", () => {
    expect(checkpointJson("x".repeat(1_048_574))).toHaveLength(1_048_576);
    for (const value of ["x".repeat(1_048_575), "ü".repeat(524_288)]) {
      expect(() => checkpointJson(value)).toThrow(expect.objectContaining({ code: "CheckpointTooLarge" }));
    }
  });
});
