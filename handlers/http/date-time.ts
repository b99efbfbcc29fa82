/** RFC 3339: a date, a time, and its distance from UTC. */
const DATE_TIME = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Digits past the milliseconds, which no time of a job's has. */
const FINER = /\.\d{3}\d*[1-9]/;

/** @returns epoch milliseconds, with a half for a time between two of them; undefined where the text is no time of RFC 3339. */
export function readDateTime(text: string): number | undefined {
  const [, date = ""] = DATE_TIME.exec(text) ?? [];
  const time = Date.parse(text) + (FINER.test(text) ? 0.5 : 0);
  return isDay(date) && !Number.isNaN(time) && isFourDigitYear(time) ? time : undefined;
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
