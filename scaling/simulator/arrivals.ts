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

function pattern(
  name: string,
  description: string,
  until: number,
  times: (random: Random, perSecond: (rate: number) => number) => readonly number[],
): Pattern {
  return {
    name,
    description,
    until,
    arrivals: (random, jobSeconds) =>
      times(random, (rate) => (rate * RATED_SECONDS) / jobSeconds).map((at) => ({
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

/** A lull and a rush take turns, and rushes come in sizes of a power law: most are small, a few are most of the work. */
function bursts(random: Random, until: number, between: number): number[] {
  const times: number[] = [];
  for (let at = random.exponential(between); at < until; at += random.exponential(between)) {
    const size = Math.min(600, Math.floor(8 * (1 - random.uniform()) ** -0.9));
    const gap = random.exponential(0.4);
    for (let job = 0; job < size; job += 1) times.push(at + job * gap);
  }
  return times.sort((one, other) => one - other);
}

export const PATTERNS: readonly Pattern[] = [
  pattern("one-job", "one job", HOUR, () => [MINUTE]),
  pattern("burst", "1,000 jobs within five seconds", HOUR, () => Array.from({ length: 1_000 }, (_, job) => MINUTE + job / 200)),
  pattern("working-day", "a day from midnight to midnight, busy before noon and after", 24 * HOUR, (random, perSecond) =>
    atRate(random, 24 * HOUR, perSecond(0.5), (at) => perSecond(0.5) * officeHours(at)),
  ),
  pattern("spikes", "a steady stream, and six times as much for five minutes of every half hour", 3 * HOUR, (random, perSecond) =>
    atRate(random, 3 * HOUR, perSecond(1.2), (at) => perSecond(at % (30 * MINUTE) < 5 * MINUTE ? 1.2 : 0.2)),
  ),
  pattern("slow-ramp", "from nothing to a job a second in two hours, and back", 4 * HOUR, (random, perSecond) =>
    atRate(random, 4 * HOUR, perSecond(1), (at) => perSecond(1 - Math.abs(at - 2 * HOUR) / (2 * HOUR))),
  ),
  pattern("trace", "rushes of all sizes at any time of eight hours: callers with batches of their own", 8 * HOUR, (random) =>
    bursts(random, 8 * HOUR, 5 * MINUTE),
  ),
];

/** The arrivals of a pattern, in order. */
export function arrivalsOf({ arrivals }: Pattern, seed: number, jobSeconds: number): readonly Arrival[] {
  return [...arrivals(seededRandom(seed), jobSeconds)].sort((one, other) => one.at - other.at);
}
