import { INVARIANTS, type Invariant } from "../checker/invariants.ts";
import type { CheckCounts, Violation } from "../checker/verdict.ts";

/** Counts the checks of one exploration, and keeps the first that failed. */
export class Checks {
  readonly #counts = new Map<Invariant, number>();
  violation: Violation | undefined;

  get counts(): CheckCounts {
    return this.#counts;
  }

  demand(invariant: Invariant, holds: boolean, message: string): void {
    this.#counts.set(invariant, (this.#counts.get(invariant) ?? 0) + 1);
    if (!holds) this.violation ??= { invariant, message };
  }
}

/** The checks of several explorations together. */
export function totalChecks(all: readonly CheckCounts[]): CheckCounts {
  const numbers = Object.keys(INVARIANTS).map(Number) as Invariant[];
  const totals = numbers.map((number) => [number, all.reduce((sum, counts) => sum + (counts.get(number) ?? 0), 0)] as const);
  return new Map(totals.filter(([, count]) => count > 0));
}
