import { expect, it } from "vitest";
import { sumOfChecks } from "../checker/verdict.ts";
import { recordFigures } from "../report/record-figures.ts";
import { type CrashCounts, CrashRun } from "./crash-run.ts";
import { crashSuite } from "./crash-suite.ts";
import { enumerateCrashes } from "./enumerate-crashes.ts";
import { SCENARIOS } from "./scenarios.ts";

crashSuite((platform) => {
  const runs = new Map<string, CrashRun>();
  it.each(SCENARIOS)("leaves no invariant broken, nor does a second one: every case of $name", async (scenario) => {
    const run = new CrashRun(platform());
    runs.set(scenario.name, run);
    await enumerateCrashes(run, scenario);
    console.log(`${scenario.name}: ${casesOf(run.counts)} cases run, ${run.counts.passed} passed`);
    expect(run.failures.slice(0, 20)).toEqual([]);
    expect(run.counts.passed).toBe(casesOf(run.counts));
  });

  it("was looked for in every case of every scenario", () => {
    const counts = [...runs.values()].map((run) => run.counts);
    const sum = (figure: (counted: CrashCounts) => number): number => counts.reduce((total, of) => total + figure(of), 0);
    recordFigures({
      suite: "crash enumeration",
      summary:
        "Each scenario on the real handlers and workers, with a process dying before and after every call, and again before and " +
        "after every call of the recovery. Nothing is left out.",
      command: "npm run test:reliability -- crashes",
      figures: {
        scenarios: runs.size,
        "cases run": sum(casesOf),
        "cases passed": sum(({ passed }) => passed),
        "cases with one crash": sum(({ single }) => single),
        "cases with two crashes": sum(({ double }) => double),
        ...Object.fromEntries(
          [...runs].map(([name, run]) => [`${name}: run / passed`, `${casesOf(run.counts)} / ${run.counts.passed}`]),
        ),
        "longest recovery, in simulated seconds": Math.max(...counts.map(({ longestRecoverySeconds }) => longestRecoverySeconds)),
      },
      checks: sumOfChecks([...runs.values()].map((run) => run.checks)),
    });
    expect(runs.size).toBe(SCENARIOS.length);
    expect(sum(({ passed }) => passed)).toBe(sum(casesOf));
  });
});

function casesOf({ undisturbed, single, double }: CrashCounts): number {
  return undisturbed + single + double;
}
