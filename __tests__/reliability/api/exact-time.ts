const FRACTION = /\.\d+/;

/** Epoch seconds of a time of RFC 3339, also of one between two milliseconds; NaN where it is none. */
export function exactTime(text: string): number {
  return Date.parse(text.replace(FRACTION, "")) / 1_000 + Number(FRACTION.exec(text)?.[0] ?? 0);
}
