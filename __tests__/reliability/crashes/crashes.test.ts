import { expect, it } from "vitest";
import { CrashRun } from "./crash-run.ts";
import { crashSuite } from "./crash-suite.ts";
import { sampleCrashes } from "./sample-crashes.ts";
import { SCENARIOS } from "./scenarios.ts";

/** Which cases the sample has; another is given as `RELIABILITY_SEED=<number>`. */
const SEED = Number(process.env.RELIABILITY_SEED ?? 20261122);

crashSuite((platform) => {
  it("leaves no invariant broken in a sample of every scenario and every kind of call, nor does a second one", async () => {
    const run = new CrashRun(platform());
    const kinds = await sampleCrashes(run, SCENARIOS, { seed: SEED, perScenario: 3 });
    const { undisturbed, single, double, passed } = run.counts;
    const cases = undisturbed + single + double;
    console.log(`crash cases: ${cases} run, ${passed} passed; ${kinds.length} kinds of crash; seed ${SEED}`);
    expect(run.failures).toEqual([]);
    expect(passed).toBe(cases);
    expect(double).toBe(SCENARIOS.length);
  }, 60_000);
});
