import { seededRandom } from "../../support/seeded-random.ts";
import type { Crash } from "./crash-point.ts";
import { type CrashRun, firstCrashes, secondCrashes } from "./crash-run.ts";
import type { Scenario } from "./scenarios.ts";

interface Candidate {
  readonly scenario: Scenario;
  readonly first: Crash;
}

/** Crashes of a kind: what dies, at which call, on which side. */
function stratum({ process, operation, side }: Crash): string {
  return `${process.split("#")[0]} ${operation} ${side}`;
}

/**
 * A sample of the enumeration: each scenario without a crash, each kind of crash once somewhere, each scenario with at least
 * `perScenario` crashes, and one second crash for each scenario. The seed decides which.
 *
 * @returns the kinds of crash that there are, all of which the sample has.
 */
export async function sampleCrashes(
  run: CrashRun,
  scenarios: readonly Scenario[],
  { seed, perScenario }: { readonly seed: number; readonly perScenario: number },
): Promise<readonly string[]> {
  const random = seededRandom(seed);
  const all: Candidate[] = [];
  for (const scenario of scenarios) {
    const { calls } = await run.run(scenario);
    all.push(...firstCrashes(calls).map((first) => ({ scenario, first })));
  }
  const shuffled = all.map((candidate) => ({ candidate, place: random() })).sort((one, other) => one.place - other.place);
  const kinds = new Set<string>();
  const chosen: Candidate[] = [];
  for (const { candidate } of shuffled) {
    const kind = stratum(candidate.first);
    const ofScenario = chosen.filter(({ scenario }) => scenario === candidate.scenario).length;
    if (kinds.has(kind) && ofScenario >= perScenario) continue;
    kinds.add(kind);
    chosen.push(candidate);
  }
  const again = new Set<Scenario>();
  for (const { scenario, first } of chosen) {
    const { recovery } = await run.run(scenario, { first });
    const seconds = secondCrashes(recovery);
    const second = seconds[Math.floor(random() * seconds.length)];
    if (second === undefined || again.has(scenario)) continue;
    again.add(scenario);
    await run.run(scenario, { first, second });
  }
  return [...kinds];
}
