import type { ApiRequest } from "./event.ts";
import { type PathError, quote } from "./problem.ts";

/** RFC 3339: a date, a time, and its distance from UTC. */
const DATE_TIME = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Digits past the milliseconds, which no job's `createdAt` has. */
const FINER = /\.\d{3}\d*[1-9]/;

/**
 * Reads a query parameter that is a time.
 *
 * @param errors takes what is wrong with it.
 * @returns epoch milliseconds, with a half for a time between two of them; undefined where it is not given, or wrong.
 */
export function queryTime({ query }: ApiRequest, name: string, errors: PathError[]): number | undefined {
  const given = query.get(name)?.[0];
  if (given === undefined) return undefined;
  const [, date = ""] = DATE_TIME.exec(given) ?? [];
  const time = Date.parse(given) + (FINER.test(given) ? 0.5 : 0);
  if (isDay(date) && !Number.isNaN(time) && isFourDigitYear(time)) return time;
  errors.push({ path: `?${name}`, message: `must be a time such as 2026-11-02T09:00:00Z, not ${quote(given)}` });
  return undefined;
}

/** Whether the calendar has this day: JavaScript takes the 30th of February for the 2nd of March. */
function isDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

/** Whether a time, in UTC, sorts as text among others. */
function isFourDigitYear(time: number): boolean {
  return time >= Date.parse("0000-01-01T00:00:00Z") && time <= Date.parse("9999-12-31T23:59:59.999Z");
}
