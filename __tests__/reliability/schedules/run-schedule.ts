import { checkHistory } from "../checker/check-history.ts";
import { describeViolation, type Verdict } from "../checker/verdict.ts";
import type { Fact } from "../history/fact.ts";
import { settledHistory } from "../world/settled-history.ts";
import { DID_NOT_SETTLE, Stage } from "../world/stage.ts";
import { World } from "../world/world.ts";
import type { WorldPlatform } from "../world/world-platform.ts";
import type { Scenario } from "./scenarios.ts";
import type { Disturbance } from "./schedule.ts";
import { Endless, type Point, Scheduler, SeenBefore } from "./scheduler.ts";

export interface RunOutcome {
  readonly verdict: Verdict;
  /** What is wrong, in sentences; empty for a run that passed. */
  readonly problems: readonly string[];
  /** Every call, in the order in which it was made. */
  readonly points: readonly Point[];
  /** Whether it ended at a moment that had been seen before. */
  readonly isCut: boolean;
  /** Simulated seconds from the scenario's end to the settled world. */
  readonly recoverySeconds: number;
  readonly facts: readonly Fact[];
  readonly log: readonly string[];
}

let runs = 0;

/**
 * Plays a scenario as a schedule says, lets the world recover, and checks all that happened.
 *
 * @param isSeen whether a moment after the last disturbance has been seen, so that the run can end there. @default never
 */
export async function runSchedule(
  platform: WorldPlatform,
  scenario: Scenario,
  disturbances: readonly Disturbance[],
  isSeen?: (moment: string) => boolean,
): Promise<RunOutcome> {
  runs += 1;
  const scheduler = new Scheduler(disturbances, isSeen);
  const world = await World.open(platform, {
    pick: scheduler.pick,
    intercept: (attempt, perform) => scheduler.intercept(attempt, () => stage.interceptor(attempt, perform)),
    hasPauses: scenario.hasPauses ?? false,
    ...(scenario.jobType === undefined ? {} : { jobType: scenario.jobType }),
  });
  const stage: Stage = new Stage(world, scenario);
  scheduler.attach(world, stage);
  let recoversAt = world.now;
  let isCut = false;
  let settled = false;
  try {
    await scenario.play(stage, `${scenario.name}-${runs}`);
    recoversAt = world.now;
    settled = scenario.isOpen !== true && (await stage.recover());
  } catch (error) {
    if (!(error instanceof SeenBefore || error instanceof Endless)) throw error;
    isCut = error instanceof SeenBefore;
  }
  try {
    const { checks, violations } = checkHistory(settled ? await settledHistory(world) : world.recorder.soFar());
    const verdict = { checks, violations: [...stage.violations, ...violations] };
    const { divergence } = scheduler;
    const problems = [
      ...(divergence === undefined ? [] : [divergence]),
      ...(settled || isCut || scenario.isOpen ? [] : [DID_NOT_SETTLE]),
      ...verdict.violations.map(describeViolation),
    ];
    const recoverySeconds = (world.now - recoversAt) / 1_000;
    return { verdict, problems, points: scheduler.points, isCut, recoverySeconds, facts: world.recorder.facts, log: world.log };
  } finally {
    await world.close();
  }
}
