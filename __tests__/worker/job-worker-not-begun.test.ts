import { describe, expect, it, vi } from "vitest";
import { isTerminal } from "../../domain/job.ts";
import { MAX_INTERRUPTIONS } from "../../domain/limits.ts";
import type { RunOutcome } from "../../worker/runners/runner.ts";
import { workerSuite } from "../support/worker-suite.ts";

const { start } = workerSuite();

const DISK_FULL: RunOutcome = { kind: "notBegun", code: "ENOSPC", message: "no space left on device" };

/** A worker whose disk is full from its second attempt on; the first goes on until it is told. */
const brokenAfterFirst = async (onNotBegun: () => void) => {
  const first = Promise.withResolvers<RunOutcome>();
  const run = vi.fn(async (): Promise<RunOutcome> => DISK_FULL).mockImplementationOnce(() => first.promise);
  const worker = await start({
    handler: () => expect.unreachable(),
    overrides: ({ runner }) => ({ runner: { run, close: () => runner.close() }, onNotBegun }),
  });
  return { ...worker, run, endFirst: () => first.resolve({ kind: "returned", json: '"done"' }) };
};

describe("a worker that cannot begin an attempt", () => {
  it("hands the job back at no cost, visible at once, and takes no more", async () => {
    const stopping = Promise.withResolvers<void>();
    const { add, store, worker, journal, lines, endFirst, run } = await brokenAfterFirst(stopping.resolve);
    const neighbour = await add();
    await journal.until(neighbour.id, "publish 2");
    const { id } = await add({ maxAttempts: 1 });
    await stopping.promise;
    const late = await add();
    await journal.until(id, "hide 0 s");
    endFirst();
    await worker.stop();
    expect(await store.get(id)).toMatchObject({ status: "QUEUED", attempt: 1, interruptions: 1, version: 3 });
    expect(journal.of(id)).toEqual(["claim 2", "publish 2", "release 3", "publish 3", "hide 0 s"]);
    expect(await store.get(neighbour.id)).toMatchObject({ status: "SUCCEEDED", attempt: 1, interruptions: 0 });
    expect(await store.get(late.id)).toEqual(late);
    expect(run).toHaveBeenCalledTimes(2);
    const why = { reason: "ENOSPC", detail: "no space left on device" };
    const stops = { level: "ERROR", message: "attempts cannot begin here; the worker stops", ...why };
    expect(lines).toContainEqual(expect.objectContaining(stops));
    expect(lines).toContainEqual(expect.objectContaining({ jobId: id, outcome: "release", ...why }));
  });

  it("leaves the job to the next worker", async () => {
    const first = await start({
      handler: () => expect.unreachable(),
      // A receive that is given up may still take the message with it, for as long as it is hidden then.
      jobType: { leaseSeconds: 3 },
      overrides: ({ runner }) => ({
        runner: { run: () => Promise.reject(new Error("no thread starts")), close: () => runner.close() },
      }),
    });
    const { id } = await first.add({ maxAttempts: 1 });
    await first.journal.until(id, "hide 0 s");
    expect(first.lines).toContainEqual(expect.objectContaining({ reason: "RunnerFailed", detail: "Error: no thread starts" }));
    const second = await start({ handler: () => "of the second", besides: first });
    expect(await second.until(id, isTerminal)).toMatchObject({ status: "SUCCEEDED", attempt: 2, interruptions: 1 });
  });

  it("costs the job an attempt where it was handed back too often", async () => {
    const { add, until, worker } = await start({
      handler: () => expect.unreachable(),
      overrides: ({ runner }) => ({ runner: { run: async () => DISK_FULL, close: () => runner.close() } }),
    });
    const { id } = await add({ attempt: MAX_INTERRUPTIONS, interruptions: MAX_INTERRUPTIONS, maxAttempts: 1 });
    const error = { code: "ENOSPC", message: "no space left on device" };
    expect(await until(id, isTerminal)).toMatchObject({ status: "FAILED", error });
    await worker.stop();
  });
});
