import { describe, expect, it } from "vitest";
import { recordFigures } from "../report/record-figures.ts";
import { worldSuite } from "../world/world-suite.ts";
import { runSeed } from "./run-seed.ts";
import { runSeeds } from "./run-seeds.ts";

const FIRST_SEED = 1_001;
const SEEDS = Array.from({ length: 600 }, (_, index) => FIRST_SEED + index);
/** Runs this seed alone. */
const { RELIABILITY_SEED } = process.env;

const platform = worldSuite();

describe("jobs under faults of AWS and the network", () => {
  it("all come to their one end", async () => {
    if (RELIABILITY_SEED !== undefined) {
      await replay(Number(RELIABILITY_SEED));
      return;
    }
    const { seeds, passed, failures, jobs, calls, injected, ends, checks, longestRecoverySeconds } = await runSeeds(
      platform(),
      SEEDS,
    );
    recordFigures({
      suite: "faults",
      summary:
        "Jobs of all kinds, two or three workers and clients that repeat their requests, while calls to AWS fail under the SDK's retries, are answered late, or do what AWS promises only more or less. Then the faults stop, and everything has to come to its end. One simulated world for each seed.",
      command: "npm run test:reliability -- faults",
      seed: FIRST_SEED,
      figures: {
        "seeds run": seeds,
        "seeds passed": passed,
        jobs,
        ...Object.fromEntries([...ends].toSorted().map(([end, count]) => [`jobs that ended as ${end}`, count])),
        "tries of calls": calls,
        ...Object.fromEntries([...injected].map(([kind, count]) => [`injected: ${kind}`, count])),
        "longest recovery after the last fault (simulated s)": Math.round(longestRecoverySeconds),
      },
      checks,
    });
    expect(failures).toEqual([]);
    expect(passed).toBe(SEEDS.length);
    expect([...injected].filter(([, count]) => count === 0)).toEqual([]);
  });
});

async function replay(seed: number): Promise<void> {
  const { plan, problems, history, log } = await runSeed(platform(), seed);
  console.log(
    [`only seed ${seed} is run`, JSON.stringify(plan), ...history.facts.map((fact) => JSON.stringify(fact)), ...log].join("\n"),
  );
  expect(problems).toEqual([]);
}
