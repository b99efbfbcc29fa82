import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordFigures } from "../report/record-figures.ts";
import { CHAOS } from "./chaos-job-type.ts";
import { ChaosPlatform, OTHERS } from "./chaos-platform.ts";
import { KillRunner, type KillRunSettings, runSeed } from "./kill-run.ts";
import { killRunFigures } from "./kill-run-figures.ts";
import type { ReachableMemory } from "./reachable-memory.ts";
import { MEBIBYTE, type ResourceSample, sampleProcess, samplesOf, type Timed } from "./resource-samples.ts";
import { atUsualThreads, floorsOf, type Growth, growthOf, type Point, withUsualThreads } from "./trends.ts";
import { KINDS } from "./workload.ts";

/** `RELIABILITY_MINUTES` makes it longer, at the same load. */
const MINUTES = Number(process.env.RELIABILITY_MINUTES ?? 14);
const SEED = runSeed(20_261_124);
const LEASE_SECONDS = 5;

/** A low and steady load. Two workers and the Lambdas live through all of it; beside them, others are killed. */
const SETTINGS: KillRunSettings = {
  seed: SEED,
  jobs: 90 * MINUTES,
  workload: { kinds: KINDS.orderly, crashes: 0, allocations: 0, spins: 0 },
  straysPerType: 2,
  actions: { kill: 2 * MINUTES, freeze: 4, terminate: 4, killLambdas: 0, restartEmulators: 4 },
  disturbances: { stall: 0.002, reset: 0.005, delay: 0.03, maxDelayMs: 300 },
  workers: { [CHAOS.thread]: 1, [CHAOS.inline]: 1 },
  spreadMs: 60_000 * MINUTES,
  settleMs: 240_000,
};

/**
 * Flat: what an hour would add, by the slope over the run. What the program can reach after a garbage collection shows a leak, and
 * so does the number of open sockets and files. Outside of the heap, the allocator keeps pages and other threads have garbage, so that
 * the bound is wide. How far off chance can take a slope falls faster than the run grows longer: fourteen minutes are enough.
 */
const HOURLY_LIMITS = { heapBytes: 12 * MEBIBYTE, externalBytes: 12 * MEBIBYTE, outsideBytes: 200 * MEBIBYTE, descriptors: 40 };
/** Connections to a stalled server are open for up to 15 s (domain/clients.ts: three tries of a call). */
const STRETCH_MS = 20_000;
type Quantity = keyof typeof HOURLY_LIMITS;
const QUANTITIES = Object.keys(HOURLY_LIMITS) as Quantity[];
const LABELS: Readonly<Record<Quantity, string>> = {
  heapBytes: "heap after a garbage collection",
  externalBytes: "buffers after a garbage collection",
  outsideBytes: "anonymous memory outside of the heap",
  descriptors: "open sockets and files at the quietest moments, as with the usual number of threads",
};

let platform: ChaosPlatform;
beforeAll(async () => {
  platform = await ChaosPlatform.start(LEASE_SECONDS);
});
afterAll(async () => {
  await platform.stop();
});

describe("minutes on a bad network", () => {
  it(
    "leave the memory and the sockets of workers and Lambdas as they were, and every invariant holds",
    async () => {
      const [thread, inline] = await Promise.all([platform.startWorker(CHAOS.thread), platform.startWorker(CHAOS.inline)]);
      // A process that is still loading has no probe.
      await Promise.all([thread, inline].map((worker) => worker.process.logged("worker started")));
      const processes = { "worker with threads": thread.by, "worker without": inline.by, "the Lambdas' process": OTHERS.lambdas };
      const stop = new AbortController();
      const sampling = Object.entries(processes).map(async ([name, by]) => {
        const { pid = 0 } = (await platform.reachableMemory(by)) ?? {};
        const [resources, reachable] = await Promise.all([
          samplesOf(() => sampleProcess(pid), 1_000, stop.signal),
          // A full garbage collection holds its process for tens of milliseconds.
          samplesOf(() => platform.reachableMemory(by), 5_000, stop.signal),
        ]);
        return { name, resources, reachable };
      });
      const startedAt = performance.now();
      const run = await new KillRunner(platform, SETTINGS).run();
      stop.abort();
      const samples = await Promise.all(sampling);
      const growths = samples.map(({ name, resources, reachable }) => ({ name, growth: growthsOf(resources, reachable) }));
      const flatness = growths.flatMap(({ name, growth }) =>
        QUANTITIES.map((quantity) => [`${name}: ${LABELS[quantity]}`, shown(quantity, growth[quantity])]),
      );
      recordFigures({
        suite: "soak",
        summary:
          "A low load for some minutes, while calls are stalled, broken and delayed, workers killed and the emulators restarted.",
        command: "npm run test:reliability -- soak",
        seed: SEED,
        figures: {
          minutes: Math.round((performance.now() - startedAt) / 6_000) / 10,
          ...killRunFigures(run, platform),
          ...Object.fromEntries(flatness),
        },
        checks: run.verdict.checks,
      });
      expect(run.problems, `RELIABILITY_SEED=${SEED}`).toEqual([]);
      expect([thread.process.isRunning(), inline.process.isRunning()]).toEqual([true, true]);
      for (const { name, growth } of growths) {
        for (const quantity of QUANTITIES) {
          expect(growth[quantity].perHour, `${LABELS[quantity]} of ${name}`).toBeLessThan(HOURLY_LIMITS[quantity]);
        }
      }
    },
    60_000 * (MINUTES + 10),
  );
});

function growthsOf(
  resources: readonly Timed<ResourceSample>[],
  reachable: readonly Timed<ReachableMemory>[],
): Readonly<Record<Quantity, Growth>> {
  const of = <Sample extends { readonly at: number }>(samples: readonly Sample[], value: (sample: Sample) => number): Point[] =>
    samples.map((sample) => ({ at: sample.at, value: value(sample) }));
  return {
    heapBytes: growthOf(of(reachable, ({ heapBytes }) => heapBytes)),
    externalBytes: growthOf(of(reachable, ({ externalBytes }) => externalBytes)),
    outsideBytes: growthOf(of(withUsualThreads(reachable), ({ outsideBytes }) => outsideBytes)),
    descriptors: growthOf(floorsOf(atUsualThreads(resources), STRETCH_MS)),
  };
}

function shown(quantity: Quantity, { median, perHour, samples }: Growth): string {
  const [unit, name] = quantity === "descriptors" ? [1, ""] : [MEBIBYTE, " MiB"];
  const text = (value: number): string => (value / unit).toFixed(1);
  return `${text(median)}${name}, growing by ${text(perHour)}${name} an hour (${samples} samples)`;
}
