import { setImmediate as nextTurn } from "node:timers/promises";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, it, vi } from "vitest";
import { isTerminal, type StoredJob } from "../../domain/job.ts";
import { workerSuite } from "../support/worker-suite.ts";

const { emulators, start } = workerSuite();

async function readObject(location: { bucket: string; key: string } | undefined): Promise<string | undefined> {
  const { Body } = await emulators().s3.send(new GetObjectCommand({ Bucket: location?.bucket, Key: location?.key }));
  return await Body?.transformToString();
}

describe("what a job takes in and gives out", () => {
  it("is read from the bucket where it was too large for the item", async () => {
    const { add, until } = await start({ handler: ({ text }) => (text as string).length });
    const inputLocation = { bucket: emulators().resultsBucket, key: "inputs/test/1/1.json", bytes: 10_011 };
    const Body = JSON.stringify({ text: "x".repeat(10_000) });
    await emulators().s3.send(new PutObjectCommand({ Bucket: inputLocation.bucket, Key: inputLocation.key, Body }));
    const { id } = await add({ input: undefined, inputLocation } as unknown as Partial<StoredJob>);
    expect(await until(id, isTerminal)).toMatchObject({ status: "SUCCEEDED", result: "10000" });
  });

  it("is a failure where the input is gone, after all attempts", async () => {
    const { add, until } = await start({ handler: () => expect.unreachable(), jobType: { maxAttempts: 2 } });
    const inputLocation = { bucket: emulators().resultsBucket, key: "inputs/test/1/gone.json", bytes: 10_011 };
    const { id } = await add({ input: undefined, inputLocation } as unknown as Partial<StoredJob>);
    expect(await until(id, isTerminal)).toMatchObject({ status: "FAILED", attempt: 2, error: { code: "InputUnavailable" } });
  });

  it("is in the bucket where the result is too large for the item", async () => {
    const { add, until } = await start({ handler: () => ({ text: "x".repeat(5_000) }) });
    const { id, type } = await add();
    const job = await until(id, isTerminal);
    expect(job).toMatchObject({
      status: "SUCCEEDED",
      resultLocation: { key: `results/${type}/${id}/1/result.json`, bytes: 5_011 },
    });
    expect(job.result).toBeUndefined();
    expect(JSON.parse((await readObject(job.resultLocation)) ?? "")).toEqual({ text: "x".repeat(5_000) });
  });

  it.each<[string, () => unknown, object]>([
    ["nothing", () => undefined, { status: "SUCCEEDED" }],
    ["null", () => null, { status: "SUCCEEDED", result: "null" }],
    [
      "names that DynamoDB cannot hold",
      () => JSON.parse('{"":{"__proto__":1}}'),
      { status: "SUCCEEDED", result: '{"":{"__proto__":1}}' },
    ],
    ["half a surrogate pair", () => "\uD800", { status: "SUCCEEDED", result: '"\\ud800"' }],
    ["a bigint", () => 1n, { status: "FAILED", attempt: 1, error: { code: "ResultNotSerializable" } }],
  ])("is what the handler returned: %s", async (_, handler, expected) => {
    const { add, until } = await start({ handler });
    const { id } = await add();
    const job = await until(id, isTerminal);
    expect(job).toMatchObject(expected);
    expect("result" in job).toBe("result" in expected);
  });

  it("is a file of its attempt in the bucket", async () => {
    const { add, until } = await start({ handler: (_, job) => job.putFile("a.txt", "häagen", "text/plain") });
    const { id, type } = await add();
    const { result } = await until(id, isTerminal);
    const reference = { bucket: "results", key: `results/${type}/${id}/1/files/a.txt`, bytes: 7, contentType: "text/plain" };
    expect(JSON.parse(result ?? "")).toEqual(reference);
    expect(await readObject(reference)).toBe("häagen");
  });
});

describe("the progress of a job", () => {
  it("is written at most once in its interval, and is gone with the attempt", async () => {
    const reported = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const { add, until, journal } = await start({
      settings: { progressMs: 60_000 },
      handler: async (_, job) => {
        for (let step = 0; step <= 100; step += 1) await job.progress(step / 100, "counting");
        reported.resolve();
        await end.promise;
      },
    });
    const { id } = await add();
    expect(await until(id, ({ progress }) => progress !== undefined)).toMatchObject({
      status: "RUNNING",
      version: 2,
      progress: { fraction: 0, message: "counting" },
    });
    await reported.promise;
    await nextTurn();
    end.resolve();
    expect((await until(id, isTerminal)).progress).toBeUndefined();
    expect(journal.of(id).filter((entry) => entry.startsWith("progress"))).toEqual(["progress 0"]);
  });

  it("is not written any more when its handler has ended", async () => {
    const recordProgress = vi.fn(async () => true);
    const recordCheckpoint = recordProgress;
    const { add, queueEmpty } = await start({
      settings: { progressMs: 0 },
      handler: async (_, job) => {
        await job.progress(0.1);
        await job.progress(0.2);
      },
      overrides: ({ store }) => ({
        store: {
          get: (id) => store.get(id),
          transition: (...write) => store.transition(...write),
          recordCheckpoint,
          recordProgress,
        },
      }),
    });
    await add();
    await queueEmpty();
    expect(recordProgress).toHaveBeenCalledTimes(1);
  });

  it("of an attempt that is still being written when the next one begins does not show in that", async () => {
    const claimedAgain = Promise.withResolvers<void>();
    const written = Promise.withResolvers<boolean>();
    const end = Promise.withResolvers<void>();
    const { add, until } = await start({
      handler: async (_, job) => {
        if (job.attempt === 1) {
          await job.progress(0.9, "of the first");
          throw new Error("again");
        }
        claimedAgain.resolve();
        await end.promise;
      },
      overrides: ({ store }) => ({
        store: {
          get: (id) => store.get(id),
          transition: (...write) => store.transition(...write),
          recordCheckpoint: (...checkpoint) => store.recordCheckpoint(...checkpoint),
          recordProgress: async (...report) => {
            await claimedAgain.promise;
            written.resolve(await store.recordProgress(...report));
            return await written.promise;
          },
        },
      }),
    });
    const { id } = await add();
    expect(await written.promise).toBe(false);
    expect((await until(id, ({ attempt }) => attempt === 2)).progress).toBeUndefined();
    end.resolve();
    await until(id, isTerminal);
  });

  it("is not written over what others made of the job", async () => {
    const written = Promise.withResolvers<boolean>();
    const { add, until } = await start({
      handler: async (_, job) => {
        await job.progress(0.5);
        await written.promise;
      },
      overrides: ({ store }) => ({
        store: {
          get: (id) => store.get(id),
          transition: (...write) => store.transition(...write),
          recordCheckpoint: (...checkpoint) => store.recordCheckpoint(...checkpoint),
          recordProgress: async (claim, progress) => {
            const takenOver = {
              now: Date.now() + 60_000,
              writeId: "other",
              leaseOwner: "other",
              leaseExpiresAt: Date.now() + 60_000,
            };
            await store.transition((await store.get(claim.id)) as StoredJob, "takeOver", takenOver);
            written.resolve(await store.recordProgress(claim, progress));
            return await written.promise;
          },
        },
      }),
    });
    const { id } = await add();
    expect(await written.promise).toBe(false);
    expect((await until(id, ({ attempt }) => attempt === 2)).progress).toBeUndefined();
  });
});
