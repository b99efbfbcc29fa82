import type { CrashCase } from "../crashes/crash-point.ts";
import { firstCrashes } from "../crashes/crash-run.ts";
import { runCase } from "../crashes/run-case.ts";
import { SCENARIOS } from "../crashes/scenarios.ts";
import { WorldPlatform } from "../world/world-platform.ts";
import { type Breach, breachesOf, DID_NOT_SETTLE } from "./breach.ts";

/**
 * Plays a scenario undisturbed, then with a process dying before and after each of its calls, until a case breaks something.
 *
 * @returns what that case broke.
 */
export async function crashesOf(name: string): Promise<Breach[]> {
  const scenario = SCENARIOS.find((known) => known.name === name);
  if (scenario === undefined) throw new Error(`no scenario is called ${name}`);
  const platform = await WorldPlatform.start();
  const play = async (crashes: Pick<CrashCase, "first">) => {
    const { verdict, problems, calls } = await runCase(platform, scenario, { scenario: name, ...crashes });
    const breaches = breachesOf(verdict.violations);
    const isStuck = breaches.length === 0 && problems.includes(DID_NOT_SETTLE.message);
    return { calls, breaches: isStuck ? [DID_NOT_SETTLE] : breaches };
  };
  try {
    const { calls, breaches } = await play({});
    if (breaches.length > 0) return breaches;
    for (const first of firstCrashes(calls)) {
      const crashed = await play({ first });
      if (crashed.breaches.length > 0) return crashed.breaches;
    }
    return [];
  } finally {
    await platform.stop();
  }
}
