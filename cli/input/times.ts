import { UsageError } from "../cli-error.ts";

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3_600, d: 86_400, w: 604_800 };
const SPAN = /^(\d+(?:[.]\d+)?) ?(s|m|min|h|d|w)$/;

const SPANS_ALLOWED = "a span such as 30s, 15m, 2h, 1d";
const TIMES_ALLOWED = "a time such as 2026-11-30, 2026-11-30T18:00 (this machine's time), 2026-11-30T18:00:00Z";

/** A span in seconds: `90`, `90s`, `15m`, `2h`, `1d`. @throws UsageError */
export function secondsOf(text: string): number {
  const [, amount, unit] = SPAN.exec(/^\d+$/.test(text) ? `${text}s` : text) ?? [];
  const factor = UNIT_SECONDS[unit ?? ""];
  if (amount === undefined || factor === undefined) throw new UsageError(`allowed: seconds, or ${SPANS_ALLOWED}`);
  return Math.round(Number(amount) * factor);
}

/** A time that is past: as such, or a span before now (`2h`). @throws UsageError */
export function pastTime(text: string): Date {
  return SPAN.test(text)
    ? new Date(Date.now() - secondsOf(text) * 1_000)
    : timeOf(text, `${TIMES_ALLOWED}; or ${SPANS_ALLOWED} ago`);
}

/** A time that is to come: as such, or a span from now. @throws UsageError */
export function dueTime(text: string): Date {
  return SPAN.test(text)
    ? new Date(Date.now() + secondsOf(text) * 1_000)
    : timeOf(text, `${TIMES_ALLOWED}; or ${SPANS_ALLOWED} from now`);
}

/** What `Date` takes beside this is anybody's guess. A day is one of this machine's. */
function timeOf(text: string, allowed: string): Date {
  const isTime = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.]\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(text);
  const time = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text);
  if (isTime && !Number.isNaN(time.getTime())) return time;
  throw new UsageError(`allowed: ${allowed}`);
}
