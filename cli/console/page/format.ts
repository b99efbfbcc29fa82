const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time span in one unit, for narrow places: "4 s", "3 min", "2 d". */
export function roughSpan(seconds: number): string {
  const length = Math.max(0, seconds);
  if (length < MINUTE - 0.5) return `${Math.round(length)} s`;
  if (length < HOUR - 30) return `${Math.round(length / MINUTE)} min`;
  if (length < 2 * DAY - HOUR / 2) return `${Math.round(length / HOUR)} h`;
  return `${Math.round(length / DAY)} d`;
}

export function secondsBetween(from: string, to: string | number): number {
  return (new Date(to).getTime() - new Date(from).getTime()) / 1_000;
}

/** "12 s ago", or "in 3 min". */
export function relative(at: string, now: number): string {
  const seconds = secondsBetween(at, now);
  if (Math.abs(seconds) < 1) return "now";
  return seconds > 0 ? `${roughSpan(seconds)} ago` : `in ${roughSpan(-seconds)}`;
}

/** A time on this machine's clock, with its day where that is not today: "14:03:07", "28 Nov, 14:03:07". */
export function clockTime(at: string, now: number): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString("en-GB");
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })}, ${time}`;
}

/** "1 job", "1,204 jobs". */
export function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

export function number(value: number): string {
  return value.toLocaleString("en-US");
}

/** A number, or a dash where nobody could tell it. */
export function numberOr(value: number | undefined): string {
  return value === undefined ? "–" : number(value);
}

/** The words of a name in camel case: `oldestSeconds` is "oldest seconds". */
export function words(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
}

/** Who did something, without what every name has before it. */
export function shortPrincipal(principal: string): string {
  return principal.replace(/^(iam|jwt|cognito|lambda):/, "").replace(/^arn:aws[\w-]*:(?:iam|sts)::\d+:(?:assumed-role\/)?/, "");
}
