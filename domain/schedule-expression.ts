/** A field of a cron expression: what a number may be, and the words that stand for numbers. */
interface Field {
  readonly min: number;
  readonly max: number;
  readonly words?: readonly string[];
  /** What only this field may say, such as `L` for the last day. */
  readonly special?: RegExp;
}

/** AWS's six (EventBridge user guide: cron expressions; Application Auto Scaling has the same). */
const FIELDS: readonly Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31, special: /^(\?|L|LW|L-\d{1,2}|\d{1,2}W)$/ },
  { min: 1, max: 12, words: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"] },
  { min: 1, max: 7, words: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"], special: /^(\?|L|([1-7]|[A-Z]{3})(L|#[1-5]))$/ },
  { min: 1970, max: 2199 },
];
/** Of the day of the month and the day of the week, one is `?`. */
const DAYS = [2, 4] as const;

/** Whether AWS takes a text as a schedule: `cron(...)` with six fields, `rate(...)`, or `at(...)` with one time. */
export function isScheduleExpression(text: string): boolean {
  const [, kind, body = ""] = /^(cron|rate|at)\(([^()]+)\)$/.exec(text) ?? [];
  if (kind === "cron") return isCron(body);
  if (kind === "rate") return /^(1 (minute|hour|day)|(?!1 |0)\d+ (minutes|hours|days))$/.test(body);
  return kind === "at" && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(body) && !Number.isNaN(Date.parse(`${body}Z`));
}

function isCron(body: string): boolean {
  const fields = body.split(/ +/);
  const [days, weekdays] = DAYS.map((place) => fields[place] === "?");
  return (
    fields.length === FIELDS.length &&
    days !== weekdays &&
    FIELDS.every((field, place) => fields[place]?.split(",").every((item) => isItem(item, field)))
  );
}

/** `*`, a number, a range, each with or without a step; or what only this field may say. */
function isItem(item: string, { min, max, words = [], special }: Field): boolean {
  if (special?.test(item)) return true;
  const [range = "", step, ...more] = item.split("/");
  const [from = "", to, ...others] = range.split("-");
  const isValue = (value: string): boolean =>
    words.includes(value.toUpperCase()) || (/^\d+$/.test(value) && Number(value) >= min && Number(value) <= max);
  const isRange = range === "*" || (isValue(from) && (to === undefined || isValue(to)) && others.length === 0);
  return isRange && more.length === 0 && (step === undefined || /^[1-9]\d*$/.test(step));
}
