import { describe, expect, it, vi } from "vitest";
import { isTerminal, type StoredJob } from "../../domain/job.ts";
import type { JobStore } from "../../domain/job-store.ts";
import { workerSuite } from "../support/worker-suite.ts";

const { prepare, start } = workerSuite();

/** Cancels as the cancel Lambda does, but dies before it publishes. */
async function requestCancel(store: JobStore, id: string): Promise<void> {
  const job = (await store.get(id)) as StoredJob;
  await store.transition(job, job.status === "QUEUED" ? "cancel" : "requestCancel", { now: Date.now(), writeId: `cancel-${id}` });
}

describe("a cancelled job", () => {
  it("is not run where it was still waiting: it is published again, and its message deleted", async () => {
    const { add, worker, store, journal, queueEmpty } = await prepare({ handler: () => expect.unreachable() });
    const { id } = await add();
    await requestCancel(store, id);
    worker.start();
    await queueEmpty();
    expect(journal.of(id)).toEqual(["publish 2", "delete"]);
    expect(await store.get(id)).toMatchObject({ status: "CANCELLED", version: 2 });
  });

  it("publishes the request as soon as it is heard, as its cancel Lambda may have died", async () => {
    const heard = vi.fn();
    const { add, until, store, journal, queueEmpty } = await start({
      jobType: { graceSeconds: 60 },
      handler: async (_, { id, signal }) => {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        await journal.until(id, "publish 3");
        heard();
      },
    });
    const { id } = await add();
    await until(id, ({ status }) => status === "RUNNING");
    await requestCancel(store, id);
    await until(id, isTerminal);
    await queueEmpty();
    expect(heard).toHaveBeenCalled();
    expect(journal.of(id)).toEqual(["claim 2", "publish 2", "publish 3", "stop 4", "publish 4", "delete"]);
  });

  it("stays cancelled where the request comes exactly when its handler has returned", async () => {
    const { add, until, journal } = await start({
      handler: () => "a result",
      overrides: (real) => ({
        store: {
          get: (id) => real.store.get(id),
          recordProgress: (...progress) => real.store.recordProgress(...progress),
          recordCheckpoint: (...checkpoint) => real.store.recordCheckpoint(...checkpoint),
          transition: async (replaced, name, values) => {
            if (name === "succeed") await requestCancel(real.store as JobStore, replaced.id);
            return await real.store.transition(replaced, name, values);
          },
        },
      }),
    });
    const { id } = await add();
    const job = await until(id, isTerminal);
    expect(job).toMatchObject({ status: "CANCELLED", version: 4 });
    expect(job.result).toBeUndefined();
    await journal.until(id, "delete");
    expect(journal.of(id)).toEqual(["claim 2", "publish 2", "publish 3", "stop 4", "publish 4", "delete"]);
  });

  it("is ended by force where its handler does not listen", async () => {
    const { add, until, store } = await start({ handler: () => new Promise(() => {}), jobType: { graceSeconds: 0 } });
    const { id } = await add();
    await until(id, ({ status }) => status === "RUNNING");
    await requestCancel(store, id);
    expect(await until(id, isTerminal)).toMatchObject({ status: "CANCELLED" });
  });

  it("is not started where the request comes while its input is read", async () => {
    const handler = vi.fn();
    const reading = Promise.withResolvers<void>();
    const { add, until, store } = await start({
      handler,
      jobType: { graceSeconds: 0 },
      overrides: ({ leases, payloads }) => ({
        payloads: { put: (...object) => payloads.put(...object), getText: async () => await reading.promise.then(() => "{}") },
        leases: {
          hold: (hold, listener) => {
            const changed: typeof listener.changed = (job) => {
              listener.changed(job);
              // The grace is over, too, before the input is there.
              setTimeout(reading.resolve, 10);
            };
            return leases.hold(hold, { ...listener, changed, lost: () => listener.lost() });
          },
          drop: (...claim) => leases.drop(...claim),
          close: () => leases.close(),
        },
      }),
    });
    const inputLocation = { bucket: "results", key: "inputs/slow.json", bytes: 2 };
    const { id } = await add({ input: undefined, inputLocation } as unknown as Partial<StoredJob>);
    await until(id, ({ status }) => status === "RUNNING");
    await requestCancel(store, id);
    expect(await until(id, isTerminal)).toMatchObject({ status: "CANCELLED" });
    expect(handler).not.toHaveBeenCalled();
  });

  it("is closed by the next worker where its own died", async () => {
    const { add, worker, store, journal, queueEmpty, lines } = await prepare({ handler: () => expect.unreachable() });
    const job = await add();
    const died = { now: Date.now(), writeId: "died", leaseOwner: "dead", leaseExpiresAt: Date.now() - 1 };
    await store.transition(job, "claim", died);
    await requestCancel(store, job.id);
    worker.start();
    await queueEmpty();
    expect(await store.get(job.id)).toMatchObject({ status: "CANCELLED", version: 4, attempt: 1 });
    expect(journal.of(job.id)).toEqual(["publish 3", "stopAbandoned 4", "publish 4", "delete"]);
    expect(lines).toContainEqual(expect.objectContaining({ message: "job cancelled", jobId: job.id }));
  });
});
