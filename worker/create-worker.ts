import { randomUUID } from "node:crypto";
import { BatchEnds } from "@autoscaling-job-queues/domain/batch-ends";
import { BatchStore } from "@autoscaling-job-queues/domain/batch-store";
import { dynamoDbDocumentClient, longPollSqsClient, snsClient, sqsClient } from "@autoscaling-job-queues/domain/clients";
import { Company } from "@autoscaling-job-queues/domain/company";
import { Controls } from "@autoscaling-job-queues/domain/controls";
import { leaseOwner } from "@autoscaling-job-queues/domain/ended-attempts";
import { imageTag, protectionIdleSeconds } from "@autoscaling-job-queues/domain/environment";
import { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import { JobQueue } from "@autoscaling-job-queues/domain/job-queue";
import { JobStore } from "@autoscaling-job-queues/domain/job-store";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { LastWordsStore } from "@autoscaling-job-queues/domain/last-words";
import { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import type { Tracer } from "@autoscaling-job-queues/domain/traces/tracer";
import { Logger } from "@aws-lambda-powertools/logger";
import { AttemptSpans } from "./attempt-spans.ts";
import { FileSource } from "./file-source.ts";
import { FileStore } from "./file-store.ts";
import { JobWorker } from "./job-worker.ts";
import { LastWordsWriter } from "./last-words-writer.ts";
import { LeaseKeeper } from "./leases/lease-keeper.ts";
import { WorkerLog } from "./log.ts";
import { WorkerMetrics } from "./metrics.ts";
import type { Enclosure } from "./runners/commands/enclosure.ts";
import { removeLeftovers } from "./runners/commands/folder.ts";
import { processRunner } from "./runners/commands/process-runner.ts";
import { inlineRunner } from "./runners/inline-runner.ts";
import type { Runner } from "./runners/runner.ts";
import { loadJob } from "./runners/threads/load-job.ts";
import { threadRunner } from "./runners/threads/thread-runner.ts";
import { WORKER_SETTINGS, type WorkerSettings } from "./settings.ts";
import { TaskProtection } from "./task-protection.ts";
import { workerName } from "./worker-name.ts";

export interface CreateWorkerSettings {
  readonly jobType: JobType;
  /** Module of the handler; unused by `process` jobs. */
  readonly handlerUrl: string;
  /** Folder of the programs of a `process` job. */
  readonly binDirectory: string;
  /** Where only this worker starts processes. @default nowhere */
  readonly enclosure?: Enclosure | undefined;
  readonly jobsTableName: string;
  readonly jobTypesTableName: string;
  readonly eventsTopicArn: string;
  readonly resultsBucket: string;
  readonly queueUrl: string;
  /** `$ECS_AGENT_URI`, where there is an agent. */
  readonly agentUri: string | undefined;
  /** Runs the handlers. @default by the job type's isolation */
  readonly runner?: Runner;
  readonly settings?: Partial<WorkerSettings>;
  /** Records spans of attempts. @default none are recorded */
  readonly tracer?: Tracer | undefined;
  /** The lease thread ended: the worker cannot go on. */
  readonly onFatal: (error: Error) => void;
  /** Called when an attempt could not begin: the worker stops in order, and its process should end once it has. */
  readonly onNotBegun?: () => void;
  /** Called when an attempt has ended and its message has been dealt with. */
  readonly onAttemptEnd?: () => void;
}

/** Puts a worker together for AWS, or for whatever the SDK's endpoint variables name. */
export async function createWorker(create: CreateWorkerSettings): Promise<JobWorker> {
  const { jobType, queueUrl, jobsTableName, agentUri, tracer } = create;
  const settings: WorkerSettings = { ...WORKER_SETTINGS, ...create.settings };
  const { lingerMs, cancelPollMs } = settings;
  const log = new WorkerLog(new Logger({ serviceName: "worker" }));
  const dynamoDb = dynamoDbDocumentClient();
  const worker = workerName(agentUri);
  const image = imageTag();
  const company = new Company();
  const linger = { lingerMs, company };
  const events = new JobEvents(snsClient(), create.eventsTopicArn, linger);
  return new JobWorker({
    jobType,
    store: new JobStore(dynamoDb, jobsTableName),
    controls: new Controls(dynamoDb, create.jobTypesTableName),
    events,
    ends: new BatchEnds({ store: new BatchStore(dynamoDb, jobsTableName), events, now: Date.now, ...linger }),
    queue: new JobQueue({ client: sqsClient(), receiveClient: longPollSqsClient(), queueUrl, ...linger }),
    company,
    clock: () => performance.now(),
    payloads: new PayloadStore(create.resultsBucket),
    files: new FileStore(create.resultsBucket),
    source: new FileSource(create.resultsBucket),
    runner: create.runner ?? (await createRunner(create, log)),
    leases: new LeaseKeeper(
      { tableName: jobsTableName, queueUrl, leaseSeconds: jobType.leaseSeconds, cancelPollMs },
      { failed: (call, message) => log.callFailed(call, message), ended: create.onFatal },
    ),
    protection:
      agentUri === undefined
        ? undefined
        : new TaskProtection({
            agentUri,
            idleSeconds: protectionIdleSeconds(),
            now: Date.now,
            report: (message) => log.worker("task protection", { detail: message }),
          }),
    metrics: new WorkerMetrics(jobType.name),
    leaseOwner: leaseOwner(worker, image),
    lastWords: new LastWordsWriter({
      store: new LastWordsStore(dynamoDb, jobsTableName, jobType.name),
      worker,
      image,
      now: Date.now,
      onFailure: (error) => log.callFailed("UpdateItem", `${error.name}: ${error.message}`),
    }),
    now: Date.now,
    random: Math.random,
    newWriteId: randomUUID,
    log,
    spans: tracer && new AttemptSpans({ tracer, queueUrl, worker }),
    settings,
    ...(create.onNotBegun === undefined ? {} : { onNotBegun: create.onNotBegun }),
    ...(create.onAttemptEnd === undefined ? {} : { onAttemptEnd: create.onAttemptEnd }),
  });
}

async function createRunner(
  { jobType, handlerUrl, binDirectory, enclosure }: CreateWorkerSettings,
  log: WorkerLog,
): Promise<Runner> {
  const { isolation, command, concurrency, container } = jobType;
  if (isolation === "process" && command !== undefined) {
    return processRunner({ command, directory: binDirectory, jobType, enclosure });
  }
  // A command's runner does it itself.
  void removeLeftovers();
  if (isolation === "thread") return threadRunner({ handlerUrl, concurrency, memoryMiB: container.memoryMiB, log });
  return inlineRunner(await loadJob(handlerUrl), log);
}
