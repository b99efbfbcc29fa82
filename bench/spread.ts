import { median } from "./median.ts";

/** The least, the median and the most of some values. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
}

export function shownSpread({ min, median: middle, max }: Spread, digits = 2): string {
  return `${[min, middle, max].map((value) => value.toFixed(digits)).join(" / ")} (min / median / max)`;
}
