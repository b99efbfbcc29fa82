/** Spans and sizes for people, on a terminal and on the console's page alike. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time span in at most two units: `42 ms`, `4.2 s`, `3 min 5 s`, `2 d 4 h`. */
export function spanOf(seconds: number): string {
  const length = Math.max(0, seconds);
  if (length === 0) return "0 s";
  if (length < 0.9995) return `${Math.round(length * 1_000)} ms`;
  if (length < 9.95) return `${trimmed(length)} s`;
  if (length < MINUTE - 0.5) return `${Math.round(length)} s`;
  if (length < HOUR - 0.5) return pair(length, MINUTE, "min", 1, "s");
  if (length < DAY - 30) return pair(length, HOUR, "h", MINUTE, "min");
  return pair(length, DAY, "d", HOUR, "h");
}

function pair(seconds: number, unit: number, name: string, part: number, partName: string): string {
  const parts = Math.round(seconds / part);
  const perUnit = unit / part;
  const rest = parts % perUnit;
  return rest === 0 ? `${Math.floor(parts / perUnit)} ${name}` : `${Math.floor(parts / perUnit)} ${name} ${rest} ${partName}`;
}

const SIZES = ["bytes", "KB", "MB", "GB"] as const;

/** A size as disks count it: `812 bytes`, `1.2 MB`. */
export function sizeOf(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < SIZES.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : trimmed(value)} ${SIZES[unit]}`;
}

function trimmed(value: number): string {
  return value.toFixed(1).replace(/[.]0$/, "");
}
