import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Worker as Thread } from "node:worker_threads";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { StoredJob } from "../../../domain/job.ts";
import { JobQueue } from "../../../domain/job-queue.ts";
import { JobStore } from "../../../domain/job-store.ts";
import { LeaseKeeper, type LeaseKeeperEvents } from "../../../worker/leases/lease-keeper.ts";
import type { Hold } from "../../../worker/leases/messages.ts";
import { buildJob } from "../../support/build-job.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { eventually } from "../../support/worker-eventually.ts";

const LEASE_SECONDS = 3;

let emulators: Emulators;
let store: JobStore;
let queue: JobQueue;
let keepers: LeaseKeeper[] = [];

beforeAll(async () => {
  emulators = await startEmulators();
  store = new JobStore(emulators.dynamoDb, emulators.jobsTableName);
  queue = new JobQueue({ client: emulators.sqs, receiveClient: emulators.longPollSqs, queueUrl: emulators.queueUrl });
});
afterEach(async () => {
  await Promise.all(keepers.map((keeper) => keeper.close()));
  keepers = [];
  vi.restoreAllMocks();
});
afterAll(async () => {
  await emulators.stop();
});

function keep(events: Partial<LeaseKeeperEvents> = {}): LeaseKeeper {
  const { jobsTableName: tableName, queueUrl } = emulators;
  const settings = { tableName, queueUrl, leaseSeconds: LEASE_SECONDS, cancelPollMs: 100 };
  const keeper = new LeaseKeeper(settings, { failed: () => {}, ended: () => {}, ...events });
  keepers.push(keeper);
  return keeper;
}

/** A job that a worker has just claimed, and the claim. */
async function claimed(overdueInMs = 60_000): Promise<{ job: StoredJob; hold: Hold }> {
  const job = buildJob({ status: "RUNNING", leaseExpiresAt: Date.now() + LEASE_SECONDS * 1_000 });
  await store.create(job, 0);
  await queue.send({ jobId: job.id });
  const [message] = await queue.receive(1, 5);
  const { id, createdAt, attempt, version } = job;
  return {
    job,
    hold: { id, createdAt, attempt, version, receiptHandle: message?.receiptHandle ?? "", overdueAt: Date.now() + overdueInMs },
  };
}

/** Waits until the lease has been renewed. @returns when it ends then. */
async function renewed(job: StoredJob, after = job.leaseExpiresAt ?? 0): Promise<number> {
  const look = async (): Promise<number> => {
    const until = (await store.get(job.id))?.leaseExpiresAt ?? 0;
    expect(until).toBeGreaterThan(after);
    return until;
  };
  return await eventually(look);
}

describe("the lease thread", () => {
  it("renews leases for as long as a claim is held", async () => {
    const { job, hold } = await claimed();
    const keeper = keep();
    await keeper.hold(hold, { lost: () => expect.unreachable(), changed: () => expect.unreachable() });
    await renewed(job, await renewed(job));
    expect(await emulators.queueDepth(emulators.queueUrl)).toMatchObject({ visible: 0 });
  });

  it("tells of a cancel request, once, and of the loss of the job", async () => {
    const { job, hold } = await claimed();
    const changed = vi.fn();
    const lost = vi.fn();
    await keep().hold(hold, { lost, changed });
    const asked = await store.transition(job, "requestCancel", { now: Date.now(), writeId: "cancel" });
    await eventually(() => expect(changed.mock.calls).toEqual([[(asked as { job: StoredJob }).job]]));
    expect(lost).not.toHaveBeenCalled();
    const stopped = (asked as { job: StoredJob }).job;
    await store.transition(stopped, "stop", { now: Date.now(), writeId: "stop", attempt: job.attempt });
    await eventually(() => expect(lost).toHaveBeenCalledTimes(1));
    expect(changed).toHaveBeenCalledTimes(1);
  });

  it("tells nothing of a claim that was dropped", async () => {
    const first = await claimed();
    const second = await claimed();
    const keeper = keep();
    const told = vi.fn();
    await keeper.hold(first.hold, { lost: told, changed: told });
    keeper.drop(first.hold);
    const changed = vi.fn();
    await keeper.hold(second.hold, { lost: () => {}, changed });
    for (const { job } of [first, second]) await store.transition(job, "requestCancel", { now: Date.now(), writeId: job.id });
    await eventually(() => expect(changed).toHaveBeenCalled());
    expect(told).not.toHaveBeenCalled();
  });

  it("reports calls that fail", async () => {
    const failed = vi.fn();
    const { hold } = await claimed();
    await keep({ failed }).hold({ ...hold, receiptHandle: "stale" }, { lost: () => {}, changed: () => {} });
    await eventually(() => expect(failed).toHaveBeenCalledWith("ChangeMessageVisibility", expect.any(String)));
  });

  it("is told at once of a claim whose message is put back: a late renewal would undo its delay", async () => {
    const keeper = keep();
    const { hold } = await claimed();
    await keeper.hold(hold, { lost: () => {}, changed: () => {} });
    const post = vi.spyOn(Thread.prototype, "postMessage");
    keeper.drop(hold, { atOnce: true });
    const { id, createdAt, attempt } = hold;
    expect(post).toHaveBeenCalledWith({ drops: [{ id, createdAt, attempt }], holds: [] });
  });

  it("is the end of the worker where it dies", async () => {
    const ended = vi.fn();
    const post = vi.spyOn(Thread.prototype, "postMessage");
    const { hold } = await claimed();
    await keep({ ended }).hold(hold, { lost: () => {}, changed: () => {} });
    const thread = post.mock.contexts[0] as Thread;
    thread.postMessage("nonsense");
    await eventually(() => expect(ended).toHaveBeenCalledWith(expect.any(TypeError)));
  });

  it("keeps the lease while a handler blocks the main thread, and ends the process when the job is overdue", async () => {
    const { job, hold } = await claimed(0);
    const { jobsTableName: tableName, queueUrl } = emulators;
    const program = fileURLToPath(new URL("../../support/worker-with-blocked-thread.ts", import.meta.url));
    const settings = JSON.stringify({ tableName, queueUrl, leaseSeconds: LEASE_SECONDS, hold });
    const child = spawn(process.execPath, [program, settings], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit");
    const output = text(child.stdout);
    await renewed(job);
    expect(await ended).toEqual([null, "SIGKILL"]);
    const [first, line] = (await output).split("\n");
    expect(first).toBe("blocked");
    expect(JSON.parse(line ?? "")).toMatchObject({ level: "ERROR", jobId: job.id, attempt: 1, reason: "JobTimeout" });
  });
});
