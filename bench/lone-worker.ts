import { readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { createWorker } from "@autoscaling-job-queues/worker/create-worker";
import { echoJobType } from "./echo-job.ts";

/** The worker as it ships, with jobs whose results are when their handlers ended. */
const worker = await createWorker({
  ...readEnvironment(["jobsTableName", "jobTypesTableName", "eventsTopicArn", "resultsBucket", "queueUrl"]),
  jobType: echoJobType,
  handlerUrl: new URL("./stamped-job.ts", import.meta.url).href,
  binDirectory: "",
  agentUri: undefined,
  onFatal: (error) => {
    throw error;
  },
});
worker.start();
