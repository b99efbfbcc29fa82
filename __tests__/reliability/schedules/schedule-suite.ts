import { describe, expect, it } from "vitest";
import type { WorldPlatform } from "../world/world-platform.ts";
import { worldSuite } from "../world/world-suite.ts";
import { runSchedule } from "./run-schedule.ts";
import { SCENARIOS } from "./scenarios.ts";
import { parseScheduleName } from "./schedule.ts";

/** The tests of schedules, or the one schedule to which the run is narrowed by `RELIABILITY_CASE=<name>`. */
export function scheduleSuite(tests: (platform: () => WorldPlatform) => void): void {
  const platform = worldSuite();
  const narrowedTo = process.env.RELIABILITY_CASE;
  describe("a schedule of real handlers and workers", () => {
    if (narrowedTo === undefined) tests(platform);
    else it(`leaves no invariant broken: ${narrowedTo}`, async () => await replay(platform(), narrowedTo));
  });
}

/** Runs the schedule of this name, and prints its calls, facts and log. */
async function replay(platform: WorldPlatform, name: string): Promise<void> {
  const { scenario: wanted, disturbances } = parseScheduleName(name);
  const scenario = SCENARIOS.find((known) => known.name === wanted);
  if (scenario === undefined) throw new Error(`no scenario is called ${wanted}`);
  const { points, facts, log, problems } = await runSchedule(platform, scenario, disturbances);
  const calls = points.map(({ number, process, operation }) => `${number}:${process}:${operation}`);
  const parts = { calls, facts: facts.map((fact) => JSON.stringify(fact)), "workers' log": log };
  console.log(
    Object.entries(parts)
      .flatMap(([part, lines]) => [`${part}:`, ...lines.map((line) => `  ${line}`)])
      .join("\n"),
  );
  expect(problems).toEqual([]);
}
