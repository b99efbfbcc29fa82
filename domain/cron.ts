import { Cron } from "croner";

/** A field of EventBridge's cron (EventBridge Scheduler User Guide: cron-based schedules). */
interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** What can be written for the numbers, the first for `min`. */
  readonly names?: readonly string[];
  /** Beside `*`, numbers, names, ranges, steps and lists. */
  readonly special: readonly RegExp[];
  /** In words. */
  readonly allowed: string;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const WEEKDAY = `([1-7]|${WEEKDAYS.join("|")})`;

const FIELDS: readonly Field[] = [
  { name: "minutes", min: 0, max: 59, special: [], allowed: "0-59 , - * /" },
  { name: "hours", min: 0, max: 23, special: [], allowed: "0-23 , - * /" },
  {
    name: "day-of-month",
    min: 1,
    max: 31,
    special: [/^\?$/, /^L$/, /^([1-9]|[12]\d|3[01])W$/],
    allowed: "1-31 , - * / ? L W",
  },
  { name: "month", min: 1, max: 12, names: MONTHS, special: [], allowed: "1-12 or JAN-DEC , - * /" },
  {
    name: "day-of-week",
    min: 1,
    max: 7,
    names: WEEKDAYS,
    special: [/^\?$/, /^L$/, new RegExp(`^${WEEKDAY}L$`), new RegExp(`^${WEEKDAY}#[1-5]$`)],
    allowed: "1-7 or SUN-SAT , - * / ? L #",
  },
  { name: "year", min: 1970, max: 2199, special: [], allowed: "1970-2199 , - * /" },
];

/** The times of a cron expression of EventBridge's, in wall time: time zones are none of its business. */
export class EventBridgeCron {
  readonly #cron: Cron;

  /**
   * @param text the six fields, such as `0 9 ? * MON-FRI *`.
   * @throws Error that says what is allowed, of the first field that is wrong.
   */
  constructor(text: string) {
    const fields = text.trim().split(/\s+/);
    if (fields.length !== FIELDS.length) {
      throw new Error(`six fields in cron(...), ${FIELDS.map(({ name }) => name).join(" ")}, not ${fields.length}`);
    }
    const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields.map((value, index) =>
      readField(value, index),
    ) as string[];
    if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
      throw new Error("? in one of day-of-month and day-of-week, and not in the other");
    }
    // EventBridge's days of the week are Quartz's, 1 to 7 from Sunday on.
    const options = { timezone: "UTC", paused: true, alternativeWeekdays: true, mode: "7-part" } as const;
    this.#cron = new Cron(`0 ${minutes} ${hours} ${dayOfMonth} ${month} ${dayOfWeek} ${year}`, options);
  }

  /** The first time after another, both in wall time; undefined where there is none. */
  nextWallTime(after: number): number | undefined {
    return this.#cron.nextRun(new Date(after))?.getTime();
  }
}

/** Checks a field, and writes it as the library reads it. */
function readField(value: string, index: number): string {
  const field = FIELDS[index] as Field;
  // Alone in its field: what a list of them means is not said, or said to be invalid.
  if (field.special.some((pattern) => pattern.test(value.toUpperCase()))) return specialValue(value.toUpperCase(), field);
  const parts = value.split(",").map((part) => readPart(part.toUpperCase(), field));
  if (parts.includes(undefined)) throw new Error(`for ${field.name} ${field.allowed}, not ${JSON.stringify(value)}`);
  return parts.join(",");
}

/** The last day of a week is Saturday. */
function specialValue(value: string, { name }: Field): string {
  return name === "day-of-week" && value === "L" ? "7" : value;
}

/** One of a list: `*`, a value, a range, or one of these with a step. @returns undefined where it is none. */
function readPart(part: string, field: Field): string | undefined {
  const { min, max } = field;
  const [, range = "", step] = /^([^/]+)(?:\/([1-9]\d{0,3}))?$/.exec(part) ?? [];
  const suffix = step === undefined ? "" : `/${step}`;
  // What a longer step means is not said; the library refuses it.
  if (Number(step ?? 1) > max - min + 1) return undefined;
  // The library counts years from 0, where EventBridge begins with `min`.
  if (range === "*") return step === undefined ? "*" : `${min}-${max}${suffix}`;
  const [from, to, ...more] = range.split("-").map((text) => readValue(text, field));
  if (from === undefined || more.length > 0 || (range.includes("-") && to === undefined)) return undefined;
  if (to === undefined) return step === undefined ? String(from) : `${from}-${max}${suffix}`;
  if (from <= to) return `${from}-${to}${suffix}`;
  // Past the end of the day, the week or the year: 20-2 are the hours from 20 to 23, and from 0 to 2.
  const count = max - min + 1;
  const length = to + count - from;
  const every = Number(step ?? 1);
  return Array.from({ length: Math.floor(length / every) + 1 }, (_, index) => min + ((from - min + index * every) % count))
    .sort((a, b) => a - b)
    .join(",");
}

function readValue(text: string, { min, max, names = [] }: Field): number | undefined {
  const named = names.indexOf(text);
  const value = named === -1 ? (/^\d{1,4}$/.test(text) ? Number(text) : Number.NaN) : named + min;
  return value >= min && value <= max ? value : undefined;
}
