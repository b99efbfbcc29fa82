import { JobQueue } from "@autoscaling-job-queues/domain/job-queue";
import type { SQSClient } from "@aws-sdk/client-sqs";

/** The queues of the job types, by URL. */
export function jobQueues(client: SQSClient): (queueUrl: string) => JobQueue {
  const queues = new Map<string, JobQueue>();
  return (queueUrl) => {
    const queue = queues.get(queueUrl) ?? new JobQueue({ client, queueUrl });
    queues.set(queueUrl, queue);
    return queue;
  };
}
