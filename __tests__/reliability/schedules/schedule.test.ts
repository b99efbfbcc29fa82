import { describe, expect, it } from "vitest";
import { parseScheduleName, type Schedule, scheduleName } from "./schedule.ts";

const death = { number: 7, process: "worker#1", operation: "UpdateItem", kind: "dies-after" } as const;
const overtaking = { number: 12, process: "dead-letter#2", operation: "GetItem", kind: "overtakes" } as const;

describe("the name of a schedule", () => {
  it.each<[string, Schedule]>([
    ["success", { scenario: "success", disturbances: [] }],
    ["success/7:worker#1:UpdateItem:dies-after", { scenario: "success", disturbances: [death] }],
    [
      "two-workers/7:worker#1:UpdateItem:dies-after/12:dead-letter#2:GetItem:overtakes",
      { scenario: "two-workers", disturbances: [death, overtaking] },
    ],
  ])("%s is all that it takes to run it again", (name, schedule) => {
    expect(scheduleName(schedule)).toBe(name);
    expect(parseScheduleName(name)).toEqual(schedule);
  });

  it.each(["", "success/7:worker#1", "success/7:worker#1:UpdateItem:dies", "success/worker#1:7:UpdateItem:dies-after"])(
    "is not %j",
    (name) => {
      expect(() => parseScheduleName(name)).toThrow("not the name of a schedule");
    },
  );
});
