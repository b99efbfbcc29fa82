import { setImmediate as nextTurn } from "node:timers/promises";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { BatchEntryError } from "../../../domain/batcher.ts";
import type { JobClaim, StoredJob } from "../../../domain/job.ts";
import { LeaseHeartbeat } from "../../../worker/leases/heartbeat.ts";
import type { FromLeaseThread, Hold } from "../../../worker/leases/messages.ts";
import { ADDED_AT, buildJob } from "../../support/build-job.ts";

const LEASE_SECONDS = 30;
const CANCEL_POLL_MS = 2_000;
const START = ADDED_AT + 60_000;

const store = {
  extendLease: vi.fn(async (_claim: JobClaim, _until: number, _now: number) => true),
  getMany: vi.fn(async (_ids: readonly string[]): Promise<StoredJob[]> => []),
};
const queue = { setVisibility: vi.fn(async (_receiptHandle: string, _seconds: number) => {}) };
let now: number;
/** How far the time was set, in milliseconds. */
let setBy: number;
let reports: FromLeaseThread[];
let heartbeat: LeaseHeartbeat;

const job = buildJob({ status: "RUNNING", attempt: 2, version: 5 });
const claim: JobClaim = { id: job.id, createdAt: job.createdAt, attempt: 2 };
const hold: Hold = { ...claim, version: 5, receiptHandle: "receipt", overdueAt: START + 90_000 };
const cancelled: StoredJob = { ...job, version: 6, cancelRequestedAt: "2026-11-02T09:00:05.000Z" };

beforeEach(() => {
  vi.resetAllMocks();
  store.extendLease.mockResolvedValue(true);
  store.getMany.mockResolvedValue([]);
  queue.setVisibility.mockResolvedValue();
  now = START;
  setBy = 0;
  reports = [];
  heartbeat = new LeaseHeartbeat({
    store,
    queue,
    leaseSeconds: LEASE_SECONDS,
    cancelPollMs: CANCEL_POLL_MS,
    now: () => now + setBy,
    clock: () => now - START,
    report: (message) => reports.push(message),
  });
});

/** Lets time pass in ticks of a quarter of a second. */
async function pass(seconds: number): Promise<void> {
  for (const end = now + seconds * 1_000; now < end; ) {
    now += 250;
    heartbeat.tick();
    await nextTurn();
  }
}

describe("the lease of a job in hand", () => {
  it("is renewed at every third of its length, with its message's visibility", async () => {
    heartbeat.hold(hold);
    await pass(9.75);
    expect(store.extendLease).not.toHaveBeenCalled();
    await pass(20.25);
    expect(store.extendLease.mock.calls).toEqual(
      [10, 20, 30].map((at) => [hold, START + (at + LEASE_SECONDS) * 1_000, START + at * 1_000]),
    );
    expect(queue.setVisibility.mock.calls).toEqual(Array.from({ length: 3 }, () => ["receipt", LEASE_SECONDS]));
    expect(reports).toEqual([]);
  });

  it.each([-3_600_000, 3_600_000])(
    "is renewed as before where the time is set by %i ms, to an end by the new time",
    async (by) => {
      heartbeat.hold(hold);
      await pass(5);
      setBy = by;
      await pass(25);
      expect(store.extendLease.mock.calls).toEqual(
        [10, 20, 30].map((at) => [hold, START + by + (at + LEASE_SECONDS) * 1_000, START + by + at * 1_000]),
      );
      expect(store.getMany).toHaveBeenCalledTimes(15);
      expect(heartbeat.overdue()).toBeUndefined();
      await pass(60.25);
      expect(heartbeat.overdue()).toEqual(hold);
    },
  );

  it("is not renewed once the claim was dropped", async () => {
    heartbeat.hold(hold);
    heartbeat.drop(claim);
    await pass(30);
    expect(store.extendLease).not.toHaveBeenCalled();
    expect(store.getMany).not.toHaveBeenCalled();
  });

  it("is renewed on behalf of the newer claim when an older one is dropped late", async () => {
    heartbeat.hold(hold);
    heartbeat.drop({ ...claim, attempt: 1 });
    await pass(10);
    expect(store.extendLease).toHaveBeenCalledTimes(1);
  });

  it("is lost when the table says that the claim does not hold the job", async () => {
    store.extendLease.mockResolvedValue(false);
    heartbeat.hold(hold);
    await pass(30);
    expect(reports).toEqual([{ kind: "lost", claim }]);
    expect(store.extendLease).toHaveBeenCalledTimes(1);
  });

  it("is lost when the same worker claims the job again, as it may after an outage", () => {
    heartbeat.hold(hold);
    heartbeat.hold({ ...hold, attempt: 3, version: 7 });
    expect(reports).toEqual([{ kind: "lost", claim }]);
  });

  it("is lost to a job of the same ID, and not that job by it", async () => {
    heartbeat.hold(hold);
    const later = { ...claim, createdAt: "2026-11-10T09:00:00.000Z" };
    heartbeat.hold({ ...hold, ...later });
    expect(reports).toEqual([{ kind: "lost", claim }]);
    heartbeat.drop(claim);
    await pass(10);
    expect(store.extendLease.mock.calls).toEqual([[{ ...hold, ...later }, expect.any(Number), expect.any(Number)]]);
  });

  it("is renewed a second later where a renewal failed, and lost to nobody meanwhile", async () => {
    store.extendLease.mockRejectedValueOnce(new Error("down")).mockRejectedValueOnce(new Error("down"));
    heartbeat.hold(hold);
    await pass(12);
    expect(store.extendLease).toHaveBeenCalledTimes(3);
    expect(reports).toEqual(Array.from({ length: 2 }, () => ({ kind: "failed", call: "UpdateItem", message: "Error: down" })));
    await pass(9.75);
    expect(store.extendLease).toHaveBeenCalledTimes(3);
  });

  it("is renewed though SQS refuses to hide the message any longer, which is asked for once", async () => {
    const failure = { code: "InvalidParameterValue", message: "12 hours are over", senderFault: true };
    queue.setVisibility.mockRejectedValue(new BatchEntryError(failure));
    heartbeat.hold(hold);
    await pass(30);
    expect(store.extendLease).toHaveBeenCalledTimes(3);
    expect(reports.map(({ kind }) => kind)).toEqual(["failed"]);
  });

  it("is renewed though SQS does not answer, and asked again with every renewal", async () => {
    queue.setVisibility.mockRejectedValue(new Error("down"));
    heartbeat.hold(hold);
    await pass(30);
    expect(store.extendLease).toHaveBeenCalledTimes(3);
    expect(reports.map(({ kind }) => kind)).toEqual(["failed", "failed", "failed"]);
  });

  it("is not reported lost by a renewal that was under way when the claim ended", async () => {
    const answer = Promise.withResolvers<boolean>();
    store.extendLease.mockReturnValue(answer.promise);
    heartbeat.hold(hold);
    await pass(10);
    heartbeat.drop(claim);
    answer.resolve(false);
    await nextTurn();
    expect(reports).toEqual([]);
  });
});

describe("what others do to a job in hand", () => {
  it("is looked for at the interval, by one read of all jobs", async () => {
    heartbeat.hold(hold);
    heartbeat.hold({ ...hold, id: "another" });
    await pass(6);
    expect(store.getMany).toHaveBeenCalledTimes(3);
    expect(store.getMany).toHaveBeenCalledWith([job.id, "another"]);
  });

  it("is reported once for each version", async () => {
    store.getMany.mockResolvedValue([cancelled]);
    heartbeat.hold(hold);
    await pass(8);
    expect(reports).toEqual([{ kind: "changed", job: cancelled }]);
  });

  it("is nothing while the read is not newer than what the worker knows", async () => {
    const expired = { ...job, createdAt: "2026-10-01T09:00:00.000Z", version: 9 };
    store.getMany.mockResolvedValue([{ ...job, status: "QUEUED", version: 4 }, expired, job]);
    heartbeat.hold(hold);
    await pass(8);
    expect(reports).toEqual([]);
  });

  it.each<[string, Partial<StoredJob>]>([
    ["another worker claimed it", { attempt: 3 }],
    ["it was closed", { status: "FAILED" }],
    ["it expired, and its key made a job of the same ID", { createdAt: "2026-11-10T09:00:00.000Z", version: 1 }],
    ["a job of the same ID has come as far", { createdAt: "2026-11-10T09:00:00.000Z" }],
  ])("is the loss of the lease when %s", async (_, change) => {
    store.getMany.mockResolvedValue([{ ...job, version: 6, ...change }]);
    heartbeat.hold(hold);
    await pass(8);
    expect(reports).toEqual([{ kind: "lost", claim }]);
  });

  it("is looked for again after a read that failed, and never by two reads at a time", async () => {
    const slow = Promise.withResolvers<StoredJob[]>();
    store.getMany.mockReturnValueOnce(slow.promise).mockResolvedValue([cancelled]);
    heartbeat.hold(hold);
    await pass(8);
    expect(store.getMany).toHaveBeenCalledTimes(1);
    slow.reject(new Error("down"));
    await pass(2);
    expect(reports.map(({ kind }) => kind)).toEqual(["failed", "changed"]);
  });

  it("does not concern a job that was dropped while it was read", async () => {
    const slow = Promise.withResolvers<StoredJob[]>();
    store.getMany.mockReturnValueOnce(slow.promise);
    heartbeat.hold(hold);
    await pass(2);
    heartbeat.drop(claim);
    slow.resolve([{ ...job, status: "SUCCEEDED", version: 6 }]);
    await nextTurn();
    expect(reports).toEqual([]);
  });
});

describe("a job that is overdue", () => {
  it("is found once its time is over, and not before", () => {
    heartbeat.hold({ ...hold, id: "in time", overdueAt: START + 200_000 });
    heartbeat.hold(hold);
    now = hold.overdueAt;
    expect(heartbeat.overdue()).toBeUndefined();
    now += 1;
    expect(heartbeat.overdue()).toEqual(hold);
    heartbeat.drop(hold);
    expect(heartbeat.overdue()).toBeUndefined();
  });
});
