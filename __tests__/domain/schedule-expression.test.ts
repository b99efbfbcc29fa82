import { describe, expect, it } from "vitest";
import { isScheduleExpression, scheduleExpression } from "../../domain/schedule-expression.ts";

/** The first times after another one, in UTC to the minute. */
function times(expression: string, after: string, count: number, zone = "UTC"): string[] {
  const { next } = scheduleExpression(expression, zone);
  const found: string[] = [];
  for (let at = next(Date.parse(after)); at !== undefined && found.length < count; at = next(at)) {
    found.push(new Date(at).toISOString().replace(":00.000Z", "Z"));
  }
  return found;
}

describe("cron expressions of AWS's documents (EventBridge Scheduler User Guide: schedule types; EventBridge User Guide: cron)", () => {
  it.each([
    ["0 10 * * ? *", "every day at 10:00", "2026-11-30T12:00Z", ["2026-12-01T10:00Z", "2026-12-02T10:00Z"]],
    ["15 12 * * ? *", "every day at 12:15", "2026-11-30T12:00Z", ["2026-11-30T12:15Z", "2026-12-01T12:15Z"]],
    ["0 18 ? * MON-FRI *", "from Monday to Friday at 18:00", "2026-12-04T12:00Z", ["2026-12-04T18:00Z", "2026-12-07T18:00Z"]],
    ["0 8 1 * ? *", "on the first of every month at 8:00", "2026-12-02T00:00Z", ["2027-01-01T08:00Z", "2027-02-01T08:00Z"]],
    ["0/15 * * * ? *", "every 15 minutes", "2026-12-02T00:50Z", ["2026-12-02T01:00Z", "2026-12-02T01:15Z"]],
    ["0/10 * ? * MON-FRI *", "every 10 minutes on weekdays", "2026-12-04T23:45Z", ["2026-12-04T23:50Z", "2026-12-07T00:00Z"]],
    [
      "0/5 8-17 ? * MON-FRI *",
      "every 5 minutes from 8:00 to 17:55",
      "2026-12-04T17:50Z",
      ["2026-12-04T17:55Z", "2026-12-07T08:00Z"],
    ],
    [
      "0/30 20-2 ? * MON-FRI *",
      "every 30 minutes from 20:00 to 2:30 on weekdays",
      "2026-12-04T23:00Z",
      ["2026-12-04T23:30Z", "2026-12-07T00:00Z", "2026-12-07T00:30Z"],
    ],
    [
      "15 10 ? * 6L 2026-2027",
      "on the last Friday of each month",
      "2026-11-28T00:00Z",
      ["2026-12-25T10:15Z", "2027-01-29T10:15Z"],
    ],
    ["0 9 ? * 2#1 *", "on the first Monday of each month", "2026-11-30T00:00Z", ["2026-12-07T09:00Z", "2027-01-04T09:00Z"]],
    [
      "0 9 3W * ? *",
      "on the weekday that is nearest to the third",
      "2026-09-30T00:00Z",
      ["2026-10-02T09:00Z", "2026-11-03T09:00Z"],
    ],
    ["0 0 L * ? *", "on the last day of each month", "2028-02-01T00:00Z", ["2028-02-29T00:00Z", "2028-03-31T00:00Z"]],
    ["0 0 ? * L *", "on the last day of each week", "2026-11-30T00:00Z", ["2026-12-05T00:00Z", "2026-12-12T00:00Z"]],
    [
      "10 1 ? JAN,JUN SUN#2 2027/2",
      "in two months of every other year",
      "2026-11-30T00:00Z",
      ["2027-01-10T01:10Z", "2027-06-13T01:10Z", "2029-01-14T01:10Z"],
    ],
  ])("%s is %s", (cron, _, after, expected) => {
    expect(times(`cron(${cron})`, after, expected.length)).toEqual(expected);
  });

  it.each([
    ["0 9 * * *", /^six fields in cron/],
    ["0 9 * * * *", /^\? in one of day-of-month and day-of-week/],
    ["0 9 ? * ? *", /^\? in one of day-of-month and day-of-week/],
    ["60 9 * * ? *", /^for minutes 0-59/],
    ["0 24 * * ? *", /^for hours 0-23/],
    ["0 9 32 * ? *", /^for day-of-month 1-31/],
    ["0 9 LW * ? *", /^for day-of-month/],
    ["0 9 * 13 ? *", /^for month 1-12 or JAN-DEC/],
    ["0 9 ? * 0 *", /^for day-of-week 1-7 or SUN-SAT/],
    ["0 9 ? * 3#1,6#3 *", /^for day-of-week/],
    ["0 9 ? * MON#6 *", /^for day-of-week/],
    ["0 9 * * ? 1969", /^for year 1970-2199/],
    ["0/0 9 * * ? *", /^for minutes/],
    ["0/90 9 * * ? *", /^for minutes/],
    ["0 */25 * * ? *", /^for hours/],
    ["1-2-3 9 * * ? *", /^for minutes/],
    ["-1 9 * * ? *", /^for minutes/],
    ["0 9 * JANUARY ? *", /^for month/],
  ])("refuses %s", (cron, allowed) => {
    expect(() => scheduleExpression(`cron(${cron})`, "UTC")).toThrow(allowed);
  });

  it("counts the steps of a field from its least", () => {
    expect(times("cron(0 0 1 1 ? */3)", "2026-11-30T00:00Z", 2)).toEqual(["2027-01-01T00:00Z", "2030-01-01T00:00Z"]);
    expect(times("cron(0 0 1 */5 ? *)", "2026-11-30T00:00Z", 2)).toEqual(["2027-01-01T00:00Z", "2027-06-01T00:00Z"]);
  });

  it.each(["0 0 31 2 ? *", "0 0 30 FEB ? *", "0 0 29 2 ? 2027", "0 0 1 1 ? 2020"])("has no time for %s", (cron) => {
    expect(times(`cron(${cron})`, "2026-01-01T00:00Z", 1)).toEqual([]);
  });
});

describe("daylight saving time (User Guide: skipped in spring, once in autumn)", () => {
  it("skips a time that clocks skip", () => {
    const expected = ["2026-03-28T01:30Z", "2026-03-30T00:30Z"];
    expect(times("cron(30 2 * * ? *)", "2026-03-28T00:00Z", 2, "Europe/Berlin")).toEqual(expected);
  });

  it("takes the first of a time that clocks show twice", () => {
    const expected = ["2026-10-25T00:30Z", "2026-10-26T01:30Z"];
    expect(times("cron(30 2 * * ? *)", "2026-10-25T00:00Z", 2, "Europe/Berlin")).toEqual(expected);
  });

  it("does so where clocks are half a day ahead of UTC", () => {
    const expected = ["2026-04-04T13:30Z", "2026-04-05T14:30Z"];
    expect(times("cron(30 2 * * ? *)", "2026-04-04T00:00Z", 2, "Pacific/Auckland")).toEqual(expected);
    expect(times("cron(30 2 * * ? *)", "2026-09-26T00:00Z", 1, "Pacific/Auckland")).toEqual(["2026-09-27T13:30Z"]);
  });

  it("goes on after the hour that clocks show twice, also when asked within it", () => {
    const expected = ["2026-10-25T00:30Z", "2026-10-25T02:00Z"];
    expect(times("cron(0/30 * * * ? *)", "2026-10-25T00:00Z", 2, "Europe/Berlin")).toEqual(expected);
    expect(times("cron(0/30 * * * ? *)", "2026-10-25T01:10Z", 1, "Europe/Berlin")).toEqual(["2026-10-25T02:00Z"]);
  });

  it("follows clocks that are set by half an hour, and those of the south", () => {
    expect(times("cron(15 2 * * ? *)", "2026-10-02T16:00Z", 2, "Australia/Lord_Howe")).toEqual([
      "2026-10-04T15:15Z",
      "2026-10-05T15:15Z",
    ]);
  });

  it.each([
    ["at(2026-10-25T02:30:00)", "2026-10-25T00:30Z"],
    ["at(2026-07-01T12:00:00)", "2026-07-01T10:00Z"],
  ])("has one time for %s", (expression, at) => {
    expect(times(expression, "2026-01-01T00:00Z", 3, "Europe/Berlin")).toEqual([at]);
  });

  it.each([
    ["at(2026-03-29T02:30:00)", /^a time that the clocks of Europe\/Berlin show/],
    ["at(2026-02-30T00:00:00)", /^at\(yyyy/],
    ["at(2026-02-03)", /^at\(yyyy/],
  ])("refuses %s", (expression, allowed) => {
    expect(() => scheduleExpression(expression, "Europe/Berlin")).toThrow(allowed);
  });
});

describe("rates", () => {
  it.each([
    ["rate(5 minutes)", 300_000],
    ["rate(1 hour)", 3_600_000],
    ["rate(2 days)", 172_800_000],
  ])("counts %s from when the schedule was made", (expression, everyMs) => {
    const { next } = scheduleExpression(expression, "Europe/Berlin");
    expect([next(1_000, 1_000), next(1_000 + everyMs - 1, 1_000), next(1_000 + everyMs, 1_000)]).toEqual([
      1_000 + everyMs,
      1_000 + everyMs,
      1_000 + 2 * everyMs,
    ]);
    expect(next(1_000)).toBeUndefined();
  });

  it.each(["rate(0 minutes)", "rate(5 seconds)", "rate(1.5 hours)", "rate(-1 day)", "every day"])("refuses %s", (expression) => {
    expect(() => scheduleExpression(expression, "UTC")).toThrow();
  });
});

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
