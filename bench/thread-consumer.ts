import { readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { createWorker } from "@autoscaling-job-queues/worker/create-worker";
import { readingsAt } from "./consumer-process.ts";
import { echoJobType } from "./echo-job.ts";
import { plainThreads } from "./plain-threads.ts";

/**
 * The worker with the echo job in threads. Arguments: `looked` for its own threads or `plain` for threads that are reused whatever
 * was left in them, and the numbers of jobs at which to report.
 */

const [kind, ...marks] = process.argv.slice(2);
const worker = await createWorker({
  ...readEnvironment(["jobsTableName", "jobTypesTableName", "eventsTopicArn", "resultsBucket", "queueUrl"]),
  // As much of a container as ten threads are given by the canary.
  jobType: { ...echoJobType, isolation: "thread", container: { cpu: 256, memoryMiB: 1_024 } },
  handlerUrl: new URL("./echo-job.ts", import.meta.url).href,
  binDirectory: "",
  agentUri: undefined,
  ...(kind === "plain" ? { runner: plainThreads() } : {}),
  onFatal: (error) => {
    throw error;
  },
  onAttemptEnd: readingsAt(marks.map(Number)),
});
worker.start();
