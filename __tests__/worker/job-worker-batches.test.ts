import { describe, expect, it, vi } from "vitest";
import { batchCounts, newBatch, type StoredBatch } from "../../domain/batch.ts";
import { batchIdForKey, batchJobId } from "../../domain/batch-id.ts";
import { BatchStore } from "../../domain/batch-store.ts";
import { PermanentError } from "../../domain/errors.ts";
import { buildJob } from "../support/build-job.ts";
import { recordCalls } from "../support/client-middleware.ts";
import { workerSuite } from "../support/worker-suite.ts";
import type { WorkerUnderTest } from "../support/worker-under-test.ts";

const { emulators, prepare, start } = workerSuite();

const batches = () => new BatchStore(emulators().dynamoDb, emulators().jobsTableName);

/** Adds a batch whose jobs get these inputs. */
async function addBatch({ add, jobType: { name: type } }: WorkerUnderTest, inputs: readonly string[]): Promise<StoredBatch> {
  const id = batchIdForKey(type, "tester", "batch");
  const fresh = newBatch({ id, type, total: inputs.length, owner: "tester", requestHash: "hash", now: Date.now() });
  const batch = await batches().create(fresh, Date.now());
  for (const [number, input] of inputs.entries()) {
    await add({
      id: batchJobId(type, batch, number),
      batchId: id,
      batchItem: { number, createdAt: batch.createdAt },
      input,
    });
  }
  return batch;
}

const events = () =>
  emulators()
    .messagesIn(emulators().eventsQueueUrl)
    .map(({ body }) => JSON.parse(body));

describe("a worker of a batch's jobs", () => {
  it("tells the batch of each end, and subscribers when all have ended", async () => {
    const worker = await start({
      handler: async (input) => {
        if ((input as { readonly fails?: boolean }).fails) throw new PermanentError("no");
        return 1;
      },
    });
    const { id } = await addBatch(worker, ["{}", '{"fails":true}', "{}"]);
    await worker.queueEmpty();
    const batch = (await batches().get(id)) as StoredBatch;
    expect(batchCounts(batch)).toEqual({ total: 3, pending: 0, succeeded: 2, failed: 1, cancelled: 0 });
    const told = events().filter((event) => event.id === id);
    expect(told).toEqual([expect.objectContaining({ status: "COMPLETE", version: 2, completedAt: batch.completedAt })]);
  });

  it("does not acknowledge a job whose batch could not be told, and tells it when the message comes again", async () => {
    let failing = true;
    const worker = await prepare({
      handler: async () => 1,
      settings: { giveUpMs: 0 },
      overrides: ({ ends }) => ({
        ends: {
          ended: async (...jobs) => {
            if (failing) throw new Error("the table is away");
            await ends.ended(...jobs);
          },
        },
      }),
    });
    const { id } = await addBatch(worker, ["{}"]);
    worker.worker.start();
    await worker.until(
      batchJobId(worker.jobType.name, (await batches().get(id)) as StoredBatch, 0),
      ({ status }) => status === "SUCCEEDED",
    );
    await vi.waitFor(() => expect(worker.lines.some(({ level }) => level === "WARN" || level === "ERROR")).toBe(true));
    expect((await batches().get(id))?.pending).toEqual(new Set([0]));
    failing = false;
    const [{ receiptHandle = "" } = {}] = emulators().messagesIn(worker.queueUrl);
    await worker.queue.setVisibility(receiptHandle, 0);
    await worker.queueEmpty();
    expect((await batches().get(id))?.completedAt).toBeDefined();
  });

  it("tells the batch of a job that ended so long ago that it has expired", async () => {
    const { jobType, store, queue } = await start({ handler: () => expect.unreachable() });
    const { name: type } = jobType;
    const life = { id: batchIdForKey(type, "tester", "late"), type, total: 1, owner: "tester", requestHash: "hash" };
    const batch = await batches().create(newBatch({ ...life, now: Date.now() - 8 * 86_400_000 }), Date.now());
    const batchItem = { number: 0, createdAt: batch.createdAt };
    const expiresAt = Math.floor(Date.now() / 1_000) - 60;
    const job = buildJob({ id: batchJobId(type, batch, 0), type, batchId: batch.id, batchItem, status: "CANCELLED", expiresAt });
    await store.create(job, 0);
    await queue.send({ jobId: job.id });
    await vi.waitFor(async () => expect(await batches().get(batch.id)).toMatchObject({ cancelled: new Set([0]), version: 2 }));
  });

  it("makes no call more for a job of no batch", async () => {
    const worker = await start({ handler: async () => 1 });
    const calls = recordCalls(emulators().dynamoDb);
    await worker.add();
    await worker.queueEmpty();
    const updates = calls.filter(({ command }) => command?.startsWith("Update"));
    expect(updates).toHaveLength(2);
  });
});
