import { Exploration } from "../schedules/exploration.ts";
import { SCENARIOS } from "../schedules/scenarios.ts";
import { ONE_DISTURBANCE, TWO_DISTURBANCES } from "../schedules/schedule.ts";
import { WorldPlatform } from "../world/world-platform.ts";
import { type Breach, breachesOf, DID_NOT_SETTLE } from "./breach.ts";

/** Explores the schedules of a scenario with so many disturbances, until one breaks something. @returns what it broke. */
export async function schedulesOf(name: string, atMost: 1 | 2): Promise<Breach[]> {
  const scenario = SCENARIOS.find((known) => known.name === name);
  if (scenario === undefined) throw new Error(`no scenario is called ${name}`);
  const bound = atMost === 1 ? ONE_DISTURBANCE : TWO_DISTURBANCES;
  const platform = await WorldPlatform.start();
  try {
    for await (const { outcome } of new Exploration(platform, scenario, [bound]).outcomes()) {
      const { verdict, problems } = outcome;
      const breaches = breachesOf(verdict.violations);
      if (breaches.length > 0) return breaches;
      if (problems.includes(DID_NOT_SETTLE.message)) return [DID_NOT_SETTLE];
    }
    return [];
  } finally {
    await platform.stop();
  }
}
