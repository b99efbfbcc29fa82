import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordFigures } from "../report/record-figures.ts";
import { CHAOS } from "./chaos-job-type.ts";
import { ChaosPlatform } from "./chaos-platform.ts";
import { KillRunner, type KillRunSettings } from "./kill-run.ts";
import { killRunFigures } from "./kill-run-figures.ts";
import { outcomeOf } from "./kill-run-outcome.ts";
import { growthOf, MEBIBYTE, mebibytes, ResourceSampler } from "./resource-samples.ts";
import { runSeed } from "./run-seed.ts";
import { KINDS } from "./workload.ts";

const SOAK_MS = 600_000;
const SEED = runSeed(20_261_124);
const LEASE_SECONDS = 5;

/** A low and steady load. Two workers and the Lambdas live through all of it; beside them, others are killed. */
const SETTINGS: KillRunSettings = {
  seed: SEED,
  jobs: 900,
  workload: { kinds: KINDS.orderly, crashes: 0, allocations: 0, spins: 0 },
  straysPerType: 2,
  actions: { kill: 20, freeze: 4, terminate: 4, killLambdas: 0, restartEmulators: 4 },
  disturbances: { stall: 0.002, reset: 0.005, delay: 0.03, maxDelayMs: 300 },
  workers: { [CHAOS.thread]: 1, [CHAOS.inline]: 1 },
  spreadMs: SOAK_MS,
  settleMs: 240_000,
};

/**
 * Flat: what a process may hold more in the last fifth of the run than in the second, with as many threads. V8 collects garbage
 * when it sees fit, and a client opens connections for as many calls as happen to be under way at once.
 */
const MEMORY_GROWTH_LIMIT = 32 * MEBIBYTE;
const DESCRIPTOR_GROWTH_LIMIT = 10;

let platform: ChaosPlatform;
beforeAll(async () => {
  platform = await ChaosPlatform.start(LEASE_SECONDS);
});
afterAll(async () => {
  await platform.stop();
});

describe("ten minutes on a bad network", () => {
  it("leave the memory and the sockets of workers and Lambdas as they were, and every invariant holds", async () => {
    const [thread, inline] = await Promise.all([platform.startWorker(CHAOS.thread), platform.startWorker(CHAOS.inline)]);
    const processes = {
      "worker with threads": thread.pid,
      "worker without": inline.pid,
      "the Lambdas' process": await platform.lambdas.pid(),
    };
    const sampler = new ResourceSampler(processes);
    const startedAt = performance.now();
    const run = await new KillRunner(platform, SETTINGS).run();
    const samples = sampler.stop();
    const growths = [...samples].map(([name, all]) => ({ name, ...growthOf(all) }));
    const outcome = outcomeOf(run, platform);
    const flatness = growths.map(({ name, threads, early, late }) => [
      `${name}, while it had ${threads} threads, in the second and the last fifth`,
      `${mebibytes(early.residentBytes)} and ${mebibytes(late.residentBytes)} of memory, ${early.descriptors} and ${late.descriptors} open sockets and files`,
    ]);
    recordFigures({
      suite: "soak",
      summary:
        "A low load for ten minutes, while calls are stalled, broken and delayed, workers killed and the emulators restarted.",
      command: "npm run test:reliability -- soak",
      seed: SEED,
      figures: {
        minutes: Math.round((performance.now() - startedAt) / 6_000) / 10,
        ...killRunFigures(run, outcome, platform),
        ...Object.fromEntries(flatness),
      },
      checks: run.verdict.checks,
    });
    const none: string[] = [];
    expect(outcome, `RELIABILITY_SEED=${SEED}`).toEqual({ lost: none, doubled: none, stuck: none, violations: none });
    expect([thread.isRunning, inline.isRunning]).toEqual([true, true]);
    for (const { name, early, late } of growths) {
      expect(late.residentBytes - early.residentBytes, `memory of ${name}`).toBeLessThan(MEMORY_GROWTH_LIMIT);
      expect(late.descriptors - early.descriptors, `descriptors of ${name}`).toBeLessThan(DESCRIPTOR_GROWTH_LIMIT);
    }
  });
});
