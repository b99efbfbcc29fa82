import { describe, expect, it } from "vitest";
import { type JobEnds, newBatch, type StoredBatch } from "../../domain/batch.ts";
import { BatchEnds, isOfBatch } from "../../domain/batch-ends.ts";
import { batchIdForKey, batchJobId } from "../../domain/batch-id.ts";
import type { StoredJob } from "../../domain/job.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";

const batch = newBatch({
  id: batchIdForKey("canary", "iam:ada", "key"),
  type: "canary",
  total: 20,
  owner: "iam:ada",
  requestHash: "hash",
  now: ADDED_AT,
});

/** The job of a number. */
function member(number: number, overrides: Partial<StoredJob> = {}): StoredJob {
  return buildJob({
    id: batchJobId("canary", batch, number),
    batchId: batch.id,
    batchItem: { number, createdAt: batch.createdAt },
    status: "SUCCEEDED",
    ...overrides,
  });
}

function endsOver(complete?: StoredBatch) {
  const told: [string, string, [number, string][]][] = [];
  const published: StoredBatch[] = [];
  const ends = new BatchEnds({
    store: {
      end: async ({ id, createdAt }, all: JobEnds) => {
        told.push([id, createdAt, [...all]]);
        return complete;
      },
    },
    events: { publishBatch: async (one) => void published.push(one) },
    now: () => ADDED_AT,
  });
  return { ends, told, published };
}

describe("the ends of a batch's jobs", () => {
  it("are told in one call where they come together", async () => {
    const { ends, told, published } = endsOver();
    await Promise.all([ends.ended(member(1)), ends.ended(member(2, { status: "FAILED" }), member(3, { status: "CANCELLED" }))]);
    expect(told).toEqual([
      [
        batch.id,
        batch.createdAt,
        [
          [1, "SUCCEEDED"],
          [2, "FAILED"],
          [3, "CANCELLED"],
        ],
      ],
    ]);
    expect(published).toEqual([]);
  });

  it("are followed by the batch's own event where it is complete", async () => {
    const complete = { ...batch, completedAt: batch.createdAt };
    const { ends, published } = endsOver(complete);
    await ends.ended(member(1));
    expect(published).toEqual([complete]);
  });

  it("are told to each batch for itself", async () => {
    const other = { id: batchIdForKey("canary", "iam:ada", "other"), createdAt: batch.createdAt };
    const { ends, told } = endsOver();
    const ofOther = {
      id: batchJobId("canary", other, 1),
      batchId: other.id,
      batchItem: { number: 1, createdAt: other.createdAt },
    };
    await ends.ended(member(1), member(1, ofOther));
    expect(told.map(([id]) => id)).toEqual([batch.id, other.id]);
  });

  it("fail for no other batch than the one that could not be told", async () => {
    const other = { id: batchIdForKey("canary", "iam:ada", "other"), createdAt: batch.createdAt };
    const ends = new BatchEnds({
      store: { end: async ({ id }) => (id === batch.id ? Promise.reject(new TypeError("no set")) : undefined) },
      events: { publishBatch: async () => undefined },
      now: () => ADDED_AT,
    });
    const ofOther = {
      id: batchJobId("canary", other, 1),
      batchId: other.id,
      batchItem: { number: 1, createdAt: other.createdAt },
    };
    const outcomes = await Promise.allSettled([ends.ended(member(1)), ends.ended(member(1, ofOther)), ends.ended(member(2))]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected"]);
    expect(outcomes[0]).toMatchObject({ reason: new TypeError("no set") });
  });

  it("are none of jobs that have not ended, or are of no batch", async () => {
    const { ends, told } = endsOver();
    await ends.ended(member(1, { status: "RUNNING" }), member(2, { status: "QUEUED" }), buildJob({ status: "FAILED" }));
    expect(told).toEqual([]);
  });

  it("fail for whoever waits where they could not be told", async () => {
    const ends = new BatchEnds({
      store: { end: async () => Promise.reject(new Error("throttled")) },
      events: { publishBatch: async () => undefined },
      now: () => ADDED_AT,
    });
    await expect(ends.ended(member(1))).rejects.toThrow("throttled");
  });
});

describe("a job that a worker changed", () => {
  it.each([
    ["another number", { batchItem: { number: 2, createdAt: batch.createdAt } }],
    ["another life of the batch", { batchItem: { number: 1, createdAt: "2026-11-30T09:00:00.000Z" } }],
    ["another batch", { batchId: batchIdForKey("canary", "iam:ada", "other") }],
    ["a batch of another type", { batchId: batchIdForKey("document", "iam:ada", "key") }],
    ["what is no batch", { batchId: "canary" }],
    ["no text for a batch", { batchId: 7 as never }],
    ["no place", { batchItem: null as never }],
  ])("is of no batch where it names %s", (_, forged) => {
    expect(isOfBatch(member(1))).toBe(true);
    expect(isOfBatch(member(1, forged))).toBe(false);
  });
});
