import { randomUUID } from "node:crypto";
import type { Logger } from "@aws-lambda-powertools/logger";
import { BatchEnds } from "../../../domain/batch-ends.ts";
import { BatchStore } from "../../../domain/batch-store.ts";
import { Company } from "../../../domain/company.ts";
import { Controls } from "../../../domain/controls.ts";
import { RetryAfterError } from "../../../domain/errors.ts";
import { JobEvents } from "../../../domain/job-events.ts";
import { JobQueue } from "../../../domain/job-queue.ts";
import { JobStore } from "../../../domain/job-store.ts";
import { LastWordsStore } from "../../../domain/last-words.ts";
import { queueName } from "../../../domain/queue-names.ts";
import { defineJob } from "../../../worker/define-job.ts";
import { FileStore } from "../../../worker/file-store.ts";
import { JobWorker, type JobWorkerDependencies } from "../../../worker/job-worker.ts";
import { LastWordsWriter } from "../../../worker/last-words-writer.ts";
import { LeaseHeartbeat } from "../../../worker/leases/heartbeat.ts";
import { WorkerLog } from "../../../worker/log.ts";
import { inlineRunner } from "../../../worker/runners/inline-runner.ts";
import { WORKER_SETTINGS } from "../../../worker/settings.ts";
import type { CheckpointName } from "../history/fact.ts";
import { runScript, type ScriptCheckpoint } from "./scripted-job.ts";
import { SimulatedLeases } from "./simulated-leases.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

export interface SimulatedWorker {
  readonly process: SimulatedProcess;
  /** SIGTERM: the worker shuts down, and then its process ends. */
  readonly tell: () => void;
}

export interface SimulatedWorkerSettings {
  /** Milliseconds that its clock is ahead. @default 0 */
  readonly skewMs?: number;
  /** Replaces dependencies, given the real ones. */
  readonly overrides?: (real: JobWorkerDependencies) => Partial<JobWorkerDependencies>;
}

/** Starts a worker of the world's job type: the real one, with the product's settings. */
export function startWorker(world: World, { skewMs = 0, overrides = () => ({}) }: SimulatedWorkerSettings = {}): SimulatedWorker {
  const process = world.spawn("worker", skewMs);
  const { name: by } = process;
  const worker = process.run(() => {
    const real = dependencies(world, process);
    const started = new JobWorker({ ...real, ...overrides(real) });
    const { jobType, queueUrl } = world.deployed;
    const { name: type, concurrency } = jobType;
    world.record({ kind: "workerStarted", by, type, queue: queueName(queueUrl), concurrency });
    started.start();
    return started;
  });
  return {
    process,
    tell: () => {
      if (process.gone) return;
      world.record({ kind: "told", by, at: process.now() });
      process.run(() => void worker.stop().then(() => process.exit()));
    },
  };
}

function dependencies(world: World, process: SimulatedProcess): JobWorkerDependencies {
  const { clients, deployed, platform } = world;
  const { jobType, queueUrl } = deployed;
  const { lingerMs, cancelPollMs } = WORKER_SETTINGS;
  const { now } = process;
  const store = new JobStore(clients.dynamoDb, platform.emulators.jobsTableName);
  const company = new Company();
  const linger = { lingerMs, company };
  const events = new JobEvents(clients.sns, platform.emulators.eventsTopicArn, linger);
  const queue = new JobQueue({ client: clients.sqs, queueUrl, ...linger });
  const job = defineJob(jobType, async (script, context) => {
    const run = { by: process.name, jobId: context.id, attempt: context.attempt };
    let asked: { readonly retryAfterSeconds?: number } = {};
    world.record({ kind: "handlerStarted", ...run, ...resumedFrom(context.resumeFrom) });
    const checkpoint = async (value: ScriptCheckpoint): Promise<void> => {
      const named = { ...run, number: value.number };
      world.record({ kind: "checkpointBegun", ...named });
      await context.checkpoint(value);
      if (!process.gone) world.record({ kind: "checkpointStored", ...named });
    };
    try {
      return await runScript(script, { ...context, checkpoint });
    } catch (error) {
      if (error instanceof RetryAfterError) asked = { retryAfterSeconds: error.seconds };
      throw error;
    } finally {
      if (!process.gone) world.record({ kind: "handlerEnded", ...run, ...asked });
    }
  });
  const heartbeatQueue = new JobQueue({ client: clients.sqs, queueUrl });
  const { leaseSeconds } = jobType;
  const log = workerLog(world, process);
  return {
    jobType,
    store,
    controls: world.hasPauses
      ? new Controls(clients.dynamoDb, platform.emulators.jobTypesTableName)
      : { get: async () => ({ version: 0, history: [] }) },
    events,
    ends: new BatchEnds({ store: new BatchStore(clients.dynamoDb, platform.emulators.jobsTableName), events, now, ...linger }),
    company,
    clock: now,
    queue: {
      // The world holds the long poll open; the emulator's would cost real time.
      receive: async (max, _, signal) => {
        await world.poll(process, queueUrl, signal);
        return await queue.receive(max, 0, signal);
      },
      setVisibility: (receiptHandle, seconds) => queue.setVisibility(receiptHandle, seconds),
      delete: (receiptHandle) => queue.delete(receiptHandle),
    },
    payloads: clients.payloads,
    // No script of a job stores a file.
    files: new FileStore(platform.emulators.resultsBucket),
    source: clients.source,
    runner: inlineRunner(job, log),
    leases: new SimulatedLeases(
      (report) => new LeaseHeartbeat({ store, queue: heartbeatQueue, leaseSeconds, cancelPollMs, now, clock: now, report }),
    ),
    protection: undefined,
    metrics: deployed.metrics,
    leaseOwner: process.name,
    lastWords: new LastWordsWriter({
      store: new LastWordsStore(clients.dynamoDb, platform.emulators.jobsTableName, jobType.name),
      worker: process.name,
      image: undefined,
      now,
      onFailure: (error) => log.callFailed("UpdateItem", error.message),
    }),
    now,
    random: process.random,
    newWriteId: randomUUID,
    log,
    settings: WORKER_SETTINGS,
  };
}

function resumedFrom(value: unknown): { readonly resumedFrom?: CheckpointName } {
  if (value === undefined) return {};
  const { attempt, number } = value as ScriptCheckpoint;
  return { resumedFrom: { attempt, number } };
}

function workerLog(world: World, { name }: SimulatedProcess): WorkerLog {
  const write = (message: string, details: unknown): void => {
    world.log.push(`${name}: ${message} ${JSON.stringify(details)}`);
  };
  // Powertools prints through its console, and costs more than the calls of a case.
  const logger = { debug: write, info: write, warn: write, error: write };
  return new WorkerLog(logger as unknown as Logger);
}
