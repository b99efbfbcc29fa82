import type { Invariant } from "../checker/invariants.ts";
import { addChecks, type CheckCounts } from "../checker/verdict.ts";
import type { WorldPlatform } from "../world/world-platform.ts";
import { type RunOutcome, runSchedule } from "./run-schedule.ts";
import type { Scenario } from "./scenarios.ts";
import { type Bound, type Disturbance, scheduleName } from "./schedule.ts";
import type { Point } from "./scheduler.ts";

/** How many disturbances may follow, by bound. */
type Remaining = readonly number[];

/** What came of the schedules of an exploration. */
export interface Counts {
  /** Runs, by their number of disturbances. */
  readonly runs: readonly number[];
  readonly passed: number;
  /** Runs that ended where another had been. */
  readonly cut: number;
  readonly moments: number;
  readonly longestRecoverySeconds: number;
}

/**
 * Explores the schedules of a scenario within its bounds: first the usual one; then each with one disturbance, at each call; then,
 * for each of those, with another at each call after that. A run ends early where it comes to a moment from which a run with as many
 * disturbances to come went on: no schedule after that differs.
 */
export class Exploration {
  readonly #platform: WorldPlatform;
  readonly #scenario: Scenario;
  readonly #bounds: readonly Bound[];
  /** By moment: how many disturbances could follow in the runs that went on from there, by bound. */
  readonly #seen = new Map<string, Remaining[]>();
  readonly #checks = new Map<Invariant, number>();
  readonly #runs: number[] = [];
  #passed = 0;
  #cut = 0;
  #longestRecoverySeconds = 0;

  constructor(platform: WorldPlatform, scenario: Scenario, bounds: readonly Bound[]) {
    this.#platform = platform;
    this.#scenario = scenario;
    this.#bounds = bounds;
  }

  get counts(): Counts {
    return {
      runs: this.#runs,
      passed: this.#passed,
      cut: this.#cut,
      moments: this.#seen.size,
      longestRecoverySeconds: this.#longestRecoverySeconds,
    };
  }

  /** How often each invariant was checked. */
  get checks(): CheckCounts {
    return this.#checks;
  }

  /** Makes the runs one after the other: those with the fewest disturbances first. */
  async *outcomes(): AsyncGenerator<{ readonly name: string; readonly outcome: RunOutcome }> {
    let level: (readonly Disturbance[])[] = [[]];
    while (level.length > 0) {
      const next: (readonly Disturbance[])[] = [];
      for (const disturbances of level) {
        const outcome = await this.#run(disturbances);
        yield { name: scheduleName({ scenario: this.#scenario.name, disturbances }), outcome };
        const after = outcome.points.slice(disturbances.at(-1)?.number ?? 0);
        for (const point of after) {
          for (const disturbance of disturbancesAt(point)) {
            const longer = [...disturbances, disturbance];
            if (this.#remaining(longer) !== undefined) next.push(longer);
          }
        }
      }
      level = next;
    }
  }

  /** @returns the runs that did not pass: their names, and what went wrong. */
  async failures(): Promise<string[]> {
    const failures: string[] = [];
    for await (const { name, outcome } of this.outcomes()) {
      if (outcome.problems.length > 0) failures.push(`${name}: ${outcome.problems.join("; ")}`);
    }
    return failures;
  }

  async #run(disturbances: readonly Disturbance[]): Promise<RunOutcome> {
    const remaining = this.#remaining(disturbances) ?? [];
    const passed = new Set<string>();
    const outcome = await runSchedule(this.#platform, this.#scenario, disturbances, (moment) => {
      passed.add(moment);
      return this.#seen.get(moment)?.some((other) => remaining.every((count, bound) => count <= (other[bound] ?? -1))) ?? false;
    });
    for (const moment of passed) this.#seen.set(moment, [...(this.#seen.get(moment) ?? []), remaining]);
    this.#runs[disturbances.length] = (this.#runs[disturbances.length] ?? 0) + 1;
    this.#passed += outcome.problems.length === 0 ? 1 : 0;
    this.#cut += outcome.isCut ? 1 : 0;
    this.#longestRecoverySeconds = Math.max(this.#longestRecoverySeconds, outcome.recoverySeconds);
    addChecks(this.#checks, outcome.verdict.checks);
    return outcome;
  }

  /** How many disturbances may follow these, by bound; undefined where they are within none. */
  #remaining(disturbances: readonly Disturbance[]): Remaining | undefined {
    const left = this.#bounds.map(({ kinds, atMost }) =>
      disturbances.every(({ kind }) => kinds.includes(kind)) ? atMost - disturbances.length : -1,
    );
    return left.some((count) => count >= 0) ? left : undefined;
  }
}

/** What can become of a call. */
export function disturbancesAt({ others, kinds, ...call }: Point): Disturbance[] {
  return [
    ...kinds.map((kind) => ({ ...call, kind })),
    ...others.map((other) => ({ number: call.number, ...other, kind: "overtakes" as const })),
  ];
}
