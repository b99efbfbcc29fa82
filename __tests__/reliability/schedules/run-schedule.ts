import { checkHistory } from "../checker/check-history.ts";
import { describeViolation, type Verdict } from "../checker/verdict.ts";
import type { Fact } from "../history/fact.ts";
import { settledHistory } from "../world/settled-history.ts";
import { World } from "../world/world.ts";
import type { WorldPlatform } from "../world/world-platform.ts";
import type { Scenario } from "./scenarios.ts";
import type { Disturbance } from "./schedule.ts";
import { Endless, type Point, Scheduler, SeenBefore } from "./scheduler.ts";
import { Stage, type Variant } from "./stage.ts";

/** How a run is to be made. */
export interface RunSettings {
  /** Replaces dependencies of the product. */
  readonly variant?: Variant;
  /** Whether a moment after the last disturbance has been seen, so that the run can end there. @default never */
  readonly isSeen?: (moment: string) => boolean;
}

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

/** Plays a scenario as a schedule says, lets the world recover, and checks all that happened. */
export async function runSchedule(
  platform: WorldPlatform,
  scenario: Scenario,
  disturbances: readonly Disturbance[],
  { variant, isSeen }: RunSettings = {},
): Promise<RunOutcome> {
  runs += 1;
  const scheduler = new Scheduler(disturbances, isSeen);
  const { pick, intercept } = scheduler;
  const world = await World.open(platform, {
    pick,
    intercept,
    ...(scenario.jobType === undefined ? {} : { jobType: scenario.jobType }),
  });
  const stage = new Stage(world, scenario.worker, variant);
  scheduler.attach(world, stage);
  let recoversAt = world.now;
  let isCut = false;
  let settled = false;
  try {
    await scenario.play(stage, `${scenario.name}-${runs}`);
    recoversAt = world.now;
    settled = await stage.recover();
  } catch (error) {
    if (!(error instanceof SeenBefore || error instanceof Endless)) throw error;
    isCut = error instanceof SeenBefore;
  }
  try {
    const verdict = checkHistory(settled ? await settledHistory(world) : world.recorder.soFar());
    const { divergence } = scheduler;
    const problems = [
      ...(divergence === undefined ? [] : [divergence]),
      ...(settled || isCut ? [] : ["the world did not settle"]),
      ...verdict.violations.map(describeViolation),
    ];
    const recoverySeconds = (world.now - recoversAt) / 1_000;
    return { verdict, problems, points: scheduler.points, isCut, recoverySeconds, facts: world.recorder.facts, log: world.log };
  } finally {
    await world.close();
  }
}
