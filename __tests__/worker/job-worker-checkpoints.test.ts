import { tmpdir } from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { isTerminal, type StoredJob } from "../../domain/job.ts";
import type { JobWorkerDependencies } from "../../worker/job-worker.ts";
import { shellRunner } from "../support/shell-runner.ts";
import { workerSuite } from "../support/worker-suite.ts";

const { emulators, start } = workerSuite();
const large = "x".repeat(5_000);
const retried = { jobType: { retry: { baseSeconds: 0, maxSeconds: 0 } } };
type Store = JobWorkerDependencies["store"];

/** The real store but for some of its calls. */
function withStore(change: (store: Store) => Partial<Store>) {
  return ({ store }: JobWorkerDependencies) => ({
    store: {
      get: (id) => store.get(id),
      transition: (...write) => store.transition(...write),
      recordProgress: (...progress) => store.recordProgress(...progress),
      recordCheckpoint: (...checkpoint) => store.recordCheckpoint(...checkpoint),
      ...change(store),
    } satisfies Store,
  });
}

async function objects(prefix: string): Promise<readonly string[]> {
  const { Contents = [] } = await emulators().s3.send(
    new ListObjectsV2Command({ Bucket: emulators().resultsBucket, Prefix: prefix }),
  );
  return Contents.map(({ Key }) => Key as string);
}

describe("a checkpoint", () => {
  it("is stored when its promise settles, and is what the next attempt resumes from", async () => {
    const seen: unknown[] = [];
    const stored: unknown[] = [];
    const { add, until, store } = await start({
      ...retried,
      handler: async (_, job) => {
        seen.push(job.resumeFrom);
        if (job.attempt === 2) return;
        await job.checkpoint({ page: 40 });
        stored.push((await store.get(job.id))?.checkpoint);
        throw new Error("again");
      },
    });
    const { id } = await add();
    await until(id, isTerminal);
    expect(seen).toEqual([undefined, { page: 40 }]);
    expect(stored).toEqual([{ number: 1, value: '{"page":40}' }]);
  });

  it("is kept until an attempt stores another one, and goes with the job's end", async () => {
    const seen: unknown[] = [];
    const { add, until, store } = await start({
      jobType: { ...retried.jobType, maxAttempts: 4 },
      handler: async (_, job) => {
        seen.push([job.resumeFrom, (await store.get(job.id))?.checkpoint?.number]);
        if (job.attempt === 4) return;
        if (job.attempt !== 2) await job.checkpoint(job.attempt);
        throw new Error("again");
      },
    });
    const { id } = await add();
    const job = await until(id, isTerminal);
    expect(seen).toEqual([
      [undefined, undefined],
      [1, 1],
      [1, 1],
      [3, 2],
    ]);
    expect(job).toMatchObject({ status: "SUCCEEDED", attempt: 4 });
    expect(job.checkpoint).toBeUndefined();
  });

  it("is in the bucket where it is too large for the item, each under a key of its own", async () => {
    const resumed = Promise.withResolvers<unknown>();
    const { add, until, store } = await start({
      ...retried,
      settings: { progressMs: 0 },
      handler: async (_, job) => {
        if (job.attempt === 2) {
          resumed.resolve(job.resumeFrom);
          return;
        }
        await job.checkpoint({ text: large });
        await job.checkpoint({ text: large, last: true });
        throw new Error("again");
      },
    });
    const { id, type } = await add();
    expect(await resumed.promise).toEqual({ text: large, last: true });
    await until(id, isTerminal);
    expect(await objects(`checkpoints/${type}/${id}/`)).toHaveLength(2);
    expect((await store.get(id))?.checkpoint).toBeUndefined();
  });

  it("names its object only once that is stored", async () => {
    const found = Promise.withResolvers<string | undefined>();
    const { add } = await start({
      handler: (_, job) => job.checkpoint(large),
      overrides: withStore((store) => ({
        recordCheckpoint: async (claim, checkpoint) => {
          const { bucket: Bucket, key: Key } = checkpoint.value as Exclude<typeof checkpoint.value, string>;
          const { Body } = await emulators().s3.send(new GetObjectCommand({ Bucket, Key }));
          found.resolve(await Body?.transformToString());
          return await store.recordCheckpoint(claim, checkpoint);
        },
      })),
    });
    await add();
    expect(await found.promise).toBe(JSON.stringify(large));
  });

  it("is written once in an interval: the newest, for all who wait", async () => {
    const { add, queueEmpty, journal, until } = await start({
      jobType: { ...retried.jobType, maxAttempts: 2 },
      settings: { progressMs: 50 },
      handler: async (_, job) => {
        if (job.attempt === 2) return job.resumeFrom;
        await job.checkpoint(0);
        await Promise.all([1, 2, 3].map((value) => job.checkpoint(value)));
        throw new Error("again");
      },
    });
    const { id } = await add();
    expect(await until(id, isTerminal)).toMatchObject({ result: "3" });
    await queueEmpty();
    expect(journal.of(id).filter((entry) => entry.startsWith("checkpoint"))).toEqual(["checkpoint 1", "checkpoint 2"]);
  });

  it("that waits is written before the attempt is given back, and not where the job has ended", async () => {
    const { add, journal, queueEmpty } = await start({
      ...retried,
      settings: { progressMs: 600_000 },
      handler: async (_, job) => {
        await job.checkpoint(1);
        void job.checkpoint(2);
        if (job.attempt === 1) throw new Error("again");
        return job.resumeFrom;
      },
    });
    const { id } = await add();
    await queueEmpty();
    const entries = journal.of(id).filter((entry) => /^(checkpoint|retry|succeed)/.test(entry));
    expect(entries).toEqual(["checkpoint 1", "checkpoint 2", "retry 3", "checkpoint 3", "succeed 5"]);
  });

  it("is stored in a job that is aborted, whose handler then hears why", async () => {
    const atWork = Promise.withResolvers<void>();
    const thrown = Promise.withResolvers<unknown>();
    const { add, worker, store } = await start({
      settings: { progressMs: 600_000, stopTimeoutSeconds: 1, handBackSeconds: 1 },
      handler: async (_, job) => {
        await job.checkpoint(1);
        atWork.resolve();
        await new Promise((resolve) => job.signal.addEventListener("abort", resolve));
        await job.checkpoint(2).catch((error) => {
          thrown.resolve(error);
          throw error;
        });
      },
    });
    const { id } = await add();
    await atWork.promise;
    await worker.stop();
    expect(await thrown.promise).toMatchObject({ code: "WorkerShutdown" });
    expect(await store.get(id)).toMatchObject({ status: "QUEUED", interruptions: 1, checkpoint: { number: 2, value: "2" } });
  });

  it("of an attempt that has lost its lease is refused, and changes nothing", async () => {
    const refused = Promise.withResolvers<unknown>();
    const resumed = Promise.withResolvers<unknown>();
    const { add, store } = await start({
      settings: { progressMs: 0 },
      handler: async (_, job) => {
        await job.checkpoint("mine");
        const others = { now: Date.now() + 60_000, writeId: "other", leaseOwner: "other", leaseExpiresAt: 0 };
        await store.transition((await store.get(job.id)) as StoredJob, "takeOver", others);
        for (const value of ["late", large]) await job.checkpoint(value).catch((error) => refused.resolve(error));
        resumed.resolve((await store.get(job.id))?.checkpoint);
        throw new Error("no longer mine");
      },
    });
    await add();
    expect(await refused.promise).toMatchObject({ code: "LeaseLost" });
    expect(await resumed.promise).toEqual({ number: 1, value: '"mine"' });
  });

  it("of a command is its last line, also where it ends with that", async () => {
    const script = `
      if [ -n "$JOB_CHECKPOINT" ]; then printf "%s" "$JOB_CHECKPOINT"; exit; fi
      echo 'checkpoint {"line":1}' >&2; echo 'checkpoint {"line":2}' >&2; echo 'checkpoint {"line": 3.00}' >&2
      exit 1`;
    const { add, until } = await start({
      ...retried,
      settings: { progressMs: 600_000 },
      handler: () => expect.unreachable(),
      overrides: () => ({ runner: shellRunner(script, tmpdir()) }),
    });
    const { id } = await add();
    expect(await until(id, isTerminal)).toMatchObject({ status: "SUCCEEDED", attempt: 2, result: '{"line": 3.00}' });
  });

  it("that cannot be stored fails nobody who does not wait for it", async () => {
    const { add, until } = await start({
      jobType: { maxAttempts: 1 },
      handler: async (_, job) => {
        void job.checkpoint(1);
        const told = await job.checkpoint(2).catch((error: Error) => error.message);
        await nextTurn();
        return told;
      },
      settings: { progressMs: 0 },
      overrides: withStore(() => ({ recordCheckpoint: () => Promise.reject(new Error("slow down")) })),
    });
    const { id } = await add();
    expect(await until(id, isTerminal)).toMatchObject({ status: "SUCCEEDED", result: '"slow down"' });
  });

  it("that cannot be read fails the attempt, which does not begin anew", async () => {
    const { add, until } = await start({
      jobType: { ...retried.jobType, maxAttempts: 2 },
      handler: () => expect.unreachable(),
    });
    const location = { bucket: emulators().resultsBucket, key: "checkpoints/test/1/gone.json", bytes: 5_002 };
    const { id } = await add({ checkpoint: { number: 1, value: location } });
    expect(await until(id, isTerminal)).toMatchObject({ status: "FAILED", attempt: 2, error: { code: "CheckpointUnavailable" } });
  });
});
