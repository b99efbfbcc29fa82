import { expect, it } from "vitest";
import { sumOfChecks } from "../checker/verdict.ts";
import { recordFigures, type Suite } from "../report/record-figures.ts";
import { type Counts, Exploration } from "./exploration.ts";
import type { Scenario } from "./scenarios.ts";
import { KINDS, ONE_DISTURBANCE, TWO_DEATHS } from "./schedule.ts";
import { scheduleSuite } from "./schedule-suite.ts";

/** The tests that explore these scenarios, and leave the figures of a suite. @param summary which schedules, for the report. */
export function exploreScenarios(suite: Suite, summary: string, scenarios: readonly Scenario[]): void {
  scheduleSuite((platform) => {
    const explored = new Map<string, Exploration>();
    it.each(scenarios)("leaves no invariant broken: every one of $name", async (scenario) => {
      const { alsoWithin, name } = scenario;
      const bounds = [TWO_DEATHS, ONE_DISTURBANCE, ...(alsoWithin === undefined ? [] : [alsoWithin])];
      const exploration = new Exploration(platform(), scenario, bounds);
      explored.set(name, exploration);
      const failures = await exploration.failures();
      console.log(`${name}: ${figureOf(exploration.counts)}`);
      expect(failures.slice(0, 20)).toEqual([]);
    });

    it("was tried in every scenario", () => {
      const counts = [...explored.values()].map((exploration) => exploration.counts);
      const sum = (figure: (of: Counts) => number): number => counts.reduce((total, of) => total + figure(of), 0);
      recordFigures({
        suite,
        summary: `${summary} A run ends early where it comes to a moment from which another went on.`,
        command: "npm run test:reliability -- schedules",
        figures: {
          scenarios: explored.size,
          "kinds of disturbance": Object.entries(KINDS)
            .map(([kind, meaning]) => `${kind} (${meaning})`)
            .join("; "),
          "schedules run": sum(runsOf),
          "schedules passed": sum(({ passed }) => passed),
          "with one disturbance": sum(({ runs }) => runs[1] ?? 0),
          "with two": sum(({ runs }) => runs[2] ?? 0),
          "ended early, at a moment that was seen before": sum(({ cut }) => cut),
          "moments told apart": sum(({ moments }) => moments),
          ...Object.fromEntries([...explored].map(([name, exploration]) => [name, figureOf(exploration.counts)])),
          "longest recovery, in simulated seconds": Math.max(
            ...counts.map(({ longestRecoverySeconds }) => longestRecoverySeconds),
          ),
        },
        checks: sumOfChecks([...explored.values()].map((exploration) => exploration.checks)),
      });
      expect(explored.size).toBe(scenarios.length);
      expect(explored.size).toBeGreaterThan(0);
      expect(sum(({ passed }) => passed)).toBe(sum(runsOf));
    });
  });
}

function runsOf({ runs }: Counts): number {
  return runs.reduce((sum, count) => sum + count, 0);
}

function figureOf(counts: Counts): string {
  return `${runsOf(counts)} schedules, ${counts.passed} passed, ${counts.cut} of them ended early, ${counts.moments} moments`;
}
