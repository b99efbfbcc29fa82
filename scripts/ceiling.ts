import type { Quota } from "./quotas.ts";

/** One part of the system, and how many jobs a second it takes. */
export interface Ceiling {
  readonly part: string;
  readonly arithmetic: string;
  /** Jobs a second; infinite where AWS names no quota. */
  readonly jobsPerSecond: number;
  /** Whose: one job type's, one caller's of a type, or all of the account. */
  readonly of: "type" | "caller" | "account";
  /** Whether only jobs for later meet it. */
  readonly isForLater: boolean;
  readonly change: string;
  readonly quota: Quota;
}

type Factor = readonly [value: number, unit: string];

interface Limited extends Pick<Ceiling, "part" | "of" | "quota" | "change">, Partial<Pick<Ceiling, "isForLater">> {
  /** What the quota is multiplied by. @default nothing */
  readonly times?: readonly Factor[];
  /** What it is divided by. @default nothing */
  readonly by?: readonly Factor[];
}

/** A part for which AWS names a quota. */
export function limited({ part, of, isForLater = false, quota, times = [], by = [], change }: Limited): Ceiling {
  const product = times.reduce((result, [value]) => result * value, quota.value);
  const jobsPerSecond = by.reduce((result, [value]) => result / value, product);
  const said = [
    ...times.filter(([value]) => value !== 1).map((factor) => ["·", ...factor] as const),
    ...by.map((factor) => ["/", ...factor] as const),
  ];
  const arithmetic = [count(quota.value), ...said.map(([sign, value, unit]) => `${sign} ${count(value)} ${unit}`)].join(" ");
  return { part, of, isForLater, quota, change, arithmetic, jobsPerSecond };
}

interface Unlimited extends Pick<Ceiling, "part" | "of" | "arithmetic" | "change"> {
  readonly source: string;
}

/** A part for which it names none. */
export function unlimited({ part, of, arithmetic, change, source }: Unlimited): Ceiling {
  const quota = { value: Number.POSITIVE_INFINITY, unit: arithmetic, source, adjustable: false };
  return { part, of, isForLater: false, quota, change, arithmetic, jobsPerSecond: Number.POSITIVE_INFINITY };
}

/** A number as people read it. */
export function count(value: number): string {
  return Number.isFinite(value) ? value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 2 : 0 }) : "no quota";
}
