import { seededRandom } from "../../support/seeded-random.ts";
import type { WorldPlatform } from "../world/world-platform.ts";
import { disturbancesAt } from "./exploration.ts";
import { type RunOutcome, runSchedule } from "./run-schedule.ts";
import type { Scenario } from "./scenarios.ts";
import { type Disturbance, scheduleName } from "./schedule.ts";

export interface SampledRun {
  /** Its schedule's. */
  readonly name: string;
  readonly disturbances: readonly Disturbance[];
  readonly outcome: RunOutcome;
}

/**
 * A sample of the exploration: each scenario in its usual order; each with `perScenario` disturbances, those first of which
 * there was none in the scenarios before it; and each with two. The seed decides which.
 */
export async function sampleSchedules(
  platform: WorldPlatform,
  scenarios: readonly Scenario[],
  { seed, perScenario }: { readonly seed: number; readonly perScenario: number },
): Promise<readonly SampledRun[]> {
  const random = seededRandom(seed);
  const runs: SampledRun[] = [];
  const run = async (scenario: Scenario, disturbances: readonly Disturbance[]): Promise<Disturbance[]> => {
    const outcome = await runSchedule(platform, scenario, disturbances);
    runs.push({ name: scheduleName({ scenario: scenario.name, disturbances }), disturbances, outcome });
    return outcome.points.slice(disturbances.at(-1)?.number ?? 0).flatMap(disturbancesAt);
  };
  const seen = new Set<string>();
  for (const scenario of scenarios) {
    const first = shuffled(await run(scenario, []), random);
    const isNew = ({ operation, kind }: Disturbance): boolean => !seen.has(`${operation} ${kind}`);
    const chosen = [...first.filter(isNew), ...first].slice(0, perScenario);
    for (const [index, disturbance] of chosen.entries()) {
      seen.add(`${disturbance.operation} ${disturbance.kind}`);
      const [second] = shuffled(await run(scenario, [disturbance]), random);
      if (index === 0 && second !== undefined) await run(scenario, [disturbance, second]);
    }
  }
  return runs;
}

function shuffled<Value>(values: readonly Value[], random: () => number): Value[] {
  const placed = values.map((value) => ({ value, place: random() }));
  return placed.sort((one, other) => one.place - other.place).map(({ value }) => value);
}
