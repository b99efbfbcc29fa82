import { describe, expect, it } from "vitest";
import type { StoredJob } from "../../domain/job.ts";
import { eventually } from "../support/worker-eventually.ts";
import { workerSuite } from "../support/worker-suite.ts";
import type { WorkerUnderTest } from "../support/worker-under-test.ts";

const { emulators, prepare, start } = workerSuite();

const FAST = 30;
const BEHIND = 15;

/** Adds jobs that end at once, one that waits to be let go, and more that end at once. */
async function addAround(
  add: WorkerUnderTest["add"],
): Promise<{ readonly slow: StoredJob; readonly others: readonly StoredJob[] }> {
  const others: StoredJob[] = [];
  for (let job = 0; job < FAST; job += 1) others.push(await add());
  const slow = await add({ input: '{"slow":true}' });
  for (let job = 0; job < BEHIND; job += 1) others.push(await add());
  return { slow, others };
}

/** A worker with one slot, on whose queue there is such a job among others. */
async function oneSlot() {
  const letGo = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const handler = async (input: Readonly<Record<string, unknown>>) => {
    if (input.slow !== true) return;
    begun.resolve();
    await letGo.promise;
  };
  const tested = await prepare({ handler, jobType: { concurrency: 1 } });
  return { ...tested, handler, letGo: letGo.resolve, begun: begun.promise, ...(await addAround(tested.add)) };
}

describe("a worker that receives ahead", () => {
  it("leaves what waits behind a slow job to others", async () => {
    const one = await oneSlot();
    one.worker.start();
    await one.begun;
    const two = await start({ handler: one.handler, besides: one });
    await Promise.all(one.others.map(({ id }) => one.until(id, ({ status }) => status === "SUCCEEDED")));
    expect((await one.store.get(one.slow.id))?.status).toBe("RUNNING");
    one.letGo();
    await one.until(one.slow.id, ({ status }) => status === "SUCCEEDED");
    await two.queueEmpty();
    const jobs = await one.store.getMany(
      one.others.map(({ id }) => id),
      { consistent: true },
    );
    expect(new Set(jobs.map(({ attempt, interruptions }) => `${attempt} ${interruptions}`))).toEqual(new Set(["1 0"]));
  });

  it("hands it back when it is stopped, without an attempt", async () => {
    const { worker, begun, letGo, others, store, queueUrl } = await oneSlot();
    worker.start();
    await begun;
    const stopped = worker.stop();
    letGo();
    await stopped;
    const jobs = await store.getMany(
      others.map(({ id }) => id),
      { consistent: true },
    );
    const left = jobs.filter(({ status }) => status === "QUEUED");
    expect(jobs.filter(({ status }) => status === "SUCCEEDED")).toHaveLength(others.length - left.length);
    expect(new Set(left.map(({ attempt }) => attempt))).toEqual(left.length === 0 ? new Set() : new Set([0]));
    await eventually(async () =>
      expect(await emulators().queueDepth(queueUrl)).toMatchObject({ visible: left.length, inFlight: 0, delayed: 0 }),
    );
  });
});

describe("a job that has succeeded", () => {
  /** A worker with one slot, whose events of claims wait. */
  async function withHeldEvents(maxAttempts: number) {
    const begun: string[] = [];
    const letGo = Promise.withResolvers<void>();
    const tested = await prepare({
      handler: (input) => void begun.push(String(input.name)),
      jobType: { concurrency: 1 },
      overrides: ({ events }) => ({
        events: {
          publish: async (job) => {
            if (job.status === "RUNNING") await letGo.promise;
            await events.publish(job);
          },
        },
      }),
    });
    const a = await tested.add({ input: '{"name":"a"}', maxAttempts });
    const b = await tested.add({ input: '{"name":"b"}', maxAttempts });
    tested.worker.start();
    return { ...tested, a, b, begun, letGo: letGo.resolve };
  }

  it("makes room before its end is committed", async () => {
    const { a, b, begun, store, until, letGo } = await withHeldEvents(2);
    await eventually(() => expect([...begun].sort()).toEqual(["a", "b"]));
    expect((await store.get(a.id))?.status).toBe("RUNNING");
    letGo();
    await Promise.all([a, b].map(({ id }) => until(id, ({ status }) => status === "SUCCEEDED")));
  });

  it("makes none before, on its last attempt: what comes next may take the worker down", async () => {
    const { a, b, begun, store, until, letGo } = await withHeldEvents(1);
    await eventually(() => expect(begun).toHaveLength(1));
    await eventually(async () => {
      const statuses = [await store.get(a.id), await store.get(b.id)].map((job) => job?.status);
      expect(statuses.sort()).toEqual(["QUEUED", "RUNNING"]);
    });
    expect(begun).toHaveLength(1);
    letGo();
    await Promise.all([a, b].map(({ id }) => until(id, ({ status }) => status === "SUCCEEDED")));
    expect([...begun].sort()).toEqual(["a", "b"]);
  });
});
