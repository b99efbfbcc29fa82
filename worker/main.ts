import { fileURLToPath } from "node:url";
import { readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { Logger } from "@aws-lambda-powertools/logger";
import { createWorker } from "./create-worker.ts";
import { enclosureOf } from "./enclosure.ts";
import { closeInheritedDescriptors } from "./inherited-descriptors.ts";

/** The container's program: `worker.mjs`, beside its job type's settings, handler or programs. */

const beside = (file: string): URL => new URL(file, import.meta.url);
const logger = new Logger({ serviceName: "worker" });

function end(message: string, thrown: unknown): void {
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as Error & { readonly code?: string };
  logger.error(message, { reason: error.code ?? error.name, detail: error.message });
  process.exit(1);
}

async function main(): Promise<void> {
  closeInheritedDescriptors();
  const environment = readEnvironment(["jobsTableName", "eventsTopicArn", "resultsBucket", "jobType", "queueUrl"]);
  const { default: jobType } = (await import(beside("./job-type.mjs").href)) as { default: JobType };
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
    onNotBegun: () => stop(1),
    onFatal: (error) => end("the lease thread ended; the worker cannot go on", error),
  });

  const stop = (code: number): void => {
    worker.stop().then(
      () => process.exit(code),
      (error) => end("the worker could not stop in order", error),
    );
  };
  process.on("SIGTERM", () => stop(0));
  process.on("SIGINT", () => stop(0));
  // What a handler left behind must not end the jobs of others at once: they finish or are handed back first.
  process.on("uncaughtException", (error) => {
    logger.error("uncaught exception; the worker stops", { detail: `${error.name}: ${error.message}` });
    stop(1);
  });
  process.on("unhandledRejection", (reason) => logger.error("unhandled rejection", { detail: String(reason) }));
  worker.start();
  logger.info("worker started", { jobType: jobType.name, concurrency: jobType.concurrency, isolation: jobType.isolation });
}

main().catch((error) => end("the worker could not start", error));
