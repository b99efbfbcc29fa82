import { readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { createWorker } from "@autoscaling-job-queues/worker/create-worker";
import { readingsAt } from "./consumer-process.ts";
import { echoJobType } from "./echo-job.ts";

/** The worker as it ships, with the echo job. Arguments: jobs at a time, and the numbers of jobs at which to report. */

const [concurrency = 0, ...marks] = process.argv.slice(2).map(Number);
const worker = await createWorker({
  ...readEnvironment(["jobsTableName", "jobTypesTableName", "eventsTopicArn", "resultsBucket", "queueUrl"]),
  jobType: { ...echoJobType, concurrency },
  handlerUrl: new URL("./echo-job.ts", import.meta.url).href,
  binDirectory: "",
  agentUri: undefined,
  onFatal: (error) => {
    throw error;
  },
  onAttemptEnd: readingsAt(marks),
});
worker.start();
