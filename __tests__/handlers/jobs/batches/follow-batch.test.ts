import { randomUUID } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newBatch, type StoredBatch } from "../../../../domain/batch.ts";
import { batchIdForKey, onCompleteJobId } from "../../../../domain/batch-id.ts";
import { BatchStore } from "../../../../domain/batch-store.ts";
import { batchEvent } from "../../../../domain/job-events.ts";
import { PayloadStore } from "../../../../domain/payload-store.ts";
import { type FollowBatchDependencies, followBatches } from "../../../../handlers/jobs/batches/follow-batch.ts";
import { jobQueues } from "../../../../handlers/jobs/job-queues.ts";
import { snsEvent } from "../../../../local/aws/batch-subscription.ts";
import { ADA, ownerOf } from "../../api-event.ts";
import { type ApiUnderTest, startApi } from "../../api-under-test.ts";
import { recordedTelemetry } from "../../recorded-telemetry.ts";

let api: ApiUnderTest;
let batches: BatchStore;
beforeAll(async () => {
  api = await startApi();
  batches = new BatchStore(api.dynamoDb, api.jobsTableName);
});
beforeEach(() => {
  api.purge(api.queueUrl);
});
afterAll(async () => {
  await api.stop();
});

const messages = () => api.messagesIn(api.queueUrl).map(({ body }) => body);

async function follow(message: string, overrides: Partial<FollowBatchDependencies> = {}) {
  const telemetry = recordedTelemetry();
  await followBatches(snsEvent({ Body: message }, api.eventsTopicArn), {
    store: api.store,
    batches,
    registry: api.registry,
    queue: jobQueues(api.sqs),
    events: api.events,
    payloads: new PayloadStore(api.resultsBucket),
    wake: async () => undefined,
    telemetry,
    now: Date.now,
    newWriteId: randomUUID,
    ...overrides,
  });
  return telemetry;
}

/** Adds a batch of two jobs by the API, and has them end. */
async function completeBatch(key: string, onComplete?: object): Promise<StoredBatch> {
  const items = [1, 2].map((value) => ({ input: { op: "echo", value } }));
  const body = { type: "canary", items, ...(onComplete === undefined ? {} : { onComplete }), tags: { run: key } };
  const { body: batch } = await api.call("addBatch", { headers: { "idempotency-key": key }, body });
  api.purge(api.queueUrl);
  const complete = await batches.end(
    batch,
    new Map([
      [0, "SUCCEEDED"],
      [1, "FAILED"],
    ]),
    Date.now(),
  );
  return complete as StoredBatch;
}

const ECHO = { type: "canary", input: { op: "echo", value: "done" } };

describe("the job that follows a batch", () => {
  it("is added with the batch's ID and counts, for the batch's owner and with its tags", async () => {
    const batch = await completeBatch("followed", ECHO);
    await follow(batchEvent(batch));
    const id = onCompleteJobId("canary", batch);
    expect(messages()).toEqual([id]);
    const { body } = await api.call("getJob", { id });
    expect(body).toMatchObject({
      status: "QUEUED",
      owner: ownerOf(ADA),
      tags: { run: "followed" },
      input: { op: "echo", value: "done", batch: { id: batch.id, total: 2, succeeded: 1, failed: 1, cancelled: 0 } },
    });
    expect((await api.call("getBatch", { id: batch.id })).body).toMatchObject({ status: "COMPLETE", onCompleteJobId: id });
  });

  it("is added once, however often the event comes, and not again when it is gone", async () => {
    const batch = await completeBatch("twice", ECHO);
    await Promise.all([follow(batchEvent(batch)), follow(batchEvent(batch))]);
    api.purge(api.queueUrl);
    const store = { get: async () => undefined, create: api.store.create.bind(api.store) };
    await follow(batchEvent(batch), { store });
    expect(messages()).toEqual([]);
  });

  it("is added when the one before died before it told the batch", async () => {
    const batch = await completeBatch("died", ECHO);
    const dead = Object.assign(Object.create(batches), {
      get: batches.get.bind(batches),
      getOnComplete: batches.getOnComplete.bind(batches),
      setOnCompleteJob: async () => Promise.reject(new Error("killed")),
    });
    await expect(follow(batchEvent(batch), { batches: dead })).rejects.toThrow("killed");
    await follow(batchEvent(batch));
    expect((await batches.get(batch.id))?.onCompleteJobId).toBe(onCompleteJobId("canary", batch));
  });

  it("keeps the text of its input, also of a large one", async () => {
    const value = "x".repeat(5_000);
    const body = `{"type":"canary","items":[{"input":{"op":"echo","value":1}}],"onComplete":{"type":"canary","input":{"op":"echo", "value":["${value}",1.10]}}}`;
    const { body: added } = await api.call("addBatch", { headers: { "idempotency-key": "large" }, body });
    const batch = (await batches.end(added, new Map([[0, "SUCCEEDED"]]), Date.now())) as StoredBatch;
    await follow(batchEvent(batch));
    const { body: job } = await api.call("getJob", { id: onCompleteJobId("canary", batch) });
    const counts = `{"id":"${batch.id}","total":1,"succeeded":1,"failed":0,"cancelled":0}`;
    expect(await (await fetch(job.inputUrl)).text()).toBe(`{"op":"echo", "value":["${value}",1.10],"batch":${counts}}`);
  });

  it("is none where none was asked for", async () => {
    const batch = await completeBatch("alone");
    await follow(batchEvent(batch));
    expect(messages()).toEqual([]);
  });

  it.each([
    ["is no JSON", () => "{"],
    ["names no batch", () => '{"id":"canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK"}'],
    ["names a batch that is not there", () => '{"id":"canary_batch_01JCQ8N6V4W2X9Y7Z5T3R1P0MK"}'],
  ])("is not added for an event that %s", async (_, event) => {
    const { lines } = await follow(event());
    expect(lines).toMatchObject([{ level: "warn", message: expect.stringContaining("event dropped") }]);
    expect(messages()).toEqual([]);
  });

  it("is not added for an event that a worker made up: the batch is open", async () => {
    const items = [{ input: { op: "echo", value: 1 } }];
    const request = { headers: { "idempotency-key": "forged" }, body: { type: "canary", items, onComplete: ECHO } };
    const { body: batch } = await api.call("addBatch", request);
    api.purge(api.queueUrl);
    await follow(JSON.stringify({ ...batch, status: "COMPLETE", version: 2 }));
    expect(messages()).toEqual([]);
  });

  it("is not added for a batch that a worker made up: what follows is where no worker can write", async () => {
    const id = batchIdForKey("canary", "iam:eve", "made-up");
    const { pending: _, ...batch } = newBatch({
      id,
      type: "canary",
      total: 1,
      owner: "iam:eve",
      requestHash: "",
      now: Date.now(),
    });
    const forged = { ...batch, version: 2, completedAt: batch.createdAt, onComplete: ECHO };
    await api.dynamoDb.send(new PutCommand({ TableName: api.jobsTableName, Item: forged }));
    await follow(JSON.stringify({ id }));
    expect(messages()).toEqual([]);
  });

  it("waits where its type is not there: the event is kept", async () => {
    const batch = await completeBatch("missing", ECHO);
    await expect(follow(batchEvent(batch), { registry: { get: async () => undefined } })).rejects.toThrow(
      `batch ${batch.id} is complete, and job type canary of its onComplete is not deployed`,
    );
  });
});
