import { describe, expect, it } from "vitest";
import { type ScheduleSettings, Schedules } from "../../../local/aws/schedules.ts";

const NOW = Date.parse("2026-12-01T12:00:00Z");
const MINUTE = 60_000;

function settings(expression: string, more: Partial<ScheduleSettings> = {}): ScheduleSettings {
  return {
    ScheduleExpression: expression,
    Target: { Arn: "a", RoleArn: "r", Input: '{"at":"<aws.scheduler.scheduled-time>"}' },
    ...more,
  };
}

describe("the schedules of this machine", () => {
  it("are due at their times, and told these", () => {
    const schedules = new Schedules();
    schedules.put("quarter", settings("cron(0/15 * * * ? *)"), NOW);
    expect(schedules.nextAt()).toBe(NOW + 15 * MINUTE);
    expect(schedules.takeDue(NOW + 15 * MINUTE - 1)).toEqual([]);
    expect(schedules.takeDue(NOW + 15 * MINUTE)).toEqual([{ name: "quarter", input: '{"at":"2026-12-01T12:15:00Z"}' }]);
    expect(schedules.takeDue(NOW + 15 * MINUTE)).toEqual([]);
    expect(schedules.nextAt()).toBe(NOW + 30 * MINUTE);
  });

  it("are gone after their one time, if that is asked for", () => {
    const schedules = new Schedules();
    schedules.put("once", settings("at(2026-12-01T12:01:00)", { ActionAfterCompletion: "DELETE" }), NOW);
    schedules.put("kept", settings("at(2026-12-01T12:01:00)"), NOW);
    expect(schedules.takeDue(NOW + MINUTE).map(({ name }) => name)).toEqual(["once", "kept"]);
    expect(schedules.times()).toEqual([["kept", undefined]]);
    expect(schedules.nextAt()).toBeUndefined();
  });

  it("are due at once where they are to be deleted when they have run, and their one time has passed", () => {
    const schedules = new Schedules();
    schedules.put("once", settings("at(2026-12-01T11:50:00)", { ActionAfterCompletion: "DELETE" }), NOW);
    expect(schedules.takeDue(NOW)).toHaveLength(1);
  });

  it("are never due where their one time was before they were made, and they stay", () => {
    const schedules = new Schedules();
    schedules.put("last year", settings("at(2025-12-24T18:00:00)"), NOW);
    expect(schedules.nextAt()).toBeUndefined();
    expect(schedules.takeDue(NOW)).toEqual([]);
  });

  it("are never due where they are disabled or deleted", () => {
    const schedules = new Schedules();
    schedules.put("off", settings("rate(1 minute)", { State: "DISABLED" }), NOW);
    schedules.put("deleted", settings("rate(1 minute)"), NOW);
    expect([schedules.delete("deleted"), schedules.delete("deleted")]).toEqual([true, false]);
    expect(schedules.nextAt()).toBeUndefined();
    expect(schedules.takeDue(NOW + 10 * MINUTE)).toEqual([]);
  });

  it("keep the rhythm of a rate when they are changed", () => {
    const schedules = new Schedules();
    schedules.put("rate", settings("rate(10 minutes)"), NOW);
    schedules.put("rate", settings("rate(10 minutes)"), NOW + 4 * MINUTE);
    expect(schedules.nextAt()).toBe(NOW + 10 * MINUTE);
  });
});
