import { SQSClient } from "@aws-sdk/client-sqs";
import { JobStates } from "./job-states.ts";
import { runSubscriber } from "./subscriber.ts";

/** Follows the events of a queue until SIGTERM or Ctrl-C. Region, credentials and endpoint are the AWS SDK's own variables. */

const { JOB_EVENTS_QUEUE_URL: queueUrl, JOB_STATES_FILE: file = "job-states.sqlite" } = process.env;
if (queueUrl === undefined)
  throw new Error("JOB_EVENTS_QUEUE_URL is not set: the URL of the queue that is subscribed to the topic");

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

const sqs = new SQSClient({
  // The SDK has no time limits of its own. A long poll takes up to 20 seconds.
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 25_000, throwOnRequestTimeout: true },
  // Emulators name hosts in queue URLs that only they know.
  useQueueUrlAsEndpoint: false,
});

await runSubscriber({
  sqs,
  queueUrl,
  states: new JobStates(file),
  onChange: ({ id, version, status }) => console.log(`${id} ${version} ${status}`),
  onError: (error) => console.error(`not stored; it will come again: ${error}`),
  signal: stop.signal,
});
