import { describe, expect, it } from "vitest";
import { type CrashCase, caseName, parseCaseName } from "./crash-point.ts";

const first = { process: "worker#1", number: 7, operation: "UpdateItem", side: "after" } as const;
const second = { number: 3, operation: "PublishBatch", side: "before" } as const;

describe("the name of a crash case", () => {
  it.each<[string, CrashCase]>([
    ["success", { scenario: "success" }],
    ["cancel-while-running/worker#1:7:UpdateItem:after", { scenario: "cancel-while-running", first }],
    [
      "cancel-while-running/worker#1:7:UpdateItem:after+recovery:3:PublishBatch:before",
      { scenario: "cancel-while-running", first, second },
    ],
  ])("%s is all that it takes to run it again", (name, crashCase) => {
    expect(caseName(crashCase)).toBe(name);
    expect(parseCaseName(name)).toEqual(crashCase);
  });

  it.each(["", "success/worker#1", "success/worker#1:2:UpdateItem:during", "success+recovery:1:GetItem:after"])(
    "is not %j",
    (name) => {
      expect(() => parseCaseName(name)).toThrow("no name of a crash case");
    },
  );
});
