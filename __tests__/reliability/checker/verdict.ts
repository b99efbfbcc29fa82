import { INVARIANTS, type Invariant } from "./invariants.ts";

/** An invariant that broke. */
export interface Violation {
  readonly invariant: Invariant;
  readonly jobId?: string;
  /** What happened, with the facts that show it. */
  readonly message: string;
}

/** How often each invariant was put to the test: a check of nothing does not count. */
export type CheckCounts = ReadonlyMap<Invariant, number>;

/** Checks of several runs, together. */
export function sumOfChecks(all: readonly CheckCounts[]): CheckCounts {
  const sums = new Map<Invariant, number>();
  for (const checks of all) addChecks(sums, checks);
  return sums;
}

export function addChecks(sums: Map<Invariant, number>, checks: CheckCounts): void {
  for (const [invariant, count] of checks) sums.set(invariant, (sums.get(invariant) ?? 0) + count);
}

export interface Verdict {
  readonly violations: readonly Violation[];
  readonly checks: CheckCounts;
}

/** One sentence for a violation, with the invariant's name. */
export function describeViolation({ invariant, jobId, message }: Violation): string {
  return `invariant ${invariant} (${INVARIANTS[invariant].split(":")[0]}) broke${jobId === undefined ? "" : ` for job ${jobId}`}: ${message}`;
}
