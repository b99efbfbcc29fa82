import { describe, expect, it } from "vitest";
import { countedAttempts, isExpired, isLeased, isTerminal, JOB_STATUSES } from "../../domain/job.ts";
import { newJob } from "../../domain/new-job.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";

describe("a new job", () => {
  const job = newJob({
    id: "canary_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    type: "canary",
    maxAttempts: 3,
    input: '{"op":"echo"}',
    owner: "local",
    requestHash: "hash",
    writeId: "write",
    now: ADDED_AT,
  });

  it("is queued at version 1, never claimed", () => {
    expect(job).toMatchObject({ status: "QUEUED", version: 1, attempt: 0, interruptions: 0, lastWriteId: "write" });
    expect(job.createdAt).toBe("2026-11-02T09:00:00.000Z");
    expect(job.updatedAt).toBe(job.createdAt);
  });

  it("has the keys of the index that lists it", () => {
    expect(job.typeStatus).toBe("canary#QUEUED");
    expect(job.createdAtId).toBe("2026-11-02T09:00:00.000Z#canary_01ARZ3NDEKTSV4RRFFQ69G5FAV");
  });
});

describe("the state of a job", () => {
  it("is gone from the second after its expiry on", () => {
    const job = buildJob({ expiresAt: ADDED_AT / 1_000 });
    expect(isExpired(job, ADDED_AT + 999)).toBe(false);
    expect(isExpired(job, ADDED_AT + 1_000)).toBe(true);
    expect(isExpired(buildJob(), Number.MAX_SAFE_INTEGER)).toBe(false);
  });

  it("is terminal when it succeeded, failed or was cancelled", () => {
    expect(JOB_STATUSES.filter((status) => isTerminal({ status }))).toEqual(["SUCCEEDED", "FAILED", "CANCELLED"]);
  });

  it("is leased up to the end of the lease, and only while it runs", () => {
    const job = buildJob({ status: "RUNNING", leaseExpiresAt: ADDED_AT });
    expect(isLeased(job, ADDED_AT)).toBe(true);
    expect(isLeased(job, ADDED_AT + 1)).toBe(false);
    expect(isLeased({ ...job, status: "QUEUED" }, ADDED_AT)).toBe(false);
    expect(isLeased({ status: "RUNNING" }, ADDED_AT)).toBe(false);
  });

  it("counts no attempt that was interrupted", () => {
    expect(countedAttempts({ attempt: 5, interruptions: 2 })).toBe(3);
  });
});
