import type { Invariant } from "../checker/invariants.ts";
import { addChecks, type CheckCounts } from "../checker/verdict.ts";
import type { WorldPlatform } from "../world/world-platform.ts";
import { type CallPoint, type Crash, type CrashCase, caseName, type RecoveryCrash } from "./crash-point.ts";
import { type CaseOutcome, runCase } from "./run-case.ts";
import type { Scenario } from "./scenarios.ts";
import type { Variant } from "./stage.ts";

/** What came of the cases of a run. */
export interface CrashCounts {
  /** Scenarios that ran without a crash. */
  readonly undisturbed: number;
  /** Cases with one crash, and with two. */
  readonly single: number;
  readonly double: number;
  readonly passed: number;
  /** The longest simulated time, in seconds, from the end of a scenario until the world had settled. */
  readonly longestRecoverySeconds: number;
}

/** Runs cases of scenarios, and counts what comes of them. */
export class CrashRun {
  readonly #platform: WorldPlatform;
  readonly #variant: Variant | undefined;
  readonly #failures: string[] = [];
  readonly #checks = new Map<Invariant, number>();
  #counts: CrashCounts = { undisturbed: 0, single: 0, double: 0, passed: 0, longestRecoverySeconds: 0 };

  constructor(platform: WorldPlatform, variant?: Variant) {
    this.#platform = platform;
    this.#variant = variant;
  }

  get counts(): CrashCounts {
    return this.#counts;
  }

  /** Cases that failed: their names, and what went wrong. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  /** How often each invariant was checked. */
  get checks(): CheckCounts {
    return this.#checks;
  }

  async run(scenario: Scenario, crashes: Pick<CrashCase, "first" | "second"> = {}): Promise<CaseOutcome> {
    const crashCase: CrashCase = { scenario: scenario.name, ...crashes };
    const outcome = await runCase(this.#platform, scenario, crashCase, this.#variant);
    const { problems, verdict, recoverySeconds } = outcome;
    if (problems.length > 0) this.#failures.push(`${caseName(crashCase)}: ${problems.join("; ")}`);
    addChecks(this.#checks, verdict.checks);
    const { undisturbed, single, double, passed, longestRecoverySeconds } = this.#counts;
    this.#counts = {
      undisturbed: undisturbed + (crashes.first === undefined ? 1 : 0),
      single: single + (crashes.first !== undefined && crashes.second === undefined ? 1 : 0),
      double: double + (crashes.second === undefined ? 0 : 1),
      passed: passed + (problems.length === 0 ? 1 : 0),
      longestRecoverySeconds: Math.max(longestRecoverySeconds, recoverySeconds),
    };
    return outcome;
  }
}

/** Both crashes at each of a scenario's calls. */
export function firstCrashes(calls: readonly CallPoint[]): Crash[] {
  return calls.flatMap((call) => [
    { ...call, side: "before" as const },
    { ...call, side: "after" as const },
  ]);
}

/** Both crashes at each call of a recovery. */
export function secondCrashes(recovery: CaseOutcome["recovery"]): RecoveryCrash[] {
  return recovery.flatMap((call) => [
    { ...call, side: "before" as const },
    { ...call, side: "after" as const },
  ]);
}
