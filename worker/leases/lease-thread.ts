import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { dynamoDbDocumentClient, sqsClient } from "@autoscaling-job-queues/domain/clients";
import { JobQueue } from "@autoscaling-job-queues/domain/job-queue";
import { JobStore } from "@autoscaling-job-queues/domain/job-store";
import { MainThreadWatch } from "../main-thread-watch.ts";
import { LeaseHeartbeat } from "./heartbeat.ts";
import type { FromLeaseThread, LeaseThreadSettings, ToLeaseThread } from "./messages.ts";

/**
 * The thread that keeps the leases of a worker's jobs: no handler can block it. It also ends the process when a handler
 * blocks the main thread past its job's timeout, which nothing else can stop.
 */

const TICK_MS = 250;

const settings = workerData as LeaseThreadSettings;
const report = (message: FromLeaseThread): void => parentPort?.postMessage(message);
const heartbeat = new LeaseHeartbeat({
  store: new JobStore(dynamoDbDocumentClient(), settings.tableName),
  queue: new JobQueue({ client: sqsClient(), queueUrl: settings.queueUrl }),
  leaseSeconds: settings.leaseSeconds,
  cancelPollMs: settings.cancelPollMs,
  now: Date.now,
  clock: () => performance.now(),
  report,
});
const watch = new MainThreadWatch(new Int32Array(settings.pulse), TICK_MS);

parentPort?.on("message", ({ drops, holds }: ToLeaseThread) => {
  for (const claim of drops) heartbeat.drop(claim);
  for (const hold of holds) heartbeat.hold(hold);
});

setInterval(() => {
  heartbeat.tick();
  const overdue = watch.isBlocked() ? heartbeat.overdue() : undefined;
  if (overdue === undefined) return;
  const line = {
    level: "ERROR",
    message: "job blocked the worker past its timeout; ending the worker",
    jobId: overdue.id,
    attempt: overdue.attempt,
    reason: "JobTimeout",
  };
  writeSync(1, `${JSON.stringify(line)}\n`);
  process.kill(process.pid, "SIGKILL");
}, TICK_MS);
