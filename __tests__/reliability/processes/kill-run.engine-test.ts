import { afterAll, beforeAll, expect, it } from "vitest";
import { CHAOS, SHORTEST_LEASE_SECONDS } from "./chaos-job-type.ts";
import { ChaosPlatform } from "./chaos-platform.ts";
import { KillRunner, type KillRunSettings, runSeed } from "./kill-run.ts";
import { KINDS } from "./workload.ts";

/** On another engine than the full run, which is in `real-processes.reliability-test.ts`. */
const SETTINGS: KillRunSettings = {
  seed: runSeed(20_261_123),
  jobs: 30,
  workload: { kinds: KINDS.inline, crashes: 0, allocations: 0, spins: 0, batches: 2 },
  straysPerType: 0,
  actions: { kill: 3, freeze: 0, terminate: 0, killLambdas: 1, restartEmulators: 1 },
  disturbances: { stall: 0, reset: 0.01, delay: 0.02, maxDelayMs: 50 },
  workers: { [CHAOS.inline]: 3 },
  spreadMs: 500,
  settleMs: 40_000,
};

let platform: ChaosPlatform;
beforeAll(async () => {
  platform = await ChaosPlatform.start(SHORTEST_LEASE_SECONDS);
});
afterAll(async () => {
  await platform.stop();
});

it("loses no job, doubles no result and leaves none stuck when workers are killed", async () => {
  const run = await new KillRunner(platform, SETTINGS).run();
  expect(run.problems, `RELIABILITY_SEED=${SETTINGS.seed}`).toEqual([]);
  expect(run.accepted.size).toBe(SETTINGS.jobs);
  expect(run.batches.size).toBe(SETTINGS.workload.batches);
  expect(run.done).toEqual(SETTINGS.actions);
});
