import { describe, expect, it, vi } from "vitest";
import { PermanentError } from "../../domain/errors.ts";
import { isTerminal } from "../../domain/job.ts";
import { MAX_INTERRUPTIONS } from "../../domain/limits.ts";
import { eventually } from "../support/worker-eventually.ts";
import { workerSuite } from "../support/worker-suite.ts";

const { emulators, prepare, start } = workerSuite();

/** Jobs are interrupted at once. */
const NO_PATIENCE = { stopTimeoutSeconds: 0, handBackSeconds: 0 };

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }));

describe("a worker that shuts down", () => {
  it("lets short jobs finish, and takes no new ones", async () => {
    const end = Promise.withResolvers<void>();
    const { add, store, worker, journal } = await start({ handler: () => end.promise });
    const { id } = await add();
    await journal.until(id, "publish 2");
    const stopped = worker.stop();
    const late = await add();
    end.resolve();
    await stopped;
    expect(await store.get(id)).toMatchObject({ status: "SUCCEEDED", attempt: 1, interruptions: 0 });
    expect(journal.of(id).at(-1)).toBe("delete");
    expect(await store.get(late.id)).toEqual(late);
    expect(journal.of(late.id)).toEqual([]);
  });

  it("hands long jobs back at no cost, for another worker to finish at once", async () => {
    const first = await start({
      handler: (_, { signal }) => aborted(signal),
      jobType: { concurrency: 1, maxAttempts: 1 },
      settings: NO_PATIENCE,
    });
    const { id } = await first.add();
    await first.journal.until(id, "publish 2");
    await first.worker.stop();
    const handedBack = await first.store.get(id);
    expect(handedBack).toMatchObject({ status: "QUEUED", attempt: 1, interruptions: 1, version: 3 });
    expect(handedBack).not.toHaveProperty("error");
    expect(handedBack).not.toHaveProperty("leaseOwner");
    expect(first.journal.of(id)).toEqual(["claim 2", "publish 2", "release 3", "publish 3", "hide 0 s"]);
    expect(await emulators().queueDepth(first.queueUrl)).toMatchObject({ visible: 1, inFlight: 0 });
    const second = await start({ handler: () => "of the second", besides: first });
    expect(await second.until(id, isTerminal)).toMatchObject({ status: "SUCCEEDED", attempt: 2, result: '"of the second"' });
  });

  it("hands back by force what does not listen, within its time", async () => {
    const { add, store, worker, journal } = await start({
      handler: () => new Promise(() => {}),
      jobType: { graceSeconds: 0, concurrency: 3 },
      settings: NO_PATIENCE,
    });
    const jobs = await Promise.all([add(), add(), add()]);
    await Promise.all(jobs.map(({ id }) => journal.until(id, "publish 2")));
    await worker.stop();
    for (const { id } of jobs) expect(await store.get(id)).toMatchObject({ status: "QUEUED", interruptions: 1 });
  });

  it("takes a hand-back for an attempt where there were too many", async () => {
    const { add, store, worker, journal } = await start({
      handler: (_, { signal }) => aborted(signal),
      jobType: { maxAttempts: 1 },
      settings: NO_PATIENCE,
    });
    const { id } = await add({ attempt: MAX_INTERRUPTIONS, interruptions: MAX_INTERRUPTIONS });
    await journal.until(id, "publish 2");
    await worker.stop();
    expect(await store.get(id)).toMatchObject({ status: "FAILED", error: { code: "WorkerShutdown" } });
  });

  it("lets a failure from before the shutdown stand", async () => {
    const publish = Promise.withResolvers<void>();
    const failing = vi.fn(() => Promise.reject(new PermanentError("no")));
    const { add, store, worker } = await start({
      handler: failing,
      settings: NO_PATIENCE,
      overrides: ({ events }) => ({
        events: {
          publish: async (job) => {
            await publish.promise;
            await events.publish(job);
          },
        },
      }),
    });
    const { id } = await add();
    await eventually(() => expect(failing).toHaveBeenCalled());
    const stopped = worker.stop();
    publish.resolve();
    await stopped;
    expect(await store.get(id)).toMatchObject({ status: "FAILED", error: { code: "PermanentError" } });
  });

  it("puts back what it receives too late", async () => {
    const received = Promise.withResolvers<void>();
    const { add, store, worker, journal } = await start({
      handler: () => expect.unreachable(),
      overrides: ({ queue }) => ({
        queue: {
          delete: (receiptHandle) => queue.delete(receiptHandle),
          setVisibility: (...visibility) => queue.setVisibility(...visibility),
          receive: async (max, waitSeconds) => {
            const messages = await queue.receive(max, waitSeconds);
            await received.promise;
            return messages;
          },
        },
      }),
    });
    const job = await add();
    const stopped = worker.stop();
    received.resolve();
    await stopped;
    expect(journal.of(job.id)).toEqual(["hide 0 s"]);
    expect(await store.get(job.id)).toEqual(job);
  });

  it("interrupts at once a job whose claim was under way", async () => {
    const claiming = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const handler = vi.fn((_: unknown, { signal }: { signal: AbortSignal }) => aborted(signal));
    const { add, store, worker, journal } = await start({
      handler,
      settings: NO_PATIENCE,
      overrides: ({ store }) => ({
        store: {
          get: (id) => store.get(id),
          recordProgress: (...progress) => store.recordProgress(...progress),
          recordCheckpoint: (...checkpoint) => store.recordCheckpoint(...checkpoint),
          transition: async (...write) => {
            const outcome = await store.transition(...write);
            if (outcome.applied && outcome.job.groupId === "slow" && write[1] === "claim") {
              claiming.resolve();
              await answered.promise;
            }
            return outcome;
          },
        },
      }),
    });
    const [interrupted, claimed] = [await add(), await add({ groupId: "slow" })];
    await Promise.all([journal.until(interrupted.id, "publish 2"), claiming.promise]);
    const stopped = worker.stop();
    await journal.until(interrupted.id, "hide 0 s");
    answered.resolve();
    await stopped;
    expect(await store.get(claimed.id)).toMatchObject({ status: "QUEUED", interruptions: 1 });
    expect(handler).toHaveBeenCalledTimes(1);
  });

  it("claims nothing that it had not begun to claim", async () => {
    const published = Promise.withResolvers<void>();
    const publishing = vi.fn(() => published.promise);
    const { add, store, worker, journal } = await prepare({
      handler: () => expect.unreachable(),
      overrides: ({ events }) => ({
        events: {
          publish: async (job) => {
            await publishing();
            await events.publish(job);
          },
        },
      }),
    });
    const job = await add();
    await store.transition(job, "claim", { now: Date.now(), writeId: "d", leaseOwner: "dead", leaseExpiresAt: Date.now() - 1 });
    worker.start();
    await eventually(() => expect(publishing).toHaveBeenCalled());
    const stopped = worker.stop();
    published.resolve();
    await stopped;
    expect(await store.get(job.id)).toMatchObject({ status: "RUNNING", leaseOwner: "dead", version: 2 });
    expect(journal.of(job.id)).toEqual(["publish 2", "hide 0 s"]);
  });

  it("is stopped only when it is, however often it is told to", async () => {
    const end = Promise.withResolvers<void>();
    const { add, worker, journal, lines } = await start({ handler: () => end.promise });
    const { id } = await add();
    await journal.until(id, "publish 2");
    const order: string[] = [];
    const stops = [1, 2].map(() => worker.stop().then(() => order.push("stopped")));
    await new Promise(setImmediate);
    order.push("job ended");
    end.resolve();
    await Promise.all(stops);
    expect(order).toEqual(["job ended", "stopped", "stopped"]);
    expect(lines.filter(({ message }) => message === "worker stops")).toHaveLength(1);
  });

  it("stops where it never started", async () => {
    const { worker, lines } = await prepare({ handler: () => expect.unreachable() });
    await worker.stop();
    expect(lines.map(({ message }) => message)).toEqual(["worker stops", "worker stopped"]);
  });
});
