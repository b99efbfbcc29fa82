import { type CrashRun, firstCrashes, secondCrashes } from "./crash-run.ts";
import type { Scenario } from "./scenarios.ts";

/**
 * Runs a scenario without a crash; then with a process dying before and after each of its calls; then, for each of those, with
 * another death before and after each call that follows the first.
 */
export async function enumerateCrashes(run: CrashRun, scenario: Scenario): Promise<void> {
  const { calls } = await run.run(scenario);
  for (const first of firstCrashes(calls)) {
    const { recovery } = await run.run(scenario, { first });
    for (const second of secondCrashes(recovery)) await run.run(scenario, { first, second });
  }
}
