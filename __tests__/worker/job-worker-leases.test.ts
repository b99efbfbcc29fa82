import { describe, expect, it, vi } from "vitest";
import { dynamoDbDocumentClient } from "../../domain/clients.ts";
import { isTerminal, type StoredJob } from "../../domain/job.ts";
import { JobStore } from "../../domain/job-store.ts";
import type { JobWorkerDependencies } from "../../worker/job-worker.ts";
import { loseNextAnswer } from "../support/client-middleware.ts";
import { eventually } from "../support/worker-eventually.ts";
import { workerSuite } from "../support/worker-suite.ts";

const { emulators, prepare, start } = workerSuite();

/** Claims a job for a worker that died at once, long ago. */
async function claimForTheDead(store: JobStore, job: StoredJob): Promise<void> {
  await store.transition(job, "claim", { now: Date.now(), writeId: "dead", leaseOwner: "dead", leaseExpiresAt: Date.now() - 1 });
}

/** Takes a job over from a worker that lives, as one whose clock is wrong does. */
async function takeOver(store: JobStore, id: string): Promise<void> {
  const now = Date.now() + 60_000;
  const job = (await store.get(id)) as StoredJob;
  await store.transition(job, "takeOver", { now, writeId: "thief", leaseOwner: "thief", leaseExpiresAt: now + 60_000 });
}

describe("a job whose worker died", () => {
  it("is taken over when its lease is over, after the state that is replaced was published", async () => {
    const { add, worker, store, journal, queueEmpty } = await prepare({ handler: (_, { attempt }) => attempt });
    const job = await add();
    await claimForTheDead(store, job);
    worker.start();
    await queueEmpty();
    expect(await store.get(job.id)).toMatchObject({ status: "SUCCEEDED", attempt: 2, result: "2" });
    expect(journal.of(job.id)).toEqual(["publish 2", "takeOver 3", "publish 3", "succeed 4", "publish 4", "delete"]);
  });

  it("fails where it has no attempt left", async () => {
    const counted = vi.fn();
    const { add, worker, store, journal, queueEmpty, lines } = await prepare({
      handler: () => expect.unreachable(),
      jobType: { maxAttempts: 1 },
      overrides: ({ metrics }) => ({ metrics: Object.assign(metrics, { jobClosed: counted }) }),
    });
    const job = await add();
    await claimForTheDead(store, job);
    worker.start();
    await queueEmpty();
    expect(await store.get(job.id)).toMatchObject({ status: "FAILED", attempt: 1, error: { code: "WorkerLost" } });
    expect(journal.of(job.id)).toEqual(["publish 2", "failAbandoned 3", "publish 3", "delete"]);
    expect(lines).toContainEqual(expect.objectContaining({ message: "job failed", jobId: job.id, reason: "WorkerLost" }));
    expect(counted.mock.calls).toEqual([["fail"]]);
  });
});

describe("a job that another worker took over", () => {
  it("is stopped, and its result is thrown away", async () => {
    const stopped = vi.fn();
    const { add, store, journal, lines } = await start({
      handler: async (_, { signal }) => {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        stopped((signal.reason as { code: string }).code);
        return "of the first worker";
      },
    });
    const { id } = await add();
    await journal.until(id, "publish 2");
    await takeOver(store, id);
    await eventually(() =>
      expect(lines).toContainEqual(expect.objectContaining({ outcome: "lost", jobId: id, reason: "LeaseLost" })),
    );
    expect(stopped).toHaveBeenCalledWith("LeaseLost");
    expect(await store.get(id)).toMatchObject({ status: "RUNNING", attempt: 2, leaseOwner: "thief" });
    expect(journal.of(id)).toEqual(["claim 2", "publish 2"]);
  });

  it("is not finished by the first worker even where it notices only at its commit", async () => {
    const { add, store, journal, lines } = await start({
      handler: async (_, { id }) => {
        await takeOver(store, id);
        return "of the first worker";
      },
    });
    const { id } = await add();
    await eventually(() => expect(lines).toContainEqual(expect.objectContaining({ outcome: "lost", jobId: id })));
    expect(await store.get(id)).toMatchObject({ status: "RUNNING", attempt: 2 });
    expect(journal.of(id)).toEqual(["claim 2", "publish 2"]);
  });
});

describe("the lease of a job", () => {
  const watched = (drop: (...claim: unknown[]) => void) => ({
    overrides: ({ leases }: JobWorkerDependencies): Partial<JobWorkerDependencies> => ({
      leases: {
        hold: (...claim) => leases.hold(...claim),
        close: () => leases.close(),
        drop: (...claim) => {
          drop(...claim);
          leases.drop(...claim);
        },
      },
    }),
  });

  it("is let go at once where its message is put back, and with others where it is deleted", async () => {
    const drop = vi.fn();
    const { add, until } = await start({
      ...watched(drop),
      handler: (_, { attempt }) => (attempt === 1 ? Promise.reject(new Error("no")) : "yes"),
    });
    const { id } = await add();
    await until(id, isTerminal);
    await eventually(() => expect(drop).toHaveBeenCalledWith(expect.objectContaining({ id, attempt: 2 }), { atOnce: false }));
    expect(drop).toHaveBeenCalledWith(expect.objectContaining({ id, attempt: 1 }), { atOnce: true });
  });

  it("is let go where its end could not be committed, so that another worker can take it over", async () => {
    const drop = vi.fn();
    const { overrides } = watched(drop);
    const { add, lines, journal } = await start({
      handler: () => "done",
      settings: { giveUpMs: -1 },
      overrides: (real) => ({
        ...overrides(real),
        store: {
          get: (id) => real.store.get(id),
          recordProgress: (...progress) => real.store.recordProgress(...progress),
          recordCheckpoint: (...checkpoint) => real.store.recordCheckpoint(...checkpoint),
          transition: async (...write) =>
            write[1] === "succeed" ? Promise.reject(new Error("DynamoDB is down")) : await real.store.transition(...write),
        },
      }),
    });
    const { id } = await add();
    await eventually(() => expect(lines).toContainEqual(expect.objectContaining({ jobId: id, outcome: "abandoned" })));
    await eventually(() => expect(drop).toHaveBeenCalledWith(expect.objectContaining({ id, attempt: 1 })));
    expect(journal.of(id)).toEqual(["claim 2", "publish 2"]);
  });
});

describe("a write whose answer was lost", () => {
  it.each(["claim", "succeed"])("is recognised as the worker's own: %s", async (lost) => {
    const client = dynamoDbDocumentClient();
    const handler = vi.fn(() => "once");
    const { add, worker, until, journal, queueEmpty } = await prepare({
      handler,
      overrides: () => {
        const store = new JobStore(client, emulators().jobsTableName);
        return {
          store: {
            get: (id) => store.get(id),
            recordProgress: (...progress) => store.recordProgress(...progress),
            recordCheckpoint: (...checkpoint) => store.recordCheckpoint(...checkpoint),
            transition: (replaced, name, values) => {
              if (name === lost) loseNextAnswer(client);
              return store.transition(replaced, name, values);
            },
          },
        };
      },
    });
    const { id } = await add();
    worker.start();
    expect(await until(id, isTerminal)).toMatchObject({ status: "SUCCEEDED", version: 3, attempt: 1, result: '"once"' });
    await queueEmpty();
    expect(handler).toHaveBeenCalledTimes(1);
    expect(journal.of(id)).toEqual(["claim 2", "publish 2", "succeed 3", "publish 3", "delete"]);
    client.destroy();
  });
});
