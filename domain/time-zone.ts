/** Wall times in a time zone: as epoch milliseconds of the same time of day in UTC, which is what a clock there shows. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** A name of IANA's, as it is written: `Intl` also takes offsets such as `+02:00`, and any case of letters. */
export function isTimeZone(name: string): boolean {
  try {
    const { timeZone } = Intl.DateTimeFormat(undefined, { timeZone: name }).resolvedOptions();
    return /^[A-Z]/.test(name) && (timeZone === name || timeZone.toLowerCase() !== name.toLowerCase());
  } catch {
    return false;
  }
}

/** What a clock in the zone shows. @param at epoch milliseconds. */
export function wallTime(at: number, zone: string): number {
  return at + offsetMs(at, zone);
}

/** Further than any zone is from UTC, so that a transition lies between; and two of one zone are further apart. */
const AROUND_MS = 24 * 3_600_000;

/**
 * When a clock in the zone shows a time: where it is set back and shows it twice, the first time.
 *
 * @returns epoch milliseconds; undefined for a time that the clock skips, as it is set forward.
 */
export function instantOf(wall: number, zone: string): number | undefined {
  const offsets = [offsetMs(wall - AROUND_MS, zone), offsetMs(wall + AROUND_MS, zone)];
  const instants = offsets.map((offset) => wall - offset).filter((at) => wallTime(at, zone) === wall);
  return instants.length === 0 ? undefined : Math.min(...instants);
}

/** How far ahead of UTC the zone's clocks are. */
function offsetMs(at: number, zone: string): number {
  const seconds = Math.floor(at / 1_000) * 1_000;
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(seconds)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - seconds;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const made =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  formats.set(timeZone, made);
  return made;
}
