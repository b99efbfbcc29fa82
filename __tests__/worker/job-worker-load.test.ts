import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { StoredJob } from "../../domain/job.ts";
import { WORKER_SETTINGS } from "../../worker/settings.ts";
import { countRequests } from "../support/worker-requests.ts";
import { workerSuite } from "../support/worker-suite.ts";
import type { WorkerUnderTest } from "../support/worker-under-test.ts";

const { prepare, start } = workerSuite();

/** AWS calls for one job at load, on average: the claim and the finish, and tenths for receive, publish and delete. */
const CALLS_PER_JOB = 2.6;

/** Adds jobs, few at a time, as the emulators share this process. */
async function addMany(count: number, add: WorkerUnderTest["add"]): Promise<StoredJob[]> {
  const jobs: StoredJob[] = [];
  while (jobs.length < count) jobs.push(...(await Promise.all(Array.from({ length: 10 }, () => add()))));
  return jobs;
}

describe("a worker at load", () => {
  it("runs as many jobs at once as it has slots, and not one more", async () => {
    const full = Promise.withResolvers<void>();
    let running = 0;
    let most = 0;
    const { add, store, journal, queueEmpty } = await start({
      handler: async () => {
        running += 1;
        most = Math.max(most, running);
        if (running === 10) full.resolve();
        await full.promise;
        await nextTurn();
        running -= 1;
      },
    });
    const jobs = await addMany(50, add);
    await Promise.all(jobs.map(({ id }) => journal.until(id, "delete")));
    const ends = await store.getMany(
      jobs.map(({ id }) => id),
      { consistent: true },
    );
    expect(ends.map(({ status, attempt }) => `${status} ${attempt}`)).toEqual(Array.from({ length: 50 }, () => "SUCCEEDED 1"));
    expect(most).toBe(10);
    await queueEmpty();
  });

  it("leaves no timer behind", async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const { add, journal } = await start({ handler: () => "done", jobType: { timeoutSeconds: 3_600 } });
    const before = timers();
    const jobs = await addMany(50, add);
    await Promise.all(jobs.map(({ id }) => journal.until(id, "delete")));
    expect(timers() - before).toBeLessThan(jobs.length);
  });

  it("makes few calls per job", async () => {
    const count = 200;
    const ended = Promise.withResolvers<void>();
    let left = count;
    const { add, worker } = await prepare({
      handler: (input) => input,
      // However slow the machine is: nothing is handed back, and calls are shared by all that comes.
      settings: { cancelPollMs: WORKER_SETTINGS.cancelPollMs, lingerMs: 1_000, aheadMs: 10_000, aheadAtMostMs: 60_000 },
      overrides: () => ({
        onAttemptEnd: () => {
          left -= 1;
          if (left === 0) ended.resolve();
        },
      }),
    });
    await addMany(count, add);
    const requests = countRequests();
    worker.start();
    await ended.promise;
    requests.stop();
    expect(requests.total() / count, JSON.stringify([...requests.byOperation])).toBeLessThanOrEqual(CALLS_PER_JOB);
  });
});
