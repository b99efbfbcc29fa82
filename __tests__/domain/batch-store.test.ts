import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchCounts, type JobEnd, newBatch, publicBatch, type StoredBatch } from "../../domain/batch.ts";
import { batchIdForKey } from "../../domain/batch-id.ts";
import { BatchStore } from "../../domain/batch-store.ts";
import { JOB_RETENTION_DAYS } from "../../domain/limits.ts";
import { loseNextAnswer, recordCalls } from "../support/client-middleware.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

const NOW = Date.parse("2026-11-02T09:00:00.000Z");
const LATER = NOW + 60_000;

let emulators: Emulators;
let store: BatchStore;
beforeAll(async () => {
  emulators = await startEmulators();
  store = new BatchStore(emulators.dynamoDb, emulators.jobsTableName);
});
afterAll(async () => {
  await emulators.stop();
});

let keys = 0;

async function batchOf(total: number): Promise<StoredBatch> {
  keys += 1;
  const id = batchIdForKey("canary", "iam:ada", `key-${keys}`);
  return await store.create(newBatch({ id, type: "canary", total, owner: "iam:ada", requestHash: "hash", now: NOW }), NOW);
}

const ends = (all: Readonly<Record<number, JobEnd>>) =>
  new Map(Object.entries(all).map(([number, end]) => [Number(number), end]));

describe("a stored batch", () => {
  it("begins with all its numbers pending", async () => {
    const { id } = await batchOf(3);
    expect(batchCounts((await store.get(id))!)).toEqual({ total: 3, pending: 3, succeeded: 0, failed: 0, cancelled: 0 });
  });

  it("is open until its last job has ended, and complete in the update that says so", async () => {
    const batch = await batchOf(3);
    expect(await store.end(batch, ends({ 0: "SUCCEEDED" }), LATER)).toBeUndefined();
    expect(await store.end(batch, ends({ 2: "FAILED" }), LATER)).toBeUndefined();
    expect(publicBatch((await store.get(batch.id))!)).toMatchObject({
      status: "OPEN",
      version: 1,
      pending: 1,
      succeeded: 1,
      failed: 1,
    });
    const complete = await store.end(batch, ends({ 1: "CANCELLED" }), LATER);
    expect(complete).toEqual(await store.get(batch.id));
    expect(publicBatch(complete!)).toEqual({
      id: batch.id,
      type: "canary",
      status: "COMPLETE",
      version: 2,
      total: 3,
      pending: 0,
      succeeded: 1,
      failed: 1,
      cancelled: 1,
      createdAt: batch.createdAt,
      completedAt: new Date(LATER).toISOString(),
    });
    expect(complete?.expiresAt).toBe(LATER / 1_000 + JOB_RETENTION_DAYS * 86_400);
  });

  it("takes one call for an end, and two for the last one", async () => {
    const calls = recordCalls(emulators.dynamoDb);
    const batch = await batchOf(2);
    await store.end(batch, ends({ 1: "SUCCEEDED" }), LATER);
    await store.end(batch, ends({ 0: "SUCCEEDED" }), LATER);
    const updates = calls.filter(({ command }) => command === "UpdateCommand" || command === "UpdateItemCommand");
    expect(updates).toHaveLength(3);
  });

  it("is changed by no end that is told again, and says again that it is complete", async () => {
    const batch = await batchOf(2);
    await store.end(batch, ends({ 0: "FAILED" }), LATER);
    expect(await store.end(batch, ends({ 0: "FAILED" }), LATER)).toBeUndefined();
    expect(batchCounts((await store.get(batch.id))!)).toMatchObject({ pending: 1, failed: 1 });
    const complete = await store.end(batch, ends({ 1: "SUCCEEDED" }), LATER);
    expect(await store.end(batch, ends({ 0: "FAILED" }), LATER + 1)).toEqual(complete);
    expect(await store.end(batch, ends({ 1: "SUCCEEDED" }), LATER + 1)).toEqual(complete);
  });

  it("takes the ends of many jobs at once", async () => {
    const batch = await batchOf(5);
    await store.end(batch, ends({ 0: "SUCCEEDED" }), LATER);
    // Fewer are left than twice as many: one that is not among them must be known to stay.
    expect(
      await store.end(batch, ends({ 0: "SUCCEEDED", 1: "CANCELLED", 2: "CANCELLED", 3: "CANCELLED" }), LATER),
    ).toBeUndefined();
    expect(batchCounts((await store.get(batch.id))!)).toMatchObject({ pending: 1, succeeded: 1, cancelled: 3 });
    expect(await store.end(batch, ends({ 3: "CANCELLED", 4: "FAILED" }), LATER)).toMatchObject({ version: 2 });
  });

  it("is complete once when its jobs end at the same moment", async () => {
    const batch = await batchOf(20);
    const told = await Promise.all(
      Array.from({ length: 20 }, async (_, number) => await store.end(batch, ends({ [number]: "SUCCEEDED" }), LATER + number)),
    );
    expect(new Set(told.map((complete) => complete?.completedAt)).size).toBe(2);
    expect(told.filter((complete) => complete !== undefined)).toHaveLength(1);
    expect(batchCounts((await store.get(batch.id))!)).toEqual({ total: 20, pending: 0, succeeded: 20, failed: 0, cancelled: 0 });
  });

  it("recognises what it did when the answer was lost", async () => {
    const batch = await batchOf(2);
    loseNextAnswer(emulators.dynamoDb);
    expect(await store.end(batch, ends({ 0: "SUCCEEDED" }), LATER)).toBeUndefined();
    loseNextAnswer(emulators.dynamoDb);
    expect(await store.end(batch, ends({ 1: "SUCCEEDED" }), LATER)).toMatchObject({ version: 2 });
  });

  it("takes no end of a job of another life of its ID", async () => {
    const batch = await batchOf(1);
    expect(
      await store.end({ ...batch, createdAt: new Date(NOW - 1).toISOString() }, ends({ 0: "SUCCEEDED" }), LATER),
    ).toBeUndefined();
    expect(batchCounts((await store.get(batch.id))!)).toMatchObject({ pending: 1 });
    expect(
      await store.end({ id: "canary_batch_01JCQ8N6V4W2X9Y7Z5T3R1P0MK", createdAt: "" }, ends({ 0: "FAILED" }), LATER),
    ).toBeUndefined();
  });

  it("stays when one of its ID is created, until it has expired", async () => {
    const batch = await batchOf(1);
    const next = { ...batch, requestHash: "other", createdAt: new Date(LATER).toISOString() };
    expect(await store.create(next, LATER)).toEqual(batch);
    const expired = (batch.expiresAt + 1) * 1_000;
    expect(await store.create(next, expired)).toBe(next);
  });

  it.each([
    ["a foreign type", { type: "other" }],
    ["a number that it cannot have", { pending: new Set([0, 7]) }],
    ["a number twice", { failed: new Set([0]) }],
    ["text for numbers", { pending: new Set(["0"]) }],
    ["no set", { pending: [0] }],
    ["a total past the limit", { total: 301 }],
    ["a time that is none", { createdAt: "yesterday" }],
    ["a job that is none", { onCompleteJobId: "<script>" }],
  ])("is not read where a worker wrote %s into its item", async (_, forged) => {
    const batch = await batchOf(2);
    await emulators.dynamoDb.send(new PutCommand({ TableName: emulators.jobsTableName, Item: { ...batch, ...forged } }));
    expect(await store.get(batch.id)).toBeUndefined();
  });
});
