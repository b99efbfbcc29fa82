/** A metric, as CloudWatch knows it. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What was put into a metric within a minute of the local clock. */
interface Minute {
  /** Epoch milliseconds, by the true clock. */
  readonly at: number;
  count: number;
  sum: number;
  max: number;
  /** For shares: the first ones. */
  readonly values: number[];
}

export interface MetricWindow {
  /** Epoch milliseconds, by the local clock. */
  readonly start: number;
  readonly end: number;
  readonly periodMs: number;
}

/** By the time at which its period begins, in epoch milliseconds. */
export type MetricPoints = ReadonlyMap<number, number>;

const MINUTE_MS = 60_000;
/** Minutes that are kept of each metric: three days. */
const KEPT_MINUTES = 72 * 60;
const KEPT_VALUES = 1_000;
const SHARE = /^p(\d{1,2}(?:\.\d+)?)$/;

/** Statistics that are known here; CloudWatch has more. */
const STATISTICS: Readonly<Record<string, (minutes: readonly Minute[]) => number>> = {
  Sum: (minutes) => total(minutes, "sum"),
  SampleCount: (minutes) => total(minutes, "count"),
  Average: (minutes) => total(minutes, "sum") / total(minutes, "count"),
  Maximum: (minutes) => Math.max(...minutes.map(({ max }) => max)),
};

/**
 * The metrics of one machine. Its clock runs faster than the true one by the platform's speed, and both show the same now: what happened a
 * second ago at speed 60 happened a minute ago.
 */
export class MetricStore {
  readonly #speed: number;
  readonly #metrics = new Map<string, Minute[]>();

  constructor(speed: number) {
    this.#speed = speed;
  }

  /** @param at epoch milliseconds, by the true clock; of one metric, no minute is put after a later one. */
  put(metric: MetricName, values: readonly number[], at: number): void {
    const key = keyOf(metric);
    const minutes = this.#metrics.get(key) ?? [];
    this.#metrics.set(key, minutes);
    const length = MINUTE_MS / this.#speed;
    const begins = Math.floor(at / length) * length;
    let minute = minutes.findLast((known) => known.at === begins);
    if (minute === undefined) {
      minute = { at: begins, count: 0, sum: 0, max: Number.NEGATIVE_INFINITY, values: [] };
      minutes.push(minute);
      minutes.splice(0, minutes.length - KEPT_MINUTES);
    }
    for (const value of values) {
      minute.count += 1;
      minute.sum += value;
      minute.max = Math.max(minute.max, value);
      if (minute.values.length < KEPT_VALUES) minute.values.push(value);
    }
  }

  /**
   * A metric's points within a window, each with a statistic of what was put in its period.
   *
   * @param now epoch milliseconds.
   * @throws RangeError for a statistic that is not known here.
   */
  points(metric: MetricName, statistic: string, { start, end, periodMs }: MetricWindow, now: number): MetricPoints {
    const of = statisticOf(statistic);
    const local = (at: number): number => now - (now - at) * this.#speed;
    const within = (this.#metrics.get(keyOf(metric)) ?? []).filter(({ at }) => local(at) >= start && local(at) < end);
    const periods = Map.groupBy(within, ({ at }) => Math.floor(local(at) / periodMs) * periodMs);
    return new Map([...periods].map(([at, minutes]) => [at, of(minutes)]));
  }
}

function statisticOf(statistic: string): (minutes: readonly Minute[]) => number {
  const [, share] = SHARE.exec(statistic) ?? [];
  const known = share === undefined ? STATISTICS[statistic] : (minutes: readonly Minute[]) => shareOf(minutes, Number(share));
  if (known === undefined) throw new RangeError(`the statistic ${statistic} is not known here`);
  return known;
}

/** What so many percent of the values do not exceed. */
function shareOf(minutes: readonly Minute[], percent: number): number {
  const sorted = minutes.flatMap(({ values }) => values).sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}

function total(minutes: readonly Minute[], of: "sum" | "count"): number {
  return minutes.reduce((sum, minute) => sum + minute[of], 0);
}

function keyOf({ namespace, name, dimensions }: MetricName): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1))]);
}
