import { describe, expect, it } from "vitest";
import { isScheduleExpression } from "../../domain/schedule-expression.ts";

describe("a schedule", () => {
  it.each([
    "cron(0 7 ? * MON-FRI *)",
    "cron(0 7 * * ? *)",
    "cron(0/15 8-18 1,15 JAN-MAR/2 ? 2026-2030)",
    "cron(30 6 L * ? *)",
    "cron(0 9 ? * 6#3 *)",
    "cron(0 9 ? * FRIL *)",
    "cron(0 9 15W * ? *)",
    "cron(0  7  1  1  ?  2027)",
    "rate(1 day)",
    "rate(12 hours)",
    "at(2026-12-24T08:00:00)",
  ])("may be %s", (text) => expect(isScheduleExpression(text)).toBe(true));

  it.each([
    "7:00",
    "cron(0 7 * * * *)",
    "cron(0 7 ? * ? *)",
    "cron(0 7 ? * MON-FRI)",
    "cron(0 25 ? * MON *)",
    "cron(60 7 ? * MON *)",
    "cron(0 7 ? * 0 *)",
    "cron(0 7 ? * DAY *)",
    "cron(0 7 ? 13 MON *)",
    "cron(0/0 7 ? * MON *)",
    "cron(0 7 ? * MON, *)",
    "cron(0 7 ? * MON *) ",
    "rate(1 minutes)",
    "rate(0 hours)",
    "rate(5 minute)",
    "at(7:00)",
    "at(2026-13-01T08:00:00)",
    "at(2026-12-24T08:00:00Z)",
    "",
  ])("may not be %j", (text) => expect(isScheduleExpression(text)).toBe(false));
});
