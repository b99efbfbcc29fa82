import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { DEAD_LETTER_QUEUE_SETTINGS } from "../../../domain/queue-settings.ts";
import { WORKER_SETTINGS } from "../../../worker/settings.ts";
import { checkHistory } from "../checker/check-history.ts";
import { type CheckCounts, describeViolation, sumOfChecks } from "../checker/verdict.ts";
import { recordFigures, type SuiteFigures } from "../report/record-figures.ts";
import { CHAOS } from "./chaos-job-type.ts";
import { ChaosPlatform } from "./chaos-platform.ts";
import { UNDISTURBED } from "./disturbance.ts";
import { KillRunner, type KillRunSettings, runSeed } from "./kill-run.ts";
import { killRunFigures } from "./kill-run-figures.ts";
import { OneWorker } from "./one-worker.ts";
import { finalState, settled } from "./settle.ts";
import { KINDS } from "./workload.ts";

/** Seconds; renewals come three times as often. */
const LEASE = 5;
/** Seconds by which a busy machine may be late. */
const LATE = 5;
const SEED = runSeed(20_261_123);
const RUN_TIMEOUT_MS = 1_800_000;
const FULL_RUN: KillRunSettings = {
  seed: SEED,
  jobs: 2_000,
  workload: { kinds: KINDS.all, crashes: 6, allocations: 1, spins: 1, later: 60, batches: 12 },
  straysPerType: 5,
  actions: { kill: 204, freeze: 24, terminate: 24, killLambdas: 10, restartEmulators: 3 },
  disturbances: { stall: 0.001, reset: 0.004, delay: 0.02, maxDelayMs: 300 },
  workers: { [CHAOS.thread]: 5, [CHAOS.inline]: 3 },
  // A job that takes more memory than this ends the whole worker.
  variables: { [CHAOS.inline]: { NODE_OPTIONS: "--max-old-space-size=96" } },
  spreadMs: 210_000,
  settleMs: 1_000 * DEAD_LETTER_QUEUE_SETTINGS.visibilityTimeoutSeconds + 60_000,
};

let platform: ChaosPlatform;
let one: OneWorker;
let figures: SuiteFigures["figures"] | undefined;
const checks: CheckCounts[] = [];
/** Handlers that harmed their worker in vain. */
let survived = 0;
beforeAll(async () => {
  platform = await ChaosPlatform.start(LEASE);
  one = new OneWorker(platform);
});
afterEach(async () => {
  platform.proxy.disturb = () => UNDISTURBED;
  await one.end();
});
afterAll(async () => {
  await platform.stop();
  // A run that was narrowed to single workers has no figures.
  if (figures === undefined) return;
  recordFigures({
    suite: "real processes",
    summary:
      "The built worker and Lambdas as processes behind a recording network that stalls, breaks and delays their calls, while they " +
      "are killed, stopped, ended and run out of memory, with batches and jobs that the scheduler sends among the others; then single workers with handlers that harm them.",
    command: "npm run test:reliability -- real-processes",
    seed: SEED,
    figures: { ...figures, "handlers that harmed their worker in vain": survived },
    checks: sumOfChecks([...checks, new Map([[24, survived]])]),
  });
});

/** Seconds that it takes. */
async function timed(work: Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work;
  return (performance.now() - startedAt) / 1_000;
}

describe("a worker's process (22)", () => {
  it("finishes its jobs at SIGTERM under load, claims no other, and leaves those to the next worker", async () => {
    const worker = await one.start(CHAOS.inline);
    const jobs = await one.addMany(30, CHAOS.inline, { op: "sleep", seconds: 0.8 });
    await platform.recorder.until((fact) => fact.kind === "handlerStarted" && fact.by === worker.by);
    worker.signal("SIGTERM");
    expect(await timed(worker.ended)).toBeLessThan(WORKER_SETTINGS.stopTimeoutSeconds);
    expect(await worker.ended).toEqual([0, null]);
    expect(platform.recorder.holders).not.toContain(worker.by);
    expect(platform.recorder.openJobs.size).toBeGreaterThan(0);
    await one.start(CHAOS.inline);
    for (const job of jobs) expect(await one.untilEnd(job)).toMatchObject({ status: "SUCCEEDED", attempt: 1 });
  });
});

describe("calls that are accepted and never answered (23)", () => {
  const DEADLINES: Readonly<Record<string, number>> = {
    ReceiveMessage: 25,
    UpdateItem: 5,
    PublishBatch: 5,
    BatchGetItem: 5,
    DeleteMessageBatch: 5,
  };

  it("are given up by their deadline, each of them, and made again", async () => {
    const left = new Set(Object.keys(DEADLINES));
    platform.proxy.disturb = ({ operation, by }) =>
      by.startsWith(CHAOS.thread) && left.delete(operation) ? { kind: "stall", when: "before" } : UNDISTURBED;
    await one.start(CHAOS.thread);
    const job = await one.add(CHAOS.thread, { op: "sleep", seconds: 3 });
    expect(await one.untilEnd(job)).toMatchObject({ status: "SUCCEEDED" });
    const unanswered = (): string[] => platform.unanswered.map(({ operation }) => operation).toSorted();
    await vi.waitFor(() => expect(unanswered()).toEqual(Object.keys(DEADLINES).toSorted()), 30_000);
    for (const { operation, milliseconds } of platform.unanswered) {
      expect(milliseconds, operation).toBeLessThan(1_000 * ((DEADLINES[operation] ?? 0) + LATE));
    }
    checks.push(new Map([[23, platform.unanswered.length]]));
    await platform.recorder.until((fact) => fact.kind === "deleted" && fact.jobId === job.id);
  });
});

describe("a handler that harms its worker (24)", () => {
  it("spins in its thread: its lease is renewed, its timeout enforced, its cancel heard, and others run beside it", async () => {
    await one.start(CHAOS.thread);
    const job = await one.add(CHAOS.thread, { op: "spin", seconds: 600 });
    await one.until(job, "handlerStarted");
    const beside = await one.add(CHAOS.thread, { op: "echo", value: 1 });
    expect(await one.untilEnd(beside)).toMatchObject({ status: "SUCCEEDED" });
    const retried = await one.untilVersion(job, ({ status, attempt }) => status === "QUEUED" && attempt === 1);
    expect(retried).toMatchObject({ error: { code: "JobTimeout" } });
    expect(one.extensions(job).length).toBeGreaterThan(1);
    await one.until(job, "handlerStarted", 2);
    expect(await one.caller.cancel(job.id)).toMatchObject({ status: 202 });
    const cancelled = one.untilEnd(job);
    // Heard within 3 s; then the handler has its grace of 1 s.
    expect(await timed(cancelled)).toBeLessThan(4 + LATE);
    expect(await cancelled).toMatchObject({ status: "CANCELLED", attempt: 2 });
    survived += 1;
  });

  it("blocks the worker's own thread: its lease is renewed until its timeout ends the worker, and its cancel is kept", async () => {
    const worker = await one.start(CHAOS.inline);
    const job = await one.add(CHAOS.inline, { op: "spin", seconds: 600 });
    await one.untilVersion(job, ({ status }) => status === "RUNNING");
    expect(await one.caller.cancel(job.id)).toMatchObject({ status: 202 });
    await one.start(CHAOS.inline);
    // Its timeout, its grace, and what a worker is given to see to it.
    expect(await timed(worker.ended)).toBeLessThan(2 + 1 + 10 + 3 + LATE);
    expect(await worker.ended).toEqual([null, "SIGKILL"]);
    expect(worker.process.lines.map(({ message }) => message)).toContain(
      "job blocked the worker past its timeout; ending the worker",
    );
    expect(one.extensions(job).length).toBeGreaterThan(3);
    expect(await one.untilEnd(job)).toMatchObject({ status: "CANCELLED", attempt: 1 });
    survived += 1;
  });

  it.each([CHAOS.thread, CHAOS.inline])("leaves handles behind: its worker runs on, and ends in order (%s)", async (type) => {
    const worker = await one.start(type);
    const leaking = await one.addMany(10, type, { op: "leak", handles: 100 });
    for (const job of leaking) expect(await one.untilEnd(job)).toMatchObject({ status: "SUCCEEDED" });
    const after = await one.add(type, { op: "echo", value: "after" });
    expect(await one.untilEnd(after)).toMatchObject({ status: "SUCCEEDED" });
    worker.signal("SIGTERM");
    expect(await timed(worker.ended)).toBeLessThan(LATE);
    expect(await worker.ended).toEqual([0, null]);
    survived += leaking.length;
  });

  it("exhausts its thread's heap: its attempt fails, and others in the worker do not notice", async () => {
    await one.start(CHAOS.thread);
    const beside = await one.add(CHAOS.thread, { op: "sleep", seconds: 3 });
    const job = await one.add(CHAOS.thread, { op: "allocate", mebibytes: 2_000 });
    const retried = await one.untilVersion(job, ({ error }) => error !== undefined);
    expect(retried).toMatchObject({ attempt: 1, error: { code: "OutOfMemory" } });
    await one.caller.cancel(job.id);
    expect(await one.untilEnd(beside)).toMatchObject({ status: "SUCCEEDED", attempt: 1 });
    await one.untilEnd(job);
    survived += 1;
  });

  it("exhausts the memory of its whole worker: others take its jobs over", async () => {
    const worker = await one.start(CHAOS.inline, { NODE_OPTIONS: "--max-old-space-size=64" });
    const beside = await one.add(CHAOS.inline, { op: "sleep", seconds: 1.8 });
    await one.until(beside, "handlerStarted");
    const job = await one.add(CHAOS.inline, { op: "allocate", mebibytes: 2_000 });
    const [, signal] = await worker.ended;
    expect(signal).not.toBeNull();
    await one.caller.cancel(job.id);
    await one.start(CHAOS.inline);
    expect(await one.untilEnd(beside)).toMatchObject({ status: "SUCCEEDED", attempt: 2 });
    expect(await one.untilEnd(job)).toMatchObject({ status: "CANCELLED" });
    survived += 1;
  });
});

describe("after all of that", () => {
  it("nothing is left, and every invariant held", async () => {
    await one.start(CHAOS.inline);
    await one.start(CHAOS.thread);
    expect(await settled(platform, 120_000)).toBe(true);
    const verdict = checkHistory(platform.recorder.settled(await finalState(platform)));
    expect(verdict.violations.map(describeViolation)).toEqual([]);
    checks.push(verdict.checks);
  });
});

describe("processes that are killed, on a bad network", () => {
  it(
    "lose no job, double no result and leave none stuck",
    async () => {
      const chaos = await ChaosPlatform.start(LEASE);
      try {
        const run = await new KillRunner(chaos, FULL_RUN).run();
        expect(run.problems, `RELIABILITY_SEED=${SEED}`).toEqual([]);
        expect(run.accepted.size).toBe(FULL_RUN.jobs);
        expect(run.batches.size).toBe(FULL_RUN.workload.batches);
        expect(run.done).toEqual(FULL_RUN.actions);
        figures = killRunFigures(run, chaos);
        checks.push(run.verdict.checks);
      } finally {
        await chaos.stop();
      }
    },
    RUN_TIMEOUT_MS,
  );
});
