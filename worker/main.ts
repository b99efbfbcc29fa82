import { url as inspectorUrl } from "node:inspector";
import { setSourceMapsSupport } from "node:module";
import { fileURLToPath } from "node:url";
import { dynamoDbDocumentClient } from "@autoscaling-job-queues/domain/clients";
import { imageTag, readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { LastWordsStore } from "@autoscaling-job-queues/domain/last-words";
import { MAX_TIMEOUT_SECONDS } from "@autoscaling-job-queues/domain/limits";
import { loadTracer } from "@autoscaling-job-queues/domain/traces/load-tracer";
import { Logger } from "@aws-lambda-powertools/logger";
import { createWorker } from "./create-worker.ts";
import { LastWordsWriter } from "./last-words-writer.ts";
import { enclosureOf } from "./runners/commands/enclosure.ts";
import { closeInheritedDescriptors } from "./runners/commands/inherited-descriptors.ts";
import { handlerFailure } from "./runners/handler-failure.ts";
import { catchStrays } from "./runners/threads/catch-strays.ts";
import { workerName } from "./worker-name.ts";

/** The container's program: `worker.mjs`, beside its job type's settings, handler or programs. */

const beside = (file: string): URL => new URL(file, import.meta.url);
const logger = new Logger({ serviceName: "worker" });

/** An error in the words of the log. */
function shown(thrown: unknown) {
  const { code, message, stack } = handlerFailure(thrown);
  return { reason: code, detail: message, stack };
}

/** Ends a worker that cannot start. Where it knows its table and its type, it says so there, too. */
async function end(thrown: unknown): Promise<void> {
  logger.error("the worker could not start", shown(thrown));
  await leaveWords(thrown).catch(() => {});
  process.exit(1);
}

async function leaveWords(thrown: unknown): Promise<void> {
  const { jobsTableName, jobType } = readEnvironment(["jobsTableName", "jobType"]);
  const words = new LastWordsWriter({
    store: new LastWordsStore(dynamoDbDocumentClient(), jobsTableName, jobType),
    worker: workerName(process.env.ECS_AGENT_URI),
    image: imageTag(),
    now: Date.now,
    onFailure: (error) => logger.warn("call failed", { call: "UpdateItem", detail: `${error.name}: ${error.message}` }),
  });
  words.failed("start", thrown);
  await words.written();
}

/** Ends the process where it could not exit: Node waits for its threads first, and one of them may be in a call without end. */
function kill(message: string, thrown: unknown): void {
  logger.error(message, shown(thrown));
  process.kill(process.pid, "SIGKILL");
}

async function main(): Promise<void> {
  closeInheritedDescriptors();
  // Stacks name the lines that people wrote, in what is loaded from here on: the job type and an inline handler.
  setSourceMapsSupport(true, { nodeModules: true, generatedCode: true });
  const environment = readEnvironment([
    "jobsTableName",
    "jobTypesTableName",
    "eventsTopicArn",
    "resultsBucket",
    "jobType",
    "queueUrl",
  ]);
  const { default: declared } = (await import(beside("./job-type.mjs").href)) as { default: JobType };
  // Whoever looks at a handler that stands still takes the time that it takes; its lease is renewed by another thread.
  const isInspected = inspectorUrl() !== undefined;
  const jobType = isInspected ? { ...declared, timeoutSeconds: MAX_TIMEOUT_SECONDS } : declared;
  if (jobType.name !== environment.jobType) {
    throw new SettingsError("environment variable JOB_TYPE", environment.jobType, `${jobType.name}, the type of this image`);
  }
  const worker = await createWorker({
    ...environment,
    jobType,
    handlerUrl: beside("./job.mjs").href,
    binDirectory: fileURLToPath(beside("./bin")),
    enclosure: enclosureOf(process.env, process),
    agentUri: process.env.ECS_AGENT_URI,
    tracer: await loadTracer(import.meta.url, {
      service: "jobs-worker",
      attributes: { "job.type": jobType.name },
      report: (problem) => logger.warn("traces", { problem }),
    }),
    onNotBegun: () => stop(1),
    onFatal: (error) => kill("the lease thread ended; the worker cannot go on", error),
  });

  const stop = (code: number): void => {
    worker.stop().then(
      () => process.exit(code),
      (error) => kill("the worker could not stop in order", error),
    );
  };
  process.on("SIGTERM", () => stop(0));
  process.on("SIGINT", () => stop(0));
  catchStrays({
    // The jobs in hand finish or are handed back first.
    exception: (error) => {
      logger.error("uncaught exception; the worker stops", shown(error));
      stop(1);
    },
    rejection: (reason) => logger.error("unhandled rejection", shown(reason)),
  });
  worker.start();
  logger.info("worker started", { jobType: jobType.name, concurrency: jobType.concurrency, isolation: jobType.isolation });
  if (isInspected) logger.warn("a debugger may attach: attempts have no time limit", { inspector: inspectorUrl() });
}

main().catch(end);
