/** The longest line of a job that is logged, in bytes of UTF-8; the rest of it is dropped. CloudWatch takes 256 KiB an event. */
export const MAX_LINE_BYTES = 65_536;

/** A line counts once for each of these that it begins, so that a second of long lines logs no more than one of short ones. */
const UNIT_BYTES = 1_024;

/** Units that may come at once, after a quiet time. */
export const LINE_BURST = 10_000;

export function lineUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / UNIT_BYTES));
}

export interface LineRates {
  /** Units of 1 KiB a second. @default 1,000: 1 MiB a second at most, 80 GiB of log a day */
  readonly unitsPerSecond?: number;
  /** Units that may come at once, after a quiet time. @default 10,000 */
  readonly burst?: number;
  /** Milliseconds. @default a clock that is never set */
  readonly now?: () => number;
}

/** Milliseconds between two words on how many lines were dropped. */
const TOLD_EVERY_MS = 1_000;

/** How much one attempt may log: a token bucket. What does not fit is dropped and counted. */
export class LineLimiter {
  readonly #unitsPerSecond: number;
  readonly #burst: number;
  readonly #now: () => number;
  #units: number;
  #filledAt: number;
  #dropped = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor({ unitsPerSecond = 1_000, burst = LINE_BURST, now = () => performance.now() }: LineRates = {}) {
    this.#unitsPerSecond = unitsPerSecond;
    this.#burst = burst;
    this.#now = now;
    this.#units = burst;
    this.#filledAt = now();
  }

  /** Whether a line of so many bytes may be logged now; counts it among the dropped ones where it may not. */
  admits(bytes: number): boolean {
    const now = this.#now();
    this.#units = Math.min(this.#burst, this.#units + ((now - this.#filledAt) * this.#unitsPerSecond) / 1_000);
    this.#filledAt = now;
    const units = lineUnits(bytes);
    if (this.#units < units) {
      this.#dropped += 1;
      return false;
    }
    this.#units -= units;
    return true;
  }

  /** Counts lines that were admitted, but could not be written. */
  drop(lines = 1): void {
    this.#dropped += lines;
  }

  /** Lines that were dropped and not reported yet: 0 while it is too soon to say so again, unless the attempt has ended. */
  takeDropped({ atEnd = false } = {}): number {
    const now = this.#now();
    if (this.#dropped === 0 || (!atEnd && now - this.#toldAt < TOLD_EVERY_MS)) return 0;
    const dropped = this.#dropped;
    this.#dropped = 0;
    this.#toldAt = now;
    return dropped;
  }
}
