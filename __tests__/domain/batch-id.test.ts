import { describe, expect, it } from "vitest";
import { BATCH_ID_RULE, BATCH_KEYS, batchIdForKey, batchJobId, isBatchId, onCompleteJobId } from "../../domain/batch-id.ts";
import { isJobId, jobIdForKey, jobIdForRetry, typeOfJobId } from "../../domain/job-id.ts";

const ULID = "01JCQ8N6V4W2X9Y7Z5T3R1P0MK";
const batch = { id: batchIdForKey("document", "iam:ada", "key"), createdAt: "2026-11-02T09:00:00.000Z" };

describe("a batch's ID", () => {
  it("begins with its type, and is no job's", () => {
    expect(batch.id).toMatch(/^document_batch_[0-9A-Z]{26}$/);
    expect([isBatchId(batch.id), isJobId(batch.id), typeOfJobId(batch.id)]).toEqual([true, false, "document"]);
    expect(BATCH_ID_RULE.split(" ").filter(isBatchId)).toEqual([`document_batch_${ULID}`]);
  });

  it("is the same for the same caller, type and key, and for no others", () => {
    const others = [
      batchIdForKey("document", "iam:ada", "other"),
      batchIdForKey("document", "iam:bob", "key"),
      batchIdForKey("etl", "iam:ada", "key"),
    ];
    expect(batchIdForKey("document", "iam:ada", "key")).toBe(batch.id);
    expect(new Set([...others, batch.id]).size).toBe(4);
  });

  it.each([
    "",
    ULID,
    `document_${ULID}`,
    `document_batch_${ULID.toLowerCase()}`,
    `document_batch_${ULID}\n`,
    `_batch_${ULID}`,
    `document_batches_${ULID}`,
    `document_batch_8${ULID.slice(1)}`,
    `${"a".repeat(33)}_batch_${ULID}`,
  ])("is not %j", (text) => {
    expect(isBatchId(text)).toBe(false);
  });

  it("is what a policy on batches' keys takes, and no job's", () => {
    const pattern = new RegExp(`^${BATCH_KEYS.replaceAll("*", ".*")}$`);
    expect([batch.id, `document_${ULID}`, `on-complete#${ULID}`].map((key) => pattern.test(key))).toEqual([true, false, false]);
  });
});

describe("the IDs of a batch's jobs", () => {
  it("derive from its ID, its creation and the number, and meet no other job's", () => {
    const later = { ...batch, createdAt: "2026-11-30T09:00:00.000Z" };
    const ids = [
      ...[0, 1, 11].flatMap((number) => [batchJobId("document", batch, number), batchJobId("document", later, number)]),
      onCompleteJobId("document", batch),
      onCompleteJobId("document", later),
      jobIdForKey("document", "iam:ada", "key"),
      jobIdForRetry({ type: "document", ...batch }),
    ];
    expect(ids.every(isJobId)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect(batchJobId("document", batch, 1)).toBe(ids[2]);
  });
});
