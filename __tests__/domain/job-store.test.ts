import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamoDbDocumentClient } from "../../domain/clients.ts";
import type { StoredJob } from "../../domain/job.ts";
import { JobStore } from "../../domain/job-store.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { changeNextOutput, loseNextAnswer, recordCalls } from "../support/client-middleware.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

const NOW = ADDED_AT + 1_000;

let emulators: Emulators;
let store: JobStore;

beforeAll(async () => {
  emulators = await startEmulators();
  store = new JobStore(emulators.dynamoDb, emulators.jobsTableName);
});
afterAll(async () => emulators.stop());

/** A store with a client of its own, for what a test does to its calls. */
function storeWithClient(): { readonly store: JobStore; readonly client: DynamoDBDocumentClient } {
  const client = dynamoDbDocumentClient();
  return { store: new JobStore(client, emulators.jobsTableName), client };
}

async function stored(overrides: Partial<StoredJob> = {}): Promise<StoredJob> {
  const job = buildJob(overrides);
  await store.create(job, NOW);
  return job;
}

function claimBy(writeId: string) {
  return { now: NOW, writeId, leaseOwner: writeId, leaseExpiresAt: NOW + 30_000 };
}

describe("a job that took an expired one's place", () => {
  it("is neither replaced nor held by who has seen the former, at the same version and attempt", async () => {
    const running = { status: "RUNNING", expiresAt: NOW / 1_000 - 1 } as const;
    const former = await stored(running);
    const again = buildJob({ id: former.id, status: "RUNNING", createdAt: new Date(NOW).toISOString() });
    expect(await store.create(again, NOW)).toMatchObject({ applied: true });
    expect(await store.extendLease(former, NOW + 60_000, NOW)).toBe(false);
    expect(await store.recordProgress(former, { fraction: 0.5 })).toBe(false);
    expect(await store.get(again.id)).toEqual(again);
    const end = { now: NOW, writeId: "late", attempt: former.attempt };
    expect(await store.transition(former, "succeed", end)).toEqual({ applied: false, current: again });
    expect(await store.transition(again, "succeed", end)).toMatchObject({ applied: true });
  });
});

describe("creating a job", () => {
  it("stores it", async () => {
    const job = buildJob({ tags: { team: "a" }, groupId: "tenant-1" });
    expect(await store.create(job, NOW)).toEqual({ applied: true, job });
    expect(await store.get(job.id)).toEqual(job);
  });

  it("stores tags of any name that DynamoDB takes", async () => {
    const job = buildJob({ tags: { constructor: "a", toString: "b", "\u0000": "\uFFFF" } as Record<string, string> });
    expect(await store.create(job, NOW)).toEqual({ applied: true, job });
    expect(await store.get(job.id)).toEqual(job);
  });

  it("leaves a stored job as it is, and returns it", async () => {
    const job = await stored();
    const other = { ...job, input: '"other"', lastWriteId: "other" };
    expect(await store.create(other, NOW)).toEqual({ applied: false, current: job });
    expect(await store.get(job.id)).toEqual(job);
  });

  it("replaces a job that expired, which DynamoDB deletes days late", async () => {
    const expired = await stored({ status: "SUCCEEDED", result: "1", expiresAt: NOW / 1_000 - 1 });
    const again = buildJob({ id: expired.id, createdAt: new Date(NOW).toISOString() });
    expect(await store.create(again, NOW)).toEqual({ applied: true, job: again });
    expect(await store.get(expired.id)).toEqual(again);
  });

  it.each([0, 1])("replaces none by a job that subscribers would take for the older, created %i ms before it", async (ms) => {
    const expired = await stored({ status: "SUCCEEDED", result: "1", expiresAt: NOW / 1_000 - 1 });
    const again = buildJob({ id: expired.id, createdAt: new Date(ADDED_AT - ms).toISOString() });
    expect(await store.create(again, NOW)).toEqual({ applied: false, current: expired });
  });

  it("does not replace a job in the second in which it expires", async () => {
    const ended = await stored({ status: "SUCCEEDED", result: "1", expiresAt: NOW / 1_000 });
    const again = buildJob({ id: ended.id, createdAt: new Date(NOW).toISOString() });
    expect(await store.create(again, NOW + 999)).toEqual({ applied: false, current: ended });
  });

  it("recognises its own write when the SDK repeated it", async () => {
    const { store: fragile, client } = storeWithClient();
    loseNextAnswer(client);
    const job = buildJob();
    expect(await fragile.create(job, NOW)).toEqual({ applied: true, job });
  });
});

describe("a transition", () => {
  it("returns the state that it made", async () => {
    const job = await stored();
    const outcome = await store.transition(job, "claim", claimBy("worker-1"));
    expect(outcome).toMatchObject({ applied: true, job: { status: "RUNNING", version: 2, attempt: 1, leaseOwner: "worker-1" } });
    expect(outcome.applied && outcome.job).toEqual(await store.get(job.id));
  });

  it("of two that race takes effect once; the loser sees the winner's state", async () => {
    const job = await stored();
    const outcomes = await Promise.all(["worker-1", "worker-2"].map((worker) => store.transition(job, "claim", claimBy(worker))));
    const winner = outcomes.find(({ applied }) => applied);
    const loser = outcomes.find(({ applied }) => !applied);
    expect(winner).toMatchObject({ job: { version: 2, attempt: 1 } });
    expect(loser).toEqual({ applied: false, current: winner?.applied && winner.job });
  });

  it("sent twice by the same write raises the version once", async () => {
    const job = await stored();
    const first = await store.transition(job, "claim", claimBy("worker-1"));
    const second = await store.transition(job, "claim", claimBy("worker-1"));
    expect(second).toEqual(first);
    expect(await store.get(job.id)).toMatchObject({ version: 2, attempt: 1 });
  });

  it("recognises its own write when the SDK repeated it", async () => {
    const { store: fragile, client } = storeWithClient();
    const job = await stored();
    loseNextAnswer(client);
    expect(await fragile.transition(job, "claim", claimBy("worker-1"))).toMatchObject({
      applied: true,
      job: { version: 2, attempt: 1 },
    });
  });

  it("takes the state in its way from the failure itself, where DynamoDB sends it along", async () => {
    const current = buildJob({ status: "RUNNING", tags: { team: "a" } });
    const failure = new ConditionalCheckFailedException({ message: "", $metadata: {}, Item: marshall(current) });
    const client = { send: () => Promise.reject(failure) } as unknown as DynamoDBDocumentClient;
    const outcome = await new JobStore(client, "jobs").transition(current, "claim", claimBy("worker-1"));
    expect(outcome).toEqual({ applied: false, current });
  });

  it("of a job that does not exist finds none", async () => {
    expect(await store.transition(buildJob(), "claim", claimBy("worker-1"))).toEqual({ applied: false, current: undefined });
  });

  it("throws what is no failed condition", async () => {
    const lost = new JobStore(emulators.dynamoDb, "no-such-table");
    await expect(lost.transition(buildJob(), "claim", claimBy("worker-1"))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});

describe("a heartbeat and progress", () => {
  const progress = { fraction: 0.5, message: "half" };

  it("are written while the claim holds, and make no version", async () => {
    const job = await stored({ status: "RUNNING", attempt: 2 });
    expect(await store.extendLease({ ...job, attempt: 2 }, NOW + 60_000, NOW)).toBe(true);
    expect(await store.recordProgress({ ...job, attempt: 2 }, progress)).toBe(true);
    const heartbeatAt = new Date(NOW).toISOString();
    expect(await store.get(job.id)).toEqual({ ...job, leaseExpiresAt: NOW + 60_000, heartbeatAt, progress });
  });

  it.each([
    ["another attempt has the job", { status: "RUNNING", attempt: 3 }],
    ["the job waits again", { status: "QUEUED", attempt: 2 }],
    ["the job has ended", { status: "SUCCEEDED", attempt: 2 }],
  ] as const)("change nothing when %s", async (_, state) => {
    const job = await stored(state);
    expect(await store.extendLease({ ...job, attempt: 2 }, NOW + 60_000, NOW)).toBe(false);
    expect(await store.recordProgress({ ...job, attempt: 2 }, progress)).toBe(false);
    expect(await store.get(job.id)).toEqual(job);
  });

  it("do not bring back a job that is gone", async () => {
    const job = buildJob({ status: "RUNNING" });
    expect(await store.extendLease(job, NOW, NOW)).toBe(false);
    expect(await store.get(job.id)).toBeUndefined();
  });
});

describe("a checkpoint", () => {
  const checkpoint = { number: 3, value: '{"page":40}' };
  const location = { bucket: "results", key: "checkpoints/canary/1/2.json", bytes: 5_000 };

  it("is written while the claim holds, makes no version, and takes the place of the one before", async () => {
    const job = await stored({ status: "RUNNING", attempt: 2 });
    expect(await store.recordCheckpoint(job, checkpoint)).toBe(true);
    expect(await store.get(job.id)).toEqual({ ...job, checkpoint });
    expect(await store.recordCheckpoint(job, { number: 4, value: location })).toBe(true);
    expect(await store.get(job.id)).toEqual({ ...job, checkpoint: { number: 4, value: location } });
  });

  it("is written again by a call that is made again, and never after a newer one", async () => {
    const job = await stored({ status: "RUNNING", attempt: 2 });
    expect(await store.recordCheckpoint(job, checkpoint)).toBe(true);
    expect(await store.recordCheckpoint(job, checkpoint)).toBe(true);
    expect(await store.recordCheckpoint(job, { number: 2, value: "late" })).toBe(false);
    expect(await store.get(job.id)).toEqual({ ...job, checkpoint });
  });

  it.each([
    ["another attempt has the job", { status: "RUNNING", attempt: 3 }],
    ["the job waits again", { status: "QUEUED", attempt: 2 }],
    ["the job has ended", { status: "FAILED", attempt: 2 }],
    ["another job has its ID", { status: "RUNNING", attempt: 2, createdAt: new Date(NOW).toISOString() }],
  ] as const)("changes nothing when %s", async (_, state) => {
    const job = await stored(state);
    expect(await store.recordCheckpoint({ ...buildJob(), id: job.id, attempt: 2 }, checkpoint)).toBe(false);
    expect(await store.get(job.id)).toEqual(job);
  });
});

describe("reading many jobs", () => {
  it("reads each once, a hundred at a time, and leaves out those that do not exist", async () => {
    const { store: counted, client } = storeWithClient();
    const jobs = await Promise.all(Array.from({ length: 120 }, () => stored()));
    const calls = recordCalls(client);
    const ids = jobs.map(({ id }) => id);
    const read = await counted.getMany([...ids, ...ids.slice(0, 10), buildJob().id]);
    expect(byId(read)).toEqual(byId(jobs));
    expect(calls).toHaveLength(2);
  });

  it("asks again for keys that DynamoDB left unprocessed", async () => {
    const { store: throttled, client } = storeWithClient();
    const jobs = await Promise.all(Array.from({ length: 105 }, () => stored()));
    changeNextOutput(client, (output) => {
      const { jobs: answered } = output.Responses as { jobs: StoredJob[] };
      const unprocessed = answered.splice(0, 30);
      output.UnprocessedKeys = { jobs: { Keys: unprocessed.map(({ id }) => ({ id })) } };
    });
    const calls = recordCalls(client);
    const read = await throttled.getMany(jobs.map(({ id }) => id));
    expect(byId(read)).toEqual(byId(jobs));
    expect(calls).toHaveLength(2);
  });

  it("of none makes no call", async () => {
    const { store: counted, client } = storeWithClient();
    const calls = recordCalls(client);
    expect(await counted.getMany([])).toEqual([]);
    expect(calls).toHaveLength(0);
  });

  it("is consistent on demand only", async () => {
    const { store: counted, client } = storeWithClient();
    const calls = recordCalls(client);
    await counted.getMany(["canary_01ARZ3NDEKTSV4RRFFQ69G5FAV"]);
    await counted.getMany(["canary_01ARZ3NDEKTSV4RRFFQ69G5FAV"], { consistent: true });
    expect(calls.map(({ input }) => input.RequestItems)).toMatchObject([
      { jobs: { ConsistentRead: false } },
      { jobs: { ConsistentRead: true } },
    ]);
  });
});

function byId(jobs: readonly StoredJob[]): StoredJob[] {
  return [...jobs].sort((a, b) => (a.id < b.id ? -1 : 1));
}
