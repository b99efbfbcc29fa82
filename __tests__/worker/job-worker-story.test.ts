import { describe, expect, it } from "vitest";
import { leaseOwner } from "../../domain/ended-attempts.ts";
import { isTerminal } from "../../domain/job.ts";
import { workerSuite } from "../support/worker-suite.ts";

const { prepare, start } = workerSuite();

const named = (worker: string) => () => ({ leaseOwner: leaseOwner(worker, "4a5b6c") });

describe("a job's story", () => {
  it("tells of each attempt that failed, to its end", async () => {
    const { add, until, journal } = await start({
      handler: (_, job) => {
        if (job.attempt < 3) throw new Error(`failure ${job.attempt}`);
        return "done";
      },
      overrides: named("task-1"),
    });
    const { id } = await add();
    const job = await until(id, isTerminal);
    expect(job).toMatchObject({ status: "SUCCEEDED", attempt: 3 });
    const of = { outcome: "retry", worker: "task-1", image: "4a5b6c" };
    expect(job.attempts).toMatchObject([
      { attempt: 1, startedAt: job.startedAt, error: { code: "HandlerError", message: "failure 1" }, ...of },
      { attempt: 2, error: { code: "HandlerError", message: "failure 2" }, ...of },
    ]);
    // By no write of its own. The table may show the end before the worker has the answer to its write.
    await journal.until(id, "succeed 7");
    const writes = journal.of(id).filter((entry) => !/^(publish|hide|delete)/.test(entry));
    expect(writes).toEqual(["claim 2", "retry 3", "claim 4", "retry 5", "claim 6", "succeed 7"]);
  });

  it("tells of an attempt that was handed back, of one that was lost, and who made them", async () => {
    const running = Promise.withResolvers<void>();
    const first = await start({
      handler: async (_, job) => {
        running.resolve();
        await new Promise((_resolve, reject) => job.signal.addEventListener("abort", () => reject(job.signal.reason)));
      },
      jobType: { leaseSeconds: 3 },
      overrides: named("task-1"),
    });
    const { id } = await first.add();
    await running.promise;
    await first.worker.stop();
    const released = await first.until(id, ({ status }) => status === "QUEUED");
    expect(released.attempts).toMatchObject([{ attempt: 1, outcome: "released", worker: "task-1", image: "4a5b6c" }]);
    expect(released.attempts?.[0]).not.toHaveProperty("error");
    // A worker that dies in its attempt: it never renews its lease.
    const now = Date.now();
    const dead = { now: now - 10_000, writeId: "dead", leaseOwner: leaseOwner("task-2", undefined), leaseExpiresAt: now - 1 };
    await first.store.transition(released, "claim", dead);
    const second = await start({ handler: () => "done", besides: first });
    const ended = await second.until(id, isTerminal);
    expect(ended).toMatchObject({ status: "SUCCEEDED", attempt: 3 });
    expect(ended.attempts?.[1]).toEqual({
      attempt: 2,
      startedAt: new Date(now - 10_000).toISOString(),
      endedAt: new Date(now - 1).toISOString(),
      outcome: "lost",
      worker: "task-2",
    });
  });

  it("has a sign of life of the attempt that runs, and of no other", async () => {
    const finish = Promise.withResolvers<void>();
    const { add, until } = await start({ handler: () => finish.promise, jobType: { leaseSeconds: 3 } });
    const { id } = await add();
    const first = await until(id, ({ heartbeatAt }) => heartbeatAt !== undefined);
    expect(Date.parse(first.heartbeatAt ?? "")).toBeGreaterThanOrEqual(Date.parse(first.updatedAt));
    const next = await until(id, ({ heartbeatAt }) => heartbeatAt !== first.heartbeatAt);
    expect(next.version).toBe(first.version);
    finish.resolve();
    expect(await until(id, isTerminal)).not.toHaveProperty("heartbeatAt");
  });

  it("has nothing to tell of a job that runs through", async () => {
    const { add, until, worker } = await prepare({ handler: () => "done" });
    const { id } = await add();
    worker.start();
    expect(await until(id, isTerminal)).not.toHaveProperty("attempts");
  });
});
