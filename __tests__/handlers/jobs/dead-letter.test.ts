import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BatchEnds } from "../../../domain/batch-ends.ts";
import { BatchStore } from "../../../domain/batch-store.ts";
import type { StoredJob } from "../../../domain/job.ts";
import { queueNames } from "../../../domain/queue-names.ts";
import { closeDeadLetters, type DeadLetterDependencies } from "../../../handlers/jobs/close-dead-letter.ts";
import { jobQueues } from "../../../handlers/jobs/job-queues.ts";
import { buildJob } from "../../support/build-job.ts";
import { recordCalls } from "../../support/client-middleware.ts";
import { type ApiUnderTest, startApi } from "../api-under-test.ts";
import { publishedEvents, purgeQueues } from "../queues.ts";
import { type RecordedTelemetry, recordedTelemetry } from "../recorded-telemetry.ts";

let api: ApiUnderTest;
let telemetry: RecordedTelemetry;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  telemetry = recordedTelemetry();
  await purgeQueues(api);
});
afterAll(async () => {
  await api.stop();
});

async function stored(overrides: Partial<StoredJob>): Promise<StoredJob> {
  const job = buildJob(overrides);
  await api.dynamoDb.send(new PutCommand({ TableName: api.jobsTableName, Item: job }));
  return job;
}

/** The ARN of a type's queue of dead letters. */
function deadLettersOf(jobType: string): string {
  return `arn:aws:sqs:us-east-1:000000000000:${queueNames("test", jobType).deadLetters}`;
}

/** @param jobType whose queue of dead letters they are from. */
function close(bodies: readonly string[], overrides: Partial<DeadLetterDependencies> = {}, jobType = "canary") {
  const eventSourceARN = deadLettersOf(jobType);
  const Records = bodies.map((body, index) => ({ messageId: `message-${index}`, body, eventSourceARN }) as SQSRecord);
  return closeDeadLetters({ Records } satisfies SQSEvent, {
    store: api.store,
    registry: api.registry,
    queue: jobQueues(api.sqs),
    events: api.events,
    ends: new BatchEnds({ store: new BatchStore(api.dynamoDb, api.jobsTableName), events: api.events, now: Date.now }),
    telemetry,
    now: Date.now,
    newWriteId: () => crypto.randomUUID(),
    ...overrides,
  });
}

async function publishedVersions(): Promise<[string, number][]> {
  return (await publishedEvents(api)).map(({ status, version }) => [status, version]);
}

describe("a dead-lettered message", () => {
  it("fails the waiting job it names, with the error of its last attempt", async () => {
    const { id } = await stored({ attempt: 2, error: { code: "Timeout", message: "took too long" } });
    expect(await close([id])).toEqual({ batchItemFailures: [] });
    expect(await api.store.get(id)).toMatchObject({
      status: "FAILED",
      version: 2,
      finishedAt: expect.any(String),
      error: { code: "DeadLettered", message: expect.stringContaining("its last attempt failed with Timeout: took too long") },
    });
    expect(await publishedVersions()).toEqual([
      ["QUEUED", 1],
      ["FAILED", 2],
    ]);
    expect(telemetry.counted).toEqual([["DeadLettersClosed", { jobType: "canary" }]]);
  });

  it("fails a job whose worker is gone", async () => {
    const { id } = await stored({ status: "RUNNING", leaseExpiresAt: Date.now() - 1 });
    await close([id]);
    expect(await api.store.get(id)).toMatchObject({ status: "FAILED", error: { code: "DeadLettered" } });
  });

  it("cancels a job whose worker is gone and that was to be cancelled", async () => {
    const { id } = await stored({ status: "RUNNING", leaseExpiresAt: 1, cancelRequestedAt: "2026-11-02T09:00:02.000Z" });
    await close([id]);
    const job = await api.store.get(id);
    expect(job).toMatchObject({ status: "CANCELLED" });
    expect(job).not.toHaveProperty("error");
  });

  it("goes back to its queue, delayed and for its tenant, while a worker holds the job", async () => {
    const job = await stored({ status: "RUNNING", leaseExpiresAt: Date.now() + 30_000, groupId: "tenant-1" });
    const calls = recordCalls(api.sqs);
    expect(await close([job.id])).toEqual({ batchItemFailures: [] });
    expect(calls[0]?.input).toEqual({
      QueueUrl: api.queueUrl,
      Entries: [{ Id: "0", MessageBody: job.id, DelaySeconds: 60, MessageGroupId: "tenant-1" }],
    });
    expect(await api.store.get(job.id)).toEqual(job);
    expect(telemetry.counted).toEqual([["DeadLettersReturned", { jobType: "canary" }]]);
  });

  it.each(["SUCCEEDED", "FAILED", "CANCELLED"] as const)(
    "of a job that %s changes nothing and publishes again",
    async (status) => {
      const job = await stored({ status });
      await close([job.id]);
      expect(await api.store.get(job.id)).toEqual(job);
      expect(await publishedVersions()).toEqual([[status, job.version]]);
    },
  );

  it("of no job is dropped, whatever it says", async () => {
    expect(await close(["", "not an ID", '{"id":1}', "x".repeat(100_000), buildJob().id])).toEqual({ batchItemFailures: [] });
    expect(telemetry.lines).toHaveLength(5);
    expect(JSON.stringify(telemetry.lines).length).toBeLessThan(2_000);
  });

  it("leaves a long error message of the last attempt within the limit", async () => {
    const { id } = await stored({ error: { code: "E", message: "m".repeat(1_000) } });
    await close([id]);
    expect((await api.store.get(id))?.error?.message).toHaveLength(1_000);
  });
});

describe("a batch of dead letters", () => {
  it("closes each job by itself, and keeps only the messages that failed", async () => {
    const jobs = await Promise.all([stored({}), stored({ leaseExpiresAt: Date.now() + 9_000, status: "RUNNING" }), stored({})]);
    const queue = () => ({ send: async () => Promise.reject(new Error("SQS is down")) });
    expect(
      await close(
        jobs.map(({ id }) => id),
        { queue },
      ),
    ).toEqual({ batchItemFailures: [{ itemIdentifier: "message-1" }] });
    const statuses = await Promise.all(jobs.map(async ({ id }) => (await api.store.get(id))?.status));
    expect(statuses).toEqual(["FAILED", "RUNNING", "FAILED"]);
    expect(telemetry.lines).toContainEqual(expect.objectContaining({ level: "error" }));
  });

  it("closes a job once that several messages name", async () => {
    const { id } = await stored({});
    expect(await close([id, id, id])).toEqual({ batchItemFailures: [] });
    expect(await api.store.get(id)).toMatchObject({ status: "FAILED", version: 2 });
  });
});

describe("a dead letter in another type's queue", () => {
  it.each(["QUEUED", "RUNNING", "SUCCEEDED"] as const)(
    "does nothing to its job, which is %s, and goes on to the queue of that",
    async (status) => {
      const job = await stored({ status, groupId: "tenant-1" });
      const calls = recordCalls(api.sqs);
      expect(await close([job.id], {}, "etl")).toEqual({ batchItemFailures: [] });
      expect(await api.store.get(job.id)).toEqual(job);
      expect(calls.map(({ input }) => input)).toEqual([
        { QueueUrl: api.queueUrl, Entries: [{ Id: "0", MessageBody: job.id, MessageGroupId: "tenant-1" }] },
      ]);
      expect(telemetry.counted).toEqual([["DeadLettersMisplaced", { jobType: "canary" }]]);
      expect(telemetry.lines).toEqual([
        expect.objectContaining({
          level: "error",
          attributes: { jobId: job.id, jobType: "canary", deadLetterQueue: "test-etl-dead-letters" },
        }),
      ]);
    },
  );

  it("comes again where it cannot be sent on", async () => {
    const job = await stored({});
    const queue = () => ({ send: async () => Promise.reject(new Error("SQS is down")) });
    expect(await close([job.id], { queue }, "etl")).toEqual({ batchItemFailures: [{ itemIdentifier: "message-0" }] });
    expect(await api.store.get(job.id)).toEqual(job);
  });

  it("is dropped, and told of, where the type of its job is not registered", async () => {
    const job = await stored({ type: "gone" });
    expect(await close([job.id], {}, "etl")).toEqual({ batchItemFailures: [] });
    expect(await api.store.get(job.id)).toEqual(job);
    expect(telemetry.lines).toEqual([
      expect.objectContaining({ level: "error", message: expect.stringContaining("not registered") }),
    ]);
  });
});

describe("a dead letter of a type that is not registered any more", () => {
  it("fails the job, which nobody will run", async () => {
    const { id } = await stored({ type: "gone" });
    expect(await close([id], {}, "gone")).toEqual({ batchItemFailures: [] });
    expect(await api.store.get(id)).toMatchObject({ status: "FAILED", error: { code: "DeadLettered" } });
  });

  it("comes again while a worker still holds the job, as there is no queue to send it back to", async () => {
    const { id } = await stored({ type: "gone", status: "RUNNING", leaseExpiresAt: Date.now() + 9_000 });
    expect(await close([id], {}, "gone")).toEqual({ batchItemFailures: [{ itemIdentifier: "message-0" }] });
    expect(telemetry.lines).toContainEqual(expect.objectContaining({ level: "error" }));
  });
});

describe("a dead letter that races with a worker", () => {
  it("goes on with the state that the worker wrote", async () => {
    const job = await stored({});
    const store = {
      get: api.store.get.bind(api.store),
      transition: async (...args: Parameters<typeof api.store.transition>) => {
        const claim = { now: Date.now(), writeId: "claim", leaseOwner: "worker-1", leaseExpiresAt: Date.now() + 30_000 };
        await api.store.transition(job, "claim", claim);
        return await api.store.transition(...args);
      },
    };
    expect(await close([job.id], { store })).toEqual({ batchItemFailures: [] });
    expect(await api.store.get(job.id)).toMatchObject({ status: "RUNNING" });
    expect(telemetry.counted).toEqual([["DeadLettersReturned", { jobType: "canary" }]]);
  });

  it("stays in its queue when the job keeps changing", async () => {
    const job = await stored({});
    const store = { get: async () => job, transition: async () => ({ applied: false as const, current: job }) };
    expect(await close([job.id], { store })).toEqual({ batchItemFailures: [{ itemIdentifier: "message-0" }] });
  });
});
