import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import * as z from "zod";
import { BatchEnds } from "../../domain/batch-ends.ts";
import { BatchStore } from "../../domain/batch-store.ts";
import { Company } from "../../domain/company.ts";
import { Controls } from "../../domain/controls.ts";
import type { StoredJob } from "../../domain/job.ts";
import { JobEvents } from "../../domain/job-events.ts";
import { newJobId } from "../../domain/job-id.ts";
import { JobQueue } from "../../domain/job-queue.ts";
import { JobStore } from "../../domain/job-store.ts";
import { defineJobType, type JobTypeSettings } from "../../domain/job-type.ts";
import { LastWordsStore } from "../../domain/last-words.ts";
import { newJob } from "../../domain/new-job.ts";
import { PayloadStore } from "../../domain/payload-store.ts";
import { defineJob, type JobHandler } from "../../worker/define-job.ts";
import { FileSource } from "../../worker/file-source.ts";
import { FileStore } from "../../worker/file-store.ts";
import { JobWorker, type JobWorkerDependencies } from "../../worker/job-worker.ts";
import { LastWordsWriter } from "../../worker/last-words-writer.ts";
import { LeaseKeeper } from "../../worker/leases/lease-keeper.ts";
import { WorkerLog } from "../../worker/log.ts";
import { WorkerMetrics } from "../../worker/metrics.ts";
import { inlineRunner } from "../../worker/runners/inline-runner.ts";
import { WORKER_SETTINGS, type WorkerSettings } from "../../worker/settings.ts";
import type { Emulators } from "./emulators.ts";
import { WorkerJournal } from "./worker-journal.ts";

/** A line that the worker logged. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly message: string };

const anyInput = z.object({}).loose();
type TestJobType = ReturnType<typeof defineJobType<typeof anyInput>>;

export interface WorkerUnderTest {
  readonly jobType: TestJobType;
  readonly queueUrl: string;
  readonly store: JobStore;
  readonly queue: JobQueue;
  readonly worker: JobWorker;
  /** Log lines, oldest first. */
  readonly lines: readonly LogLine[];
  /** What the worker did to table, topic and queue, in order. */
  readonly journal: WorkerJournal;
  /** Adds a job. Its item comes first, unlike in the add-job Lambda, so that no message is ahead of it. */
  readonly add: (job?: Partial<StoredJob>) => Promise<StoredJob>;
  /** Reads the job until `condition` holds; fails after `withinMs`, 15 s unless another time is given. */
  readonly until: (id: string, condition: (job: StoredJob) => boolean, withinMs?: number) => Promise<StoredJob>;
  /** Waits until the queue holds no message, visible or not. */
  readonly queueEmpty: () => Promise<void>;
}

export interface WorkerUnderTestSettings {
  readonly emulators: Emulators;
  readonly handler: JobHandler<TestJobType>;
  readonly jobType?: Partial<JobTypeSettings>;
  readonly settings?: Partial<WorkerSettings>;
  /** Replaces dependencies, given the real ones. */
  readonly overrides?: (real: JobWorkerDependencies) => Partial<JobWorkerDependencies>;
  /** Another worker of the same job type, on the same queue. */
  readonly besides?: WorkerUnderTest;
}

/** How long to wait before a condition is looked at again, in milliseconds. */
const LOOK_AGAIN_MS = 10;

/** A worker of this process on the emulators, with a queue and a job type of its own; call `worker.start()`. */
export async function workerUnderTest(test: WorkerUnderTestSettings): Promise<WorkerUnderTest> {
  const { emulators, besides } = test;
  process.env.POWERTOOLS_METRICS_DISABLED = "true";
  const jobType: TestJobType = defineJobType({
    description: "A job of a test",
    timeoutSeconds: 30,
    isolation: "inline",
    concurrency: 10,
    graceSeconds: 1,
    retry: { baseSeconds: 0, maxSeconds: 0 },
    name: `test-${randomUUID().slice(0, 8)}`,
    ...besides?.jobType,
    ...test.jobType,
    input: anyInput,
  });
  const queueUrl =
    besides?.queueUrl ?? (await emulators.createQueue(jobType.name, { VisibilityTimeout: String(jobType.leaseSeconds) }));
  const lines: LogLine[] = [];
  const logger = new Logger({ serviceName: "worker" });
  // Powertools prints through its console; a test reads the lines instead.
  const record = (line: string): void => void lines.push(JSON.parse(line));
  Object.assign(logger, { console: { debug: record, info: record, warn: record, error: record, log: record } });
  const log = new WorkerLog(logger);
  const settings = { ...WORKER_SETTINGS, cancelPollMs: 200, progressMs: 50, stopTimeoutSeconds: 17, ...test.settings };
  const store = new JobStore(emulators.dynamoDb, emulators.jobsTableName);
  const company = new Company();
  const linger = { lingerMs: test.settings?.lingerMs ?? 5, company };
  const queue = new JobQueue({ client: emulators.sqs, receiveClient: emulators.longPollSqs, queueUrl, ...linger });
  const events = new JobEvents(emulators.sns, emulators.eventsTopicArn, linger);
  const journal = new WorkerJournal();
  const real: JobWorkerDependencies = {
    jobType,
    store,
    controls: new Controls(emulators.dynamoDb, emulators.jobTypesTableName),
    events,
    ends: new BatchEnds({
      store: new BatchStore(emulators.dynamoDb, emulators.jobsTableName),
      events,
      now: Date.now,
      ...linger,
    }),
    queue,
    company,
    clock: () => performance.now(),
    payloads: new PayloadStore(emulators.resultsBucket),
    files: new FileStore(emulators.resultsBucket),
    source: new FileSource(emulators.resultsBucket),
    runner: inlineRunner(defineJob(jobType, test.handler), log),
    leases: new LeaseKeeper(
      { tableName: emulators.jobsTableName, queueUrl, leaseSeconds: jobType.leaseSeconds, cancelPollMs: settings.cancelPollMs },
      {
        failed: (call, message) => log.callFailed(call, message),
        ended: (error) => {
          throw error;
        },
      },
    ),
    protection: undefined,
    metrics: new WorkerMetrics(jobType.name),
    leaseOwner: "test",
    lastWords: new LastWordsWriter({
      store: new LastWordsStore(emulators.dynamoDb, emulators.jobsTableName, jobType.name),
      worker: "test",
      image: undefined,
      now: Date.now,
      onFailure: (error) => log.callFailed("UpdateItem", error.message),
    }),
    now: Date.now,
    random: Math.random,
    newWriteId: randomUUID,
    log,
    settings,
  };
  const worker = new JobWorker(journal.observe({ ...real, ...test.overrides?.(real) }));

  const until: WorkerUnderTest["until"] = async (id, condition, withinMs = 15_000) => {
    for (const deadline = Date.now() + withinMs; ; await delay(LOOK_AGAIN_MS)) {
      const job = await store.get(id);
      if (job !== undefined && condition(job)) return job;
      if (Date.now() > deadline) throw new Error(`job did not get there: ${JSON.stringify(job)}; log: ${JSON.stringify(lines)}`);
    }
  };
  return {
    jobType,
    queueUrl,
    store,
    queue,
    worker,
    lines,
    journal,
    until,
    add: async (overrides = {}) => {
      const now = Date.now();
      const created = newJob({
        id: newJobId(jobType.name, now),
        type: jobType.name,
        maxAttempts: jobType.maxAttempts,
        input: "{}",
        owner: "tester",
        requestHash: "hash",
        writeId: randomUUID(),
        now,
      });
      const job = { ...created, ...overrides };
      await store.create(job, now);
      await events.publish(job);
      await queue.send({ jobId: job.id });
      return job;
    },
    queueEmpty: async () => {
      for (const deadline = Date.now() + 15_000; ; await delay(LOOK_AGAIN_MS)) {
        const { visible, inFlight, delayed } = await emulators.queueDepth(queueUrl);
        if (visible + inFlight + delayed === 0) return;
        if (Date.now() > deadline)
          throw new Error(`the queue still holds ${visible} visible, ${inFlight} in flight, ${delayed} delayed`);
      }
    },
  };
}
