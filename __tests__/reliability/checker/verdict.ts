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

export interface Verdict {
  readonly violations: readonly Violation[];
  readonly checks: CheckCounts;
}

/** One sentence for a violation, with the invariant's name. */
export function describeViolation({ invariant, jobId, message }: Violation): string {
  return `invariant ${invariant} (${INVARIANTS[invariant].split(":")[0]}) broke${jobId === undefined ? "" : ` for job ${jobId}`}: ${message}`;
}
