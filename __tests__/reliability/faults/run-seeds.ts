import type { Invariant } from "../checker/invariants.ts";
import { addChecks, type CheckCounts } from "../checker/verdict.ts";
import type { WorldPlatform } from "../world/world-platform.ts";
import { FAULT_KINDS, type FaultKind } from "./fault-kinds.ts";
import { ends, runSeed, type SeedOutcome } from "./run-seed.ts";

/** What came of several seeds. */
export interface FaultRuns {
  readonly seeds: number;
  readonly passed: number;
  /** Each with its seed, what went wrong, and how to run it again. */
  readonly failures: readonly string[];
  readonly jobs: number;
  readonly calls: number;
  /** How often each kind of fault was injected. */
  readonly injected: ReadonlyMap<FaultKind, number>;
  /** How many jobs ended in each way. */
  readonly ends: ReadonlyMap<string, number>;
  readonly checks: CheckCounts;
  /** The longest simulated time from the last fault to a settled world. */
  readonly longestRecoverySeconds: number;
}

export async function runSeeds(platform: WorldPlatform, seeds: readonly number[]): Promise<FaultRuns> {
  const failures: string[] = [];
  const injected = new Map<FaultKind, number>(FAULT_KINDS.map((kind) => [kind, 0]));
  const ended = new Map<string, number>();
  const checks = new Map<Invariant, number>();
  let calls = 0;
  let longestRecoverySeconds = 0;
  for (const seed of seeds) {
    const outcome = await runSeed(platform, seed);
    if (outcome.problems.length > 0) failures.push(failure(outcome));
    calls += outcome.tries.length;
    longestRecoverySeconds = Math.max(longestRecoverySeconds, outcome.recoverySeconds);
    for (const kind of outcome.injected) countOne(injected, kind);
    for (const end of ends(outcome.history.facts)) countOne(ended, end);
    addChecks(checks, outcome.verdict.checks);
  }
  const jobs = [...ended.values()].reduce((sum, count) => sum + count, 0);
  const passed = seeds.length - failures.length;
  return { seeds: seeds.length, passed, failures, jobs, calls, injected, ends: ended, checks, longestRecoverySeconds };
}

function failure({ seed, problems }: SeedOutcome): string {
  return `seed ${seed}: ${problems.join("; ")} (replay with RELIABILITY_SEED=${seed} npm run test:reliability -- faults)`;
}

function countOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
