import { type Random, seededRandom } from "./random.ts";

/** A job that is added. */
export interface Arrival {
  /** Seconds since the start. */
  readonly at: number;
  /** How long it runs. */
  readonly seconds: number;
}

/** An arrival pattern: when jobs come, over how long a time it is looked at. */
export interface Pattern {
  readonly name: string;
  readonly description: string;
  /** Seconds that are looked at, at the least. */
  readonly until: number;
  /** Whether nothing has called the queue for six hours before: its metrics then come late (`queue-metrics.ts`). */
  readonly afterRest: boolean;
  /** @param jobSeconds the mean of job lengths. */
  arrivals(random: Random, jobSeconds: number): readonly Arrival[];
}

const MINUTE = 60;
const HOUR = 3_600;
/** Job lengths vary as much as their mean: most are shorter, a few much longer. */
const LENGTH_VARIATION = 1;

/** Arrivals of a rate that changes: candidates at its highest, of which as many stay as the rate at their time has. */
export function atRate(random: Random, until: number, most: number, rate: (at: number) => number): number[] {
  const times: number[] = [];
  for (let at = random.exponential(1 / most); at < until; at += random.exponential(1 / most)) {
    if (random.uniform() * most < rate(at)) times.push(at);
  }
  return times;
}

/** Rates are for jobs of this mean; with longer jobs, as many fewer come, so that the work is the same. */
const RATED_SECONDS = 30;

interface PatternText {
  readonly name: string;
  readonly description: string;
  readonly hours: number;
  readonly afterRest?: boolean;
}

function pattern(
  { hours, afterRest = true, ...texts }: PatternText,
  times: (random: Random, until: number, perSecond: (rate: number) => number) => readonly number[],
): Pattern {
  return {
    ...texts,
    afterRest,
    until: hours * HOUR,
    arrivals: (random, jobSeconds) =>
      times(random, hours * HOUR, (rate) => (rate * RATED_SECONDS) / jobSeconds).map((at) => ({
        at,
        seconds: Math.max(0.1, random.logNormal(jobSeconds, LENGTH_VARIATION)),
      })),
  };
}

/** A day's shape: nothing at night, most before noon and in the early afternoon. @param at seconds since midnight. */
function officeHours(at: number): number {
  const hour = at / HOUR;
  const hump = (middle: number, width: number) => Math.exp(-(((hour - middle) / width) ** 2));
  return Math.min(1, hump(10.5, 1.8) + 0.9 * hump(14.8, 1.9));
}

/** Rushes that come at random, in sizes of a power law: most are small, and a few are most of the work. @param between seconds, on average. */
function rushes(random: Random, until: number, between: number): number[] {
  const times: number[] = [];
  for (let at = random.exponential(between); at < until; at += random.exponential(between)) {
    const size = Math.min(600, Math.floor(8 * (1 - random.uniform()) ** -0.9));
    const gap = random.exponential(0.4);
    for (let job = 0; job < size; job += 1) times.push(at + job * gap);
  }
  return times.sort((one, other) => one - other);
}

const burst = () => Array.from({ length: 1_000 }, (_, job) => MINUTE + job / 1_000);

export const PATTERNS: readonly Pattern[] = [
  pattern({ name: "one-job", description: "one job", hours: 1 }, () => [MINUTE]),
  pattern({ name: "burst", description: "1,000 jobs within a second", hours: 1, afterRest: false }, burst),
  pattern({ name: "burst-after-rest", description: "the same, first thing in the morning", hours: 1 }, burst),
  pattern({ name: "working-day", description: "a day, busy before noon and after", hours: 24 }, (random, until, perSecond) =>
    atRate(random, until, perSecond(0.5), (at) => perSecond(0.5) * officeHours(at)),
  ),
  pattern(
    { name: "spikes", description: "a stream, and six times as much for five minutes of every half hour", hours: 3 },
    (random, until, perSecond) =>
      atRate(random, until, perSecond(1.2), (at) => perSecond(at % (30 * MINUTE) < 5 * MINUTE ? 1.2 : 0.2)),
  ),
  pattern(
    { name: "slow-ramp", description: "from nothing to a job a second in two hours, and back", hours: 4 },
    (random, until, perSecond) => atRate(random, until, perSecond(1), (at) => perSecond(1 - Math.abs((2 * at) / until - 1))),
  ),
  pattern(
    { name: "trace", description: "rushes of all sizes at any time, as callers with batches of their own make", hours: 8 },
    (random, until) => rushes(random, until, 5 * MINUTE),
  ),
];

/** The arrivals of a pattern, in order. */
export function arrivalsOf({ arrivals }: Pattern, seed: number, jobSeconds: number): readonly Arrival[] {
  return [...arrivals(seededRandom(seed), jobSeconds)].sort((one, other) => one.at - other.at);
}
