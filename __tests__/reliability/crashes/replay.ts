import type { WorldPlatform } from "../world/world-platform.ts";
import { parseCaseName } from "./crash-point.ts";
import { type CaseOutcome, runCase } from "./run-case.ts";
import { SCENARIOS } from "./scenarios.ts";

/** The case that a run is narrowed to: `RELIABILITY_CASE=<name> npx vitest run __tests__/reliability/crashes/crashes.test.ts`. */
export const REPLAYED_CASE = process.env.RELIABILITY_CASE;

/** Runs the case of this name alone, and prints its facts and log. */
export async function replay(platform: WorldPlatform, name: string): Promise<CaseOutcome> {
  const crashCase = parseCaseName(name);
  const scenario = SCENARIOS.find((known) => known.name === crashCase.scenario);
  if (scenario === undefined) throw new Error(`no scenario is called ${crashCase.scenario}`);
  const outcome = await runCase(platform, scenario, crashCase);
  const { calls, facts, log, problems } = outcome;
  const lines = [
    `narrowed to ${name}; the calls:`,
    ...calls.map(({ process, number, operation }) => `  ${process}:${number}:${operation}`),
    "the facts:",
    ...facts.map((fact) => `  ${JSON.stringify(fact)}`),
    "the workers' log:",
    ...log.map((line) => `  ${line}`),
    problems.length === 0 ? "passed" : problems.join("\n"),
  ];
  console.log(lines.join("\n"));
  return outcome;
}
