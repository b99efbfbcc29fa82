import { PurgeQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { JobsClient } from "../../../client/jobs-client.ts";
import { startPlatform } from "../../../local/platform.ts";
import type { Platform } from "../../../local/platform-types.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { untilWhy } from "./seen-causes.ts";

/** The platform as it is, with a place for one worker; its alarms, once a minute, come late to these tests. */

let platform: Platform;
let jobs: JobsClient;

beforeAll(async () => {
  const runs = await temporaryFolder("why");
  const jobTypes = ["canary", "word-count"];
  platform = await startPlatform({ jobTypes, maxWorkers: 1, events: false, runs, report: () => undefined, variables: {} });
  jobs = new JobsClient({ url: platform.api });
});
afterAll(async () => {
  await platform.stop();
});

const sleep = (seconds: number) => jobs.add("canary", { op: "sleep", seconds });
const queueUrls = () => platform.resources.queues.get("canary");
const MINUTE = 60_000;
/** Makes a job so old that no count can be late: what is not there then is gone. */
const age = async (id: string, { createdMs, dueMs }: { readonly createdMs: number; readonly dueMs: number }) => {
  const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
  await platform.clients.dynamoDb.send(
    new UpdateCommand({
      TableName: platform.resources.jobsTableName,
      Key: { id },
      UpdateExpression: "SET createdAt = :created, updatedAt = :created, runAt = :due",
      ExpressionAttributeValues: { ":created": ago(createdMs), ":due": ago(dueMs) },
    }),
  );
};

describe("why, of the causes in the contract", () => {
  it("names a wait for a delay, and jobs that have ended, each in its way", async () => {
    const later = await jobs.add("canary", { op: "echo", value: 1 }, { delaySeconds: 3_600 });
    expect(await jobs.why(later)).toMatchObject({ code: "WaitsForDelay", facts: { runAt: later.runAt } });
    await jobs.cancel(later);
    expect(await jobs.why(later)).toMatchObject({ code: "Ended", facts: { status: "CANCELLED" } });

    const echo = await jobs.add("canary", { op: "echo", value: 1 });
    await untilWhy(jobs, echo, "Ended", ["WorkersStarting", "Running"]);
    const failing = await jobs.add("canary", { op: "fail", message: "no luck", permanent: true });
    const { facts, nextStep } = await untilWhy(jobs, failing, "Ended", ["WorkersStarting", "Running"]);
    expect(facts).toMatchObject({ status: "FAILED", errorCode: "PermanentError", errorMessage: "no luck" });
    expect(nextStep).toContain(`jobs retry ${failing.id}`);
  });

  it("names a wait for a retry", async () => {
    const failing = await jobs.add("canary", { op: "fail", message: "no luck", permanent: false });
    const { facts } = await untilWhy(jobs, failing, "WaitsForRetry", ["WorkersStarting", "Running"]);
    expect(facts).toMatchObject({ errorMessage: "no luck", nextAttemptAt: expect.any(String) });
    await jobs.cancel(failing);
  });

  it("names a job that runs, workers that are all busy, a machine without a free place, and nobody who asked", async () => {
    const running = await Promise.all(Array.from({ length: 10 }, () => sleep(100)));
    for (const job of running) await untilWhy(jobs, job, "Running", ["WorkersStarting"]);
    const waiting = await sleep(0.1);
    const { facts } = await untilWhy(jobs, waiting, "AllWorkersBusy", ["WorkersStarting"]);
    expect(facts).toMatchObject({ runningTasks: 1, maxTasks: 10, concurrency: 10 });
    expect(await jobs.status("canary")).toMatchObject({ waiting: expect.any(Number), tasks: { running: 1 } });

    const placeless = await jobs.add("word-count", { text: "to be" });
    const { facts: placement } = await untilWhy(jobs, placeless, "WorkersStarting");
    expect(placement).toMatchObject({ placement: expect.stringContaining("no free place"), pendingTasks: 1 });
    platform.fleet.setDesiredCount("word-count", 0);
    expect(await jobs.why(placeless)).toMatchObject({ code: "NoWorkerAskedFor", facts: { desiredTasks: 0 } });

    for (const job of running) await jobs.cancel(job);
    await untilWhy(jobs, waiting, "Ended", ["AllWorkersBusy", "WorkersStarting", "Running"]);
  });

  it("names a request to cancel that a worker has not heard of yet", async () => {
    const spinning = await jobs.add("canary", { op: "spin", seconds: 60 });
    await untilWhy(jobs, spinning, "Running", ["WorkersStarting"]);
    await jobs.cancel(spinning);
    await untilWhy(jobs, spinning, "CancelRequested");
    await untilWhy(jobs, spinning, "Ended", ["CancelRequested"]);
  });

  it("names a worker that was killed, and not the image", async () => {
    const job = await sleep(100);
    await untilWhy(jobs, job, "Running", ["WorkersStarting"]);
    for (const { process } of platform.fleet.tasks()) process.kill();
    const { facts } = await untilWhy(jobs, job, "WorkerLost", ["Running"]);
    expect(facts).toMatchObject({ leaseEndsAt: expect.any(String), stoppedReason: expect.stringContaining("137") });
    await untilWhy(jobs, job, "Running", ["WorkerLost"]);
    await jobs.cancel(job);
    await untilWhy(jobs, job, "Ended", ["CancelRequested"]);
  });

  it("names whoever paused the type", async () => {
    await jobs.pause("canary", { reason: "the printer burns" });
    // Workers hear of it within seconds.
    await vi.waitFor(() => expect(platform.fleet.service("canary")).toMatchObject({ runningCount: 0 }), 60_000);
    const paused = await sleep(0.1);
    const { facts, nextStep } = await untilWhy(jobs, paused, "TypePaused");
    expect(facts).toMatchObject({ pausedBy: "iam:local", pauseReason: "the printer burns" });
    expect(nextStep).toContain("jobs resume canary");
    await jobs.resume("canary");
    await untilWhy(jobs, paused, "Ended", ["WorkersStarting", "Running"]);
  });

  it("names a message that was purged, and a schedule that never fired", async () => {
    // Their messages are not out yet: one is delayed in the queue, the other with the scheduler.
    const purged = await jobs.add("canary", { op: "echo", value: 1 }, { delaySeconds: 50 });
    const scheduled = await jobs.add("canary", { op: "echo", value: 1 }, { delaySeconds: 3_600 });
    await platform.clients.sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrls()?.url }));
    await age(purged.id, { createdMs: 10 * MINUTE, dueMs: 9 * MINUTE });
    await age(scheduled.id, { createdMs: 70 * MINUTE, dueMs: 10 * MINUTE });
    const gone = await jobs.why(purged);
    expect(gone).toMatchObject({ code: "NoWorkerAskedFor", facts: { visible: 0, deadLetters: 0 } });
    expect(gone.nextStep).toContain("resend-jobs -- --type canary");
    const late = await jobs.why(scheduled);
    expect(late).toMatchObject({ code: "NoWorkerAskedFor", facts: { runAt: expect.any(String) } });
    expect(late.summary).toContain("its schedule has not sent its message");
    for (const job of [purged, scheduled]) await jobs.cancel(job);
  });

  it("names a message that came to the dead-letter queue", async () => {
    const doomed = await jobs.add("canary", { op: "echo", value: 1 }, { delaySeconds: 3_600 });
    await platform.clients.sqs.send(new SendMessageCommand({ QueueUrl: queueUrls()?.deadLetters.url, MessageBody: doomed.id }));
    const { facts } = await untilWhy(jobs, doomed, "MessageDeadLettered", ["WaitsForDelay"]);
    expect(facts).toMatchObject({ status: "FAILED", errorCode: "DeadLettered" });
  });

  it("answers 404 for what is no job, and no type", async () => {
    await expect(jobs.why("canary_01K91ABCDEFGHJKMNPQRSTVWXY")).rejects.toMatchObject({ code: "JobNotFound" });
    await expect(jobs.why("nonsense")).rejects.toMatchObject({ code: "JobNotFound" });
    await expect(jobs.status("no-such")).rejects.toMatchObject({ code: "UnknownJobType" });
  });
});
