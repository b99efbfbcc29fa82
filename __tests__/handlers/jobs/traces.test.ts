import { randomUUID } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BatchStore } from "../../../domain/batch-store.ts";
import { batchEvent } from "../../../domain/job-events.ts";
import { PayloadStore } from "../../../domain/payload-store.ts";
import { followBatches } from "../../../handlers/jobs/batches/follow-batch.ts";
import { jobQueues } from "../../../handlers/jobs/job-queues.ts";
import { snsEvent } from "../../../local/aws/batch-subscription.ts";
import { buildJob } from "../../support/build-job.ts";
import { takeEvents } from "../../support/take-events.ts";
import { type ApiUnderTest, startApi } from "../api-under-test.ts";
import { publishedEvents, purgeQueues } from "../queues.ts";
import { recordedTelemetry } from "../recorded-telemetry.ts";

const ONE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const OTHER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
const BODY = { type: "canary", input: { op: "echo", value: 1 } };

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  await purgeQueues(api);
});
afterAll(async () => {
  await api.stop();
});

describe("a request with a traceparent", () => {
  it("adds a job with it, which the item, the answer, the event and its attribute have", async () => {
    const { body: job } = await api.call("addJob", { body: BODY, headers: { traceparent: ONE } });
    expect(job.traceparent).toBe(ONE);
    expect((await api.store.get(job.id))?.traceparent).toBe(ONE);
    expect((await api.call("getJob", { id: job.id })).body.traceparent).toBe(ONE);
    const [event] = await takeEvents(api, 1);
    expect(event?.attributes.traceparent).toEqual(["String", ONE]);
  });

  it.each([
    ["no header", undefined],
    ["garbage", "traceparent"],
    ["a header as large as API Gateway takes", `00-${"4bf9".repeat(2_500)}`],
    ["two headers", `${ONE},${OTHER}`],
    ["a later version that is not as this one", "01-4bf92f3577b34da6a3ce929d0e0e4736"],
  ])("adds a job of no trace where there is %s", async (_, traceparent) => {
    const headers = traceparent === undefined ? {} : { traceparent };
    const { status, body: job } = await api.call("addJob", { body: BODY, headers });
    expect(status).toBe(202);
    expect(job).not.toHaveProperty("traceparent");
    expect(await api.store.get(job.id)).not.toHaveProperty("traceparent");
    expect((await publishedEvents(api))[0]).not.toHaveProperty("traceparent");
  });

  it("is the same request with another traceparent, and the job keeps its first", async () => {
    const add = (traceparent: string) =>
      api.call("addJob", { body: BODY, headers: { traceparent, "idempotency-key": "traced twice" } });
    const { body: job } = await add(ONE);
    const replay = await add(OTHER);
    expect(replay).toMatchObject({
      status: 202,
      headers: { "idempotency-replayed": "true" },
      body: { id: job.id, traceparent: ONE },
    });
  });

  it("gives it to every job of a batch and to the one that follows it", async () => {
    const headers = { traceparent: ONE, "idempotency-key": "traced batch" };
    const batches = new BatchStore(api.dynamoDb, api.jobsTableName);
    const items = [1, 2].map((value) => ({ input: { op: "echo", value } }));
    const onComplete = { type: "canary", input: { op: "echo", value: "done" } };
    const { body: batch } = await api.call("addBatch", { headers, body: { type: "canary", items, onComplete } });
    const { body: page } = await api.call("listBatchJobs", { id: batch.id });
    expect(page.items.map(({ traceparent }: { traceparent: string }) => traceparent)).toEqual([ONE, ONE]);
    expect(
      (await api.call("addBatch", { headers: { ...headers, traceparent: OTHER }, body: { type: "canary", items, onComplete } }))
        .status,
    ).toBe(202);

    const complete = await batches.end(
      batch,
      new Map([
        [0, "SUCCEEDED"],
        [1, "SUCCEEDED"],
      ]),
      Date.now(),
    );
    await followBatches(snsEvent({ Body: batchEvent(complete!) }, api.eventsTopicArn), {
      store: api.store,
      batches,
      registry: api.registry,
      queue: jobQueues(api.sqs),
      events: api.events,
      payloads: new PayloadStore(api.resultsBucket),
      wake: async () => undefined,
      telemetry: recordedTelemetry(),
      now: Date.now,
      newWriteId: randomUUID,
    });
    const { onCompleteJobId } = (await batches.get(batch.id))!;
    expect((await api.store.get(onCompleteJobId!))?.traceparent).toBe(ONE);
  });

  it("retries a job as a part of its own trace, and without one of that of the job", async () => {
    const ended = async (traceparent: unknown) => {
      const job = buildJob({ status: "FAILED", traceparent: traceparent as string });
      const { expiresAt: _, ...item } = job;
      await api.dynamoDb.send(new PutCommand({ TableName: api.jobsTableName, Item: item }));
      return job.id;
    };
    const retry = async (id: string, headers: Record<string, string> = {}) =>
      (await api.call("retryJob", { id, headers })).body.traceparent;
    expect(await retry(await ended(ONE), { traceparent: OTHER })).toBe(OTHER);
    expect(await retry(await ended(ONE))).toBe(ONE);
    expect(await retry(await ended(ONE), { traceparent: "garbage" })).toBe(ONE);
    expect(await retry(await ended({ a: "worker wrote this" }))).toBeUndefined();
  });
});
