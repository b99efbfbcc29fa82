import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { batchJobId } from "../../../../domain/batch-id.ts";
import { BatchStore } from "../../../../domain/batch-store.ts";
import { MAX_BATCH_ITEMS } from "../../../../domain/limits.ts";
import { recordCalls } from "../../../support/client-middleware.ts";
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

const item = (value: unknown) => ({ input: { op: "echo", value } });
const items = (count: number) => Array.from({ length: count }, (_, number) => item(number));
const request = (key: string, body: object) => ({ headers: { "idempotency-key": key }, body: { type: "canary", ...body } });
const messages = () => api.messagesIn(api.queueUrl).map(({ body }) => body);
const events = () => api.messagesIn(api.eventsQueueUrl).map(({ body }) => JSON.parse(body));

describe("POST /batches", () => {
  it("stores every job, sends every message and publishes every event before it answers", async () => {
    const { status, body, headers } = await api.call("addBatch", request("three", { items: items(3), tags: { run: "7" } }));
    expect({ status, location: headers.location }).toEqual({ status: 202, location: `/batches/${body.id}` });
    expect(body).toEqual({
      id: expect.stringMatching(/^canary_batch_[0-9A-Z]{26}$/),
      type: "canary",
      status: "OPEN",
      version: 1,
      total: 3,
      pending: 3,
      succeeded: 0,
      failed: 0,
      cancelled: 0,
      createdAt: expect.any(String),
    });
    const { body: jobs } = await api.call("listBatchJobs", { id: body.id });
    expect(jobs.items.map(({ input, batchId, status, tags }: never) => ({ input, batchId, status, tags }))).toEqual(
      items(3).map(({ input }) => ({ input, batchId: body.id, status: "QUEUED", tags: { run: "7" } })),
    );
    const ids = jobs.items.map(({ id }: { id: string }) => id);
    expect(messages().sort()).toEqual([...ids].sort());
    expect(
      events()
        .map(({ id, version }) => [id, version])
        .sort(),
    ).toEqual(ids.map((id: string) => [id, 1]).sort());
    expect((await api.call("getBatch", { id: body.id })).body).toEqual(body);
  });

  // Of this process's own time, with the emulators in it: other loads of the machine take none of that.
  it(`adds ${MAX_BATCH_ITEMS} jobs with at most 1.4 calls each, in at most 5 s of work`, async () => {
    const calls = [recordCalls(api.dynamoDb), recordCalls(api.sqs), recordCalls(api.sns)];
    const begun = process.cpuUsage();
    const { status, body } = await api.call("addBatch", request("many", { items: items(MAX_BATCH_ITEMS) }));
    const { user, system } = process.cpuUsage(begun);
    const made = calls.reduce((sum, { length }) => sum + length, 0);
    expect(status).toBe(202);
    expect(made / MAX_BATCH_ITEMS).toBeLessThanOrEqual(1.4);
    expect((user + system) / 1_000_000).toBeLessThan(5);
    expect(messages()).toHaveLength(MAX_BATCH_ITEMS);
    expect(body).toMatchObject({ total: MAX_BATCH_ITEMS, pending: MAX_BATCH_ITEMS });
  });

  it("asks for as many tasks as its jobs need", async () => {
    const woken: (number | undefined)[] = [];
    const call = api.variant({ wake: async (_, jobs) => void woken.push(jobs) });
    await call("addBatch", request("woken", { items: items(25) }));
    expect(woken).toEqual([25]);
  });

  it("keeps inputs to the last digit, and large ones in S3", async () => {
    const long = "x".repeat(5_000);
    const body = `{"type":"canary","items":[{"input":{"op":"echo","value":1.10}},{"input":{"value":"${long}","op":"echo"}}]}`;
    const { body: batch } = await api.call("addBatch", { headers: { "idempotency-key": "digits" }, body });
    const id = (number: number) => batchJobId("canary", batch, number);
    const [small, large] = [await api.store.get(id(0)), await api.store.get(id(1))];
    expect(small?.input).toBe('{"op":"echo","value":1.10}');
    const { body: read } = await api.call("getJob", { id: large?.id ?? "" });
    expect(await (await fetch(read.inputUrl)).text()).toBe(`{"value":"${long}","op":"echo"}`);
  });

  it("gives an item's own tags and group the precedence", async () => {
    const own = { ...item(0), tags: { a: "item" }, groupId: "tenant" };
    const { body: batch } = await api.call(
      "addBatch",
      request("tags", { items: [own, item(1)], tags: { a: "batch", b: "batch" } }),
    );
    const { body } = await api.call("listBatchJobs", { id: batch.id });
    expect(body.items[0]).toMatchObject({ tags: { a: "item", b: "batch" }, groupId: "tenant" });
    expect(body.items[1]).toMatchObject({ tags: { a: "batch", b: "batch" }, groupId: body.items[1].owner });
  });
});

describe("a batch's key", () => {
  it("adds one batch, however often the request comes", async () => {
    const first = await api.call("addBatch", request("once", { items: items(2) }));
    const again = await api.call("addBatch", request("once", { items: items(2) }));
    expect(again).toEqual({ ...first, headers: { ...first.headers, "idempotency-replayed": "true" } });
    expect(messages()).toHaveLength(2);
  });

  it("adds one batch when two requests come at the same time", async () => {
    const both = await Promise.all([1, 2].map(() => api.call("addBatch", request("twins", { items: items(4) }))));
    expect(both.map(({ status }) => status)).toEqual([202, 202]);
    expect(both[1]?.body.id).toBe(both[0]?.body.id);
    expect((await api.call("listBatchJobs", { id: both[0]?.body.id })).body.items).toHaveLength(4);
  });

  it("is refused with other items, and has no effect then", async () => {
    await api.call("addBatch", request("reused", { items: items(2) }));
    api.purge(api.queueUrl);
    expect(await api.call("addBatch", request("reused", { items: items(3) }))).toMatchObject({
      status: 409,
      body: { code: "IdempotencyKeyReused", detail: expect.stringContaining("belongs to batch canary_batch_") },
    });
    expect(messages()).toEqual([]);
  });

  it("belongs to its caller, and to batches", async () => {
    const { body: adas } = await api.call("addBatch", request("shared", { items: items(1) }));
    const { body: bobs } = await api.call("addBatch", { ...request("shared", { items: items(1) }), principal: BOB });
    const { body: job } = await api.call("addJob", {
      headers: { "idempotency-key": "shared" },
      body: { type: "canary", ...item(0) },
    });
    expect(new Set([adas.id, bobs.id, job.id]).size).toBe(3);
  });

  it("goes on where a request broke off", async () => {
    let failing = true;
    const create = api.store.create.bind(api.store);
    let created = 0;
    const store = Object.assign(Object.create(api.store), {
      create: async (...args: Parameters<typeof create>) => {
        created += 1;
        if (failing && created > 2) throw Object.assign(new Error("no answer"), { name: "TimeoutError" });
        return await create(...args);
      },
      get: api.store.get.bind(api.store),
      getMany: api.store.getMany.bind(api.store),
    });
    const call = api.variant({ store });
    expect(await call("addBatch", request("broken", { items: items(5) }))).toMatchObject({ status: 503 });
    failing = false;
    const { status, headers, body } = await call("addBatch", request("broken", { items: items(5) }));
    expect({ status, replayed: headers["idempotency-replayed"] }).toEqual({ status: 202, replayed: "true" });
    const { body: jobs } = await api.call("listBatchJobs", { id: body.id });
    expect(jobs.items.map(({ input }: { input: { value: number } }) => input.value)).toEqual([0, 1, 2, 3, 4]);
    // Each job has a message that was sent before it was stored.
    expect(new Set(messages())).toEqual(new Set(jobs.items.map(({ id }: { id: string }) => id)));
    expect(new Set(events().map(({ id }) => id))).toEqual(new Set(messages()));
  });

  it("does not add a job again that has ended and is gone", async () => {
    const { body: batch } = await api.call("addBatch", request("ended", { items: items(2) }));
    const batches = new BatchStore(api.dynamoDb, api.jobsTableName);
    await batches.end(batch, new Map([[0, "SUCCEEDED"]]), Date.now());
    const gone = Object.assign(Object.create(api.store), {
      create: api.store.create.bind(api.store),
      get: api.store.get.bind(api.store),
      getMany: async (ids: readonly string[]) => (await api.store.getMany(ids, { consistent: true })).slice(0, 0),
    });
    api.purge(api.queueUrl);
    await api.variant({ store: gone })("addBatch", request("ended", { items: items(2) }));
    expect(messages()).toEqual([batchJobId("canary", batch, 1)]);
  });
});

describe("a batch that is refused", () => {
  const refused = async (body: unknown, headers: Record<string, string> = { "idempotency-key": "refused" }) => {
    const answer = await api.call("addBatch", { headers, body });
    await turn();
    expect(messages()).toEqual([]);
    expect(events()).toEqual([]);
    return answer;
  };

  it.each([
    ["no key", { type: "canary", items: items(1) }, {}, "Idempotency-Key", "is required"],
    ["an empty key", { type: "canary", items: items(1) }, { "idempotency-key": "" }, "Idempotency-Key", "1 to 256"],
    ["no items", { type: "canary", items: [] }, undefined, "/items", "1"],
    ["301 items", { type: "canary", items: items(301) }, undefined, "/items", "300"],
    ["an item without an input", { type: "canary", items: [{}] }, undefined, "/items/0/input", "is required"],
    ["a type of an item's own", { type: "canary", items: [{ ...item(0), type: "canary" }] }, undefined, "/items/0/type", "not"],
    ["a delay", { type: "canary", items: [{ ...item(0), delaySeconds: 5 }] }, undefined, "/items/0/delaySeconds", "not"],
    [
      "a follow-up whose input is a list",
      { type: "canary", items: items(1), onComplete: { type: "canary", input: [] } },
      undefined,
      "/onComplete/input",
      "object",
    ],
    [
      "a follow-up with a batch of its own",
      { type: "canary", items: items(1), onComplete: { type: "canary", input: { op: "echo", value: 1, batch: 1 } } },
      undefined,
      "/onComplete/input/batch",
      "must be absent",
    ],
    [
      "too many tags together",
      {
        type: "canary",
        items: [{ ...item(0), tags: { own: "1" } }],
        tags: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`tag-${index}`, ""])),
      },
      undefined,
      "/items/0/tags",
      "at most 20 members together with the batch's tags, not 21",
    ],
  ])("for %s is told its path", async (_, body, headers, path, message) => {
    const { status, body: problem } = await refused(body, headers as Record<string, string> | undefined);
    expect({ status, code: problem.code }).toEqual({ status: 400, code: "InvalidRequest" });
    expect(problem.errors).toContainEqual({ path, message: expect.stringContaining(message) });
  });

  it("for one bad item among 300 adds none of them", async () => {
    const all = items(300);
    Object.assign(all, { 137: { input: { op: "sleep" } } });
    expect(await refused({ type: "canary", items: all })).toMatchObject({
      status: 422,
      body: { code: "InvalidInput", errors: [{ path: "/items/137/input/seconds", message: "is required" }] },
    });
  });

  it("for a number that no handler could hold names it", async () => {
    const body = '{"type":"canary","items":[{"input":{"op":"echo","value":1}},{"input":{"op":"echo","value":9007199254740993}}]}';
    expect(await refused(body)).toMatchObject({ status: 422, body: { errors: [{ path: "/items/1/input/value" }] } });
  });

  it("for a file that was never uploaded names it", async () => {
    const files = { data: "01JCQ8N6V4W2X9Y7Z5T3R1P0MK" };
    const { status, body } = await refused({ type: "canary", items: [item(0), { ...item(1), files }] });
    expect({ status, path: body.errors[0].path }).toEqual({ status: 422, path: "/items/1/files/data" });
  });

  it("for an unknown type, of its jobs or of the one that follows", async () => {
    expect(await refused({ type: "missing", items: items(1) })).toMatchObject({ status: 404, body: { code: "UnknownJobType" } });
    const onComplete = { type: "missing", input: {} };
    expect(await refused({ type: "canary", items: items(1), onComplete })).toMatchObject({
      status: 404,
      body: { code: "UnknownJobType", detail: expect.stringContaining('"missing"') },
    });
  });

  it("for a follow-up of a type that does not take `batch`", async () => {
    const entry = await api.registry.get("canary");
    const inputSchema = { type: "object", properties: { op: {}, value: {} }, additionalProperties: false };
    const registry = { get: async () => ({ ...entry, inputSchema }) as never };
    const body = { type: "canary", items: items(1), onComplete: { type: "canary", input: { op: "echo", value: 1 } } };
    expect(await api.variant({ registry })("addBatch", { headers: { "idempotency-key": "strict" }, body })).toMatchObject({
      status: 422,
      body: {
        errors: [{ path: "/onComplete/input/batch", message: expect.stringContaining('job type "canary" does not take it') }],
      },
    });
  });

  it("for a follow-up whose input does not match", async () => {
    const onComplete = { type: "canary", input: { op: "sleep" } };
    expect(await refused({ type: "canary", items: items(1), onComplete })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/onComplete/input/seconds", message: "is required" }] },
    });
  });
});
