import { EventBridgeCron } from "./cron.ts";
import { instantOf, wallTime } from "./time-zone.ts";

/**
 * EventBridge Scheduler's expressions (User Guide: schedule types): `cron(...)` with six fields, `rate(5 minutes)`, and
 * `at(2026-12-24T18:00:00)`, the first and the last in the schedule's time zone. A time that clocks skip in spring is skipped; one that
 * they show twice in autumn counts once, the first time.
 */
export interface ScheduleExpression {
  readonly kind: "cron" | "rate" | "at";
  /**
   * The first time after another.
   *
   * @param after epoch milliseconds.
   * @param from when the schedule was made, in epoch milliseconds: a rate counts from then.
   * @returns epoch milliseconds; undefined where there is none, or, of a rate, where `from` is not known.
   */
  readonly next: (after: number, from?: number) => number | undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Enough to pass the hour that clocks skip, or show twice, minute by minute. */
const MAX_SKIPPED = 200;

/** @throws Error that says what is allowed, where the expression is wrong. */
export function scheduleExpression(text: string, zone: string): ScheduleExpression {
  const [, kind, content = ""] = /^(cron|rate|at)\(([^()]+)\)$/.exec(text) ?? [];
  switch (kind) {
    case "cron":
      return cronExpression(content, zone);
    case "rate":
      return rateExpression(content);
    case "at":
      return atExpression(content, zone);
    default:
      throw new Error("cron(<six fields>), rate(<number> minutes) or at(yyyy-mm-ddThh:mm:ss)");
  }
}

/** Whether AWS takes a text as a schedule, in whatever time zone: Application Auto Scaling has the same expressions. */
export function isScheduleExpression(text: string): boolean {
  try {
    scheduleExpression(text, "UTC");
    return true;
  } catch {
    return false;
  }
}

function cronExpression(content: string, zone: string): ScheduleExpression {
  const cron = new EventBridgeCron(content);
  const next = (after: number): number | undefined => {
    let wall: number | undefined = wallTime(after, zone);
    for (let skipped = 0; skipped < MAX_SKIPPED; skipped += 1) {
      wall = cron.nextWallTime(wall);
      if (wall === undefined) return undefined;
      const at = instantOf(wall, zone);
      if (at !== undefined && at > after) return at;
    }
    throw new Error(`cron(${content}) has no time in ${zone} that its clocks show`);
  };
  return { kind: "cron", next };
}

function rateExpression(content: string): ScheduleExpression {
  const [, value = "", unit = "", plural = ""] = /^([1-9]\d{0,5}) (minute|hour|day)(s?)$/.exec(content) ?? [];
  const everyMs = Number(value) * (UNIT_MS[unit] ?? 0);
  if (everyMs === 0 || (value === "1") !== (plural === "")) {
    throw new Error("rate(1 minute) or rate(<number> minutes), or hours or days, with a whole number");
  }
  return {
    kind: "rate",
    next: (after, from) =>
      from === undefined ? undefined : from + (Math.max(0, Math.floor((after - from) / everyMs)) + 1) * everyMs,
  };
}

function atExpression(content: string, zone: string): ScheduleExpression {
  const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(content) ? Date.parse(`${content}Z`) : Number.NaN;
  // Date.parse takes 31 February for a day in March.
  if (Number.isNaN(wall) || new Date(wall).toISOString() !== `${content}.000Z`) {
    throw new Error("at(yyyy-mm-ddThh:mm:ss), a time in the schedule's time zone");
  }
  const at = instantOf(wall, zone);
  if (at === undefined) throw new Error(`a time that the clocks of ${zone} show: they skip this one`);
  return { kind: "at", next: (after) => (at > after ? at : undefined) };
}
