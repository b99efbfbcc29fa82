import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { batchJobId } from "../../../../domain/batch-id.ts";
import { BatchStore } from "../../../../domain/batch-store.ts";
import { BOB } from "../../api-event.ts";
import { type ApiUnderTest, startApi } from "../../api-under-test.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(() => {
  api.purge(api.queueUrl);
  api.purge(api.eventsQueueUrl);
});
afterAll(async () => {
  await api.stop();
});

const events = () => api.messagesIn(api.eventsQueueUrl).map(({ body }) => JSON.parse(body));

async function addBatch(key: string, count: number) {
  const items = Array.from({ length: count }, (_, value) => ({ input: { op: "echo", value } }));
  const { body } = await api.call("addBatch", { headers: { "idempotency-key": key }, body: { type: "canary", items } });
  api.purge(api.eventsQueueUrl);
  return { batch: body, id: (number: number) => batchJobId("canary", body, number) };
}

const claim = { writeId: "claim", leaseOwner: "worker-1", leaseExpiresAt: Date.now() + 30_000 };

async function run(id: string): Promise<void> {
  await api.store.transition({ id, type: "canary", version: 1, typeStatus: undefined }, "claim", { ...claim, now: Date.now() });
}

const values = ({ items }: { items: { input: { value: number } }[] }) => items.map(({ input }) => input.value);

describe("GET /batches/{id}/jobs", () => {
  it("gives them in the order of the request, page by page", async () => {
    const { batch } = await addBatch("pages", 130);
    const { body: first } = await api.call("listBatchJobs", { id: batch.id, query: { limit: "100" } });
    const { body: second } = await api.call("listBatchJobs", { id: batch.id, query: { limit: "100", cursor: first.cursor } });
    expect([...values(first), ...values(second)]).toEqual(Array.from({ length: 130 }, (_, number) => number));
    expect(second.cursor).toBeUndefined();
  });

  it("reads no more jobs than it gives, where all are asked for", async () => {
    const { batch } = await addBatch("few", 30);
    const read: number[] = [];
    const store = Object.assign(Object.create(api.store), {
      getMany: async (ids: readonly string[]) => {
        read.push(ids.length);
        return await api.store.getMany(ids, { consistent: true });
      },
    });
    const { body } = await api.variant({ store })("listBatchJobs", { id: batch.id, query: { limit: "7" } });
    expect([values(body), read]).toEqual([[0, 1, 2, 3, 4, 5, 6], [7]]);
  });

  it("gives those in the states that are asked for", async () => {
    const { batch, id } = await addBatch("states", 5);
    await run(id(3));
    await api.call("cancelJob", { id: id(1) });
    const list = async (query: [string, string][]) => values((await api.call("listBatchJobs", { id: batch.id, query })).body);
    expect(await list([["status", "RUNNING"]])).toEqual([3]);
    expect(
      await list([
        ["status", "CANCELLED"],
        ["status", "RUNNING"],
      ]),
    ).toEqual([1, 3]);
  });

  it.each([
    ["a status that is none", { status: "DONE" }, "?status"],
    ["a limit past 100", { limit: "101" }, "?limit"],
    ["a cursor of another query", { cursor: "MTIz" }, "?cursor"],
    ["a parameter of the other list", { tag: "a:b" }, "?tag"],
  ])("refuses %s", async (_, query, path) => {
    const { batch } = await addBatch(`refuses ${path}`, 1);
    const { status, body } = await api.call("listBatchJobs", { id: batch.id, query: query as Record<string, string> });
    expect({ status, path: body.errors[0].path }).toEqual({ status: 400, path });
  });
});

describe("a batch", () => {
  it.each(["getBatch", "listBatchJobs", "cancelBatch"] as const)(
    "is not known to %s by an ID that is none",
    async (operation) => {
      for (const id of ["canary_batch_01JCQ8N6V4W2X9Y7Z5T3R1P0MK", "canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK", "on-complete#x", "%"]) {
        expect(await api.call(operation, { id })).toMatchObject({ status: 404, body: { code: "BatchNotFound" } });
      }
    },
  );

  it("is no job", async () => {
    const { batch } = await addBatch("no-job", 1);
    for (const operation of ["getJob", "cancelJob", "retryJob"] as const) {
      expect(await api.call(operation, { id: batch.id })).toMatchObject({ status: 404, body: { code: "JobNotFound" } });
    }
    const { body } = await api.call("listJobs", { query: { type: "canary" } });
    expect(body.items.some(({ id }: { id: string }) => id === batch.id)).toBe(false);
  });

  it("is its owner's where callers see their own alone", async () => {
    const { batch } = await addBatch("owned", 1);
    const call = api.variant({ access: "owner" });
    for (const operation of ["getBatch", "listBatchJobs", "cancelBatch"] as const) {
      expect(await call(operation, { id: batch.id, principal: BOB })).toMatchObject({ status: 404 });
      expect((await call(operation, { id: batch.id })).status).toBeLessThan(300);
    }
  });

  it("is gone when its time is up", async () => {
    const { batch } = await addBatch("expired", 1);
    const later = api.variant({ now: () => Date.now() + 22 * 86_400_000 });
    expect(await later("getBatch", { id: batch.id })).toMatchObject({ status: 404 });
  });
});

describe("a cancelled batch", () => {
  it("cancels what waits, asks what runs to stop, and leaves what has ended", async () => {
    const { batch, id } = await addBatch("cancelled", 4);
    await run(id(0));
    await run(id(1));
    const ended = await api.store.transition({ id: id(1), type: "canary", version: 2, typeStatus: "canary#RUNNING" }, "succeed", {
      now: Date.now(),
      writeId: "end",
      attempt: 1,
      result: "1",
    });
    const { status, body } = await api.call("cancelBatch", { id: batch.id });
    // Its worker has yet to publish the end of 1, and tells the batch then.
    expect({ status, body }).toMatchObject({ status: 202, body: { status: "OPEN", pending: 2, cancelled: 2, succeeded: 0 } });
    expect(await api.store.get(id(0))).toMatchObject({ status: "RUNNING", cancelRequestedAt: expect.any(String) });
    expect(await api.store.get(id(1))).toEqual(ended.applied ? ended.job : undefined);
    expect(await api.store.get(id(3))).toMatchObject({ status: "CANCELLED" });
  });

  it("is complete where all waited, and stays so when it is cancelled again", async () => {
    const { batch } = await addBatch("all-waited", 30);
    const { body } = await api.call("cancelBatch", { id: batch.id });
    expect(body).toMatchObject({ status: "COMPLETE", pending: 0, cancelled: 30, version: 2 });
    const told = events().filter(({ id }) => id === batch.id);
    expect(told).toEqual([body]);
    expect(await api.call("cancelBatch", { id: batch.id })).toMatchObject({ status: 202, body });
  });

  it("is told by each cancelled job of its own", async () => {
    const { batch, id } = await addBatch("one-by-one", 2);
    await api.call("cancelJob", { id: id(0) });
    expect((await api.call("getBatch", { id: batch.id })).body).toMatchObject({ pending: 1, cancelled: 1 });
    await api.call("cancelJob", { id: id(1) });
    expect((await api.call("getBatch", { id: batch.id })).body).toMatchObject({ status: "COMPLETE", cancelled: 2 });
  });

  it("takes nothing out of another batch for a job that a worker changed", async () => {
    const { batch } = await addBatch("victim", 1);
    const { id } = await addBatch("attacker", 2);
    const job = (await api.store.get(id(0)))!;
    const forged = { ...job, batchId: batch.id, batchItem: { number: 0, createdAt: batch.createdAt } };
    const store = Object.assign(Object.create(api.store), {
      get: async () => forged,
      create: api.store.create.bind(api.store),
      getMany: api.store.getMany.bind(api.store),
      transition: async () => ({ applied: true, job: { ...forged, status: "CANCELLED", version: 2 } }),
    });
    await api.variant({ store })("cancelJob", { id: job.id });
    expect(await new BatchStore(api.dynamoDb, api.jobsTableName).get(batch.id)).toMatchObject({ pending: new Set([0]) });
  });
});
