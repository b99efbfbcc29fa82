import { describe, expect, it } from "vitest";
import { worldSuite } from "../world/world-suite.ts";
import { runSeed } from "./run-seed.ts";
import { runSeeds } from "./run-seeds.ts";

/** The full run is `faults.reliability-test.ts`. */
const SEEDS = [1, 2];

const platform = worldSuite();

describe("jobs under faults of AWS and the network", () => {
  it("all come to their one end", async () => {
    const { seeds, passed, failures, injected } = await runSeeds(platform(), SEEDS);
    console.log(`faults: ${passed} of ${seeds} seeds passed`);
    expect(failures).toEqual([]);
    expect(passed).toBe(SEEDS.length);
    expect([...injected].filter(([, count]) => count > 0).length).toBeGreaterThan(8);
  });

  it("meet the same faults again when a seed is run again", async () => {
    const [first, again] = [await runSeed(platform(), 4), await runSeed(platform(), 4)];
    expect(again.tries).toEqual(first.tries);
    expect(again.injected).toEqual(first.injected);
    expect(first.injected.length).toBeGreaterThan(0);
  });

  it("show a worker that does not wait until its events are published", async () => {
    const { verdict } = await runSeed(platform(), 5, ({ events }) => ({
      events: { publish: async (job) => void events.publish(job).catch(() => undefined) },
    }));
    expect(verdict.violations.map(({ invariant }) => invariant)).toContain(16);
  });
});
