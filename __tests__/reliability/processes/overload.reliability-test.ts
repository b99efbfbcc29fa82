import { afterAll, beforeAll, expect, it } from "vitest";
import { recordFigures } from "../report/record-figures.ts";
import { CHAOS } from "./chaos-job-type.ts";
import { ChaosPlatform, OTHERS } from "./chaos-platform.ts";
import { KillRunner, type KillRunSettings } from "./kill-run.ts";
import { MEBIBYTE, mebibytes, sampleProcess, samplesOf } from "./resource-samples.ts";
import { growthOf, percentile, seconds } from "./trends.ts";

/** Nothing is killed; one worker does a fifth of what comes, until three others help it. */
const SETTINGS: KillRunSettings = {
  seed: 1,
  jobs: 3_500,
  workload: {
    kinds: [{ type: CHAOS.inline, weight: 1, input: () => ({ op: "sleep", seconds: 0.5 }) }],
    crashes: 0,
    allocations: 0,
    spins: 0,
  },
  clients: 24,
  spreadMs: 60_000,
  workers: {},
  helpers: { [CHAOS.inline]: 3 },
  actions: { kill: 0, freeze: 0, terminate: 0, killLambdas: 0, restartEmulators: 0 },
  disturbances: { stall: 0, reset: 0, delay: 0, maxDelayMs: 0 },
  straysPerType: 0,
  settleMs: 240_000,
};
/** The default lease: how soon a dead worker's jobs are taken over is no question here. */
const LEASE_SECONDS = 30;
/** What the Lambdas and the smallest container have. */
const MEMORY_LIMIT = 512 * MEBIBYTE;
/** A minute's growth, by the slope. */
const GROWTH_LIMIT = 96 * MEBIBYTE;

let platform: ChaosPlatform;
beforeAll(async () => {
  platform = await ChaosPlatform.start(LEASE_SECONDS);
});
afterAll(async () => {
  await platform.stop();
});

it("loses no job, and costs neither Lambdas nor worker more and more memory, when jobs are added faster than they are done", async () => {
  const { pid: lambdas = 0 } = (await platform.reachableMemory(OTHERS.lambdas)) ?? {};
  const { process: worker } = await platform.startWorker(CHAOS.inline);
  const stop = new AbortController();
  const sampling = Object.entries({ "the Lambdas' process": lambdas, "the worker": worker.pid }).map(async ([name, pid]) => {
    const samples = await samplesOf(() => sampleProcess(pid), 1_000, stop.signal);
    const memory = samples.map(({ at, residentBytes }) => ({ at, value: residentBytes }));
    return { name, highest: Math.max(...memory.map(({ value }) => value)), growth: growthOf(memory).perHour / 60 };
  });
  const run = await new KillRunner(platform, SETTINGS).run();
  stop.abort();
  const memory = await Promise.all(sampling);
  const latency = (share: number): string => seconds(percentile(run.latencyMs, share));
  recordFigures({
    suite: "overload",
    summary: "Clients add jobs through the gateway and the built Lambdas faster than one worker does them; then others help it.",
    command: "npm run test:reliability -- overload",
    figures: {
      "jobs accepted": run.accepted.size,
      "jobs done meanwhile": run.doneMeanwhile,
      "tries of adds": run.latencyMs.length,
      "latency of an add": `p50 ${latency(0.5)}, p99 ${latency(0.99)}`,
      ...Object.fromEntries(
        memory.map(({ name, highest, growth }) => [
          `memory of ${name}`,
          `${mebibytes(highest)} at most, ${mebibytes(growth)} a minute`,
        ]),
      ),
      "until all had ended, with help": seconds(run.settleMs),
    },
    checks: run.verdict.checks,
  });
  expect(run.problems).toEqual([]);
  expect(run.accepted.size).toBe(SETTINGS.jobs);
  expect(run.accepted.size).toBeGreaterThan(2 * run.doneMeanwhile);
  for (const { name, highest, growth } of memory) {
    expect(highest, name).toBeLessThan(MEMORY_LIMIT);
    expect(growth, name).toBeLessThan(GROWTH_LIMIT);
  }
});
