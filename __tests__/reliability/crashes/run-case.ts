import { checkHistory } from "../checker/check-history.ts";
import { describeViolation, type Verdict } from "../checker/verdict.ts";
import type { Fact } from "../history/fact.ts";
import type { AwsTry } from "../world/call-gate.ts";
import { settledHistory } from "../world/settled-history.ts";
import { World } from "../world/world.ts";
import type { WorldPlatform } from "../world/world-platform.ts";
import { CrashPlan } from "./crash-plan.ts";
import type { CallPoint, CrashCase, RecoveryCrash } from "./crash-point.ts";
import type { Scenario } from "./scenarios.ts";
import { Stage, type Variant } from "./stage.ts";

export interface CaseOutcome {
  readonly verdict: Verdict;
  /** What is wrong, in sentences; empty for a case that passed. */
  readonly problems: readonly string[];
  /** Every call, in the order in which it was performed. */
  readonly calls: readonly CallPoint[];
  /** The calls after the first crash. */
  readonly recovery: readonly Omit<RecoveryCrash, "side">[];
  /** Simulated seconds from the last fault to the settled world. */
  readonly recoverySeconds: number;
  readonly facts: readonly Fact[];
  readonly log: readonly string[];
}

let runs = 0;

/** Plays a scenario with the case's crashes, lets the world recover, and checks all that happened. */
export async function runCase(
  platform: WorldPlatform,
  scenario: Scenario,
  crashCase: CrashCase,
  variant?: Variant,
): Promise<CaseOutcome> {
  runs += 1;
  const plan = new CrashPlan(crashCase);
  const world = await World.open(platform, {
    intercept: plan.intercept,
    ...(scenario.jobType === undefined ? {} : { jobType: scenario.jobType }),
  });
  try {
    const stage = new Stage(world, scenario.worker, variant);
    await scenario.play(stage, `${scenario.name}-${runs}`);
    const recoversAt = world.now;
    const settled = await stage.recover();
    const recoverySeconds = (world.now - recoversAt) / 1_000;
    const verdict = checkHistory(await settledHistory(world));
    const problems = [
      ...(plan.divergence === undefined ? [] : [plan.divergence]),
      ...(settled ? [] : ["the world did not settle"]),
      ...verdict.violations.map(describeViolation),
    ];
    return {
      verdict,
      problems,
      calls: world.tries.map(callPoint),
      recovery: plan.recovery.map(({ operation }, index) => ({ number: index + 1, operation })),
      recoverySeconds,
      facts: world.recorder.facts,
      log: world.log,
    };
  } finally {
    await world.close();
  }
}

function callPoint({ process, number, operation }: AwsTry): CallPoint {
  return { process: process.name, number, operation };
}
