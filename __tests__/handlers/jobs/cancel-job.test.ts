import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { StoredJob } from "../../../domain/job.ts";
import { newJobId } from "../../../domain/job-id.ts";
import { buildJob } from "../../support/build-job.ts";
import { recordCalls } from "../../support/client-middleware.ts";
import { type ApiUnderTest, startApi } from "../api-under-test.ts";
import { publishedEvents, purgeQueues } from "../queues.ts";

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

async function stored(overrides: Partial<StoredJob>): Promise<StoredJob> {
  const job = buildJob({ ...overrides, ...(overrides.status && { expiresAt: 4_000_000_000 }) });
  await api.dynamoDb.send(new PutCommand({ TableName: api.jobsTableName, Item: job }));
  return job;
}

async function publishedVersions(): Promise<[string, number][]> {
  return (await publishedEvents(api)).map(({ status, version }) => [status, version]);
}

describe("cancelling a job", () => {
  it("that waits cancels it at once; the state it replaces is published first", async () => {
    const { id } = await stored({});
    const { status, body } = await api.call("cancelJob", { id });
    expect({ status, body }).toMatchObject({ status: 200, body: { id, status: "CANCELLED", version: 2 } });
    expect(body).toMatchObject({ finishedAt: body.updatedAt, cancelRequestedAt: body.updatedAt, expiresAt: expect.any(Number) });
    expect(await publishedVersions()).toEqual([
      ["QUEUED", 1],
      ["CANCELLED", 2],
    ]);
  });

  it("that runs asks its worker to stop", async () => {
    const { id } = await stored({ status: "RUNNING" });
    const { status, body } = await api.call("cancelJob", { id });
    expect({ status, body }).toMatchObject({
      status: 202,
      body: { status: "RUNNING", version: 3, cancelRequestedAt: expect.any(String) },
    });
    expect(await publishedVersions()).toEqual([
      ["RUNNING", 2],
      ["RUNNING", 3],
    ]);
  });

  it.each([
    ["CANCELLED", 200],
    ["RUNNING", 202],
  ] as const)("again, when it is %s, changes nothing and publishes again", async (status, statusCode) => {
    const { id, version } = await stored({ status, cancelRequestedAt: "2026-11-02T09:00:02.000Z" });
    expect(await api.call("cancelJob", { id })).toMatchObject({ status: statusCode, body: { id, status, version } });
    expect(await publishedVersions()).toEqual([[status, version]]);
  });

  it.each(["SUCCEEDED", "FAILED"] as const)("that %s is refused and changes nothing", async (status) => {
    const job = await stored({ status });
    const { status: statusCode, body } = await api.call("cancelJob", { id: job.id });
    expect({ statusCode, code: body.code, detail: body.detail }).toEqual({
      statusCode: 409,
      code: "JobAlreadyEnded",
      detail: `job ${job.id} ended as ${status}; it can no longer be cancelled`,
    });
    expect(await api.store.get(job.id)).toEqual(job);
    expect(await publishedVersions()).toEqual([]);
  });

  it.each(["nope", newJobId("canary", 0)])("%s, of which there is none, answers 404", async (id) => {
    expect(await api.call("cancelJob", { id })).toMatchObject({ status: 404, body: { code: "JobNotFound" } });
  });

  it("that has expired answers 404", async () => {
    const { id } = buildJob();
    await api.dynamoDb.send(
      new PutCommand({ TableName: api.jobsTableName, Item: buildJob({ id, status: "CANCELLED", expiresAt: 1 }) }),
    );
    expect(await api.call("cancelJob", { id })).toMatchObject({ status: 404 });
  });

  it("takes four calls: read, publish, update, publish", async () => {
    const { id } = await stored({});
    const [dynamoDb, sns] = [api.dynamoDb, api.sns].map(recordCalls);
    await api.call("cancelJob", { id });
    expect(dynamoDb?.map(({ command }) => command)).toEqual(["GetItemCommand", "UpdateItemCommand"]);
    expect(sns).toHaveLength(2);
  });
});

describe("a cancel that races with a worker", () => {
  it("goes on with the state that the worker wrote, and publishes that first too", async () => {
    const job = await stored({});
    let claims = 0;
    const call = api.variant({
      store: {
        ...readsAndWrites(),
        transition: async (...args) => {
          if (claims++ === 0) {
            const claim = { now: Date.now(), writeId: "claim", leaseOwner: "worker-1", leaseExpiresAt: Date.now() + 30_000 };
            await api.store.transition(job, "claim", claim);
          }
          return await api.store.transition(...args);
        },
      },
    });
    expect(await call("cancelJob", { id: job.id })).toMatchObject({ status: 202, body: { status: "RUNNING", version: 3 } });
    expect(await publishedVersions()).toEqual([
      ["QUEUED", 1],
      ["RUNNING", 2],
      ["RUNNING", 3],
    ]);
  });

  it("gives up, with a time to try again, when the job keeps changing", async () => {
    const job = await stored({});
    const call = api.variant({
      store: { ...readsAndWrites(), transition: async () => ({ applied: false, current: job }) },
    });
    expect(await call("cancelJob", { id: job.id })).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
  });

  it("lets one of two concurrent cancels win, and both learn the same end", async () => {
    const { id } = await stored({});
    const answers = await Promise.all([api.call("cancelJob", { id }), api.call("cancelJob", { id })]);
    expect(answers.map(({ status, body }) => [status, body.version])).toEqual([
      [200, 2],
      [200, 2],
    ]);
  });

  it("leaves the job as it is when the state it would replace cannot be published", async () => {
    const job = await stored({});
    const publish = async () => Promise.reject(Object.assign(new Error("slow"), { name: "TimeoutError" }));
    const events = { publish, publishBatch: publish };
    expect(await api.variant({ events })("cancelJob", { id: job.id })).toMatchObject({ status: 503 });
    expect(await api.store.get(job.id)).toEqual(job);
  });
});

function readsAndWrites() {
  const { store } = api;
  return { get: store.get.bind(store), getMany: store.getMany.bind(store), create: store.create.bind(store) };
}
