import { INVARIANT_NUMBERS, type Invariant } from "./invariants.ts";
import type { Verdict, Violation } from "./verdict.ts";

/** One check: `message` is asked for only where it failed. */
export type Demand = (invariant: Invariant, holds: boolean, message: () => string) => void;

/** Counts checks, and keeps those that failed. */
export class Tally {
  readonly #counts = new Array<number>(Math.max(...INVARIANT_NUMBERS) + 1).fill(0);
  readonly #violations: Violation[] = [];

  /** @param jobId the job that the check is about. */
  demand(invariant: Invariant, holds: boolean, jobId: string | undefined, message: () => string): void {
    this.#counts[invariant] = (this.#counts[invariant] ?? 0) + 1;
    if (!holds) this.#violations.push({ invariant, ...(jobId === undefined ? {} : { jobId }), message: message() });
  }

  /** A demand for each check of one job. */
  forJob(jobId: string): Demand {
    return (invariant, holds, message) => this.demand(invariant, holds, jobId, message);
  }

  /** Counts checks whose outcome is known. */
  count(invariant: Invariant, checks: number): void {
    this.#counts[invariant] = (this.#counts[invariant] ?? 0) + checks;
  }

  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  get verdict(): Verdict {
    const checks = INVARIANT_NUMBERS.map((invariant) => [invariant, this.#counts[invariant] ?? 0] as const);
    return { violations: [...this.#violations], checks: new Map(checks.filter(([, count]) => count > 0)) };
  }
}
