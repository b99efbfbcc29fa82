import { PublishBatchCommand, type SNSClient } from "@aws-sdk/client-sns";
import { Batcher, entryFailures } from "./batcher.ts";
import type { StoredJob } from "./job.ts";
import { jobJson } from "./job-json.ts";
import { MAX_BATCH_ENTRIES, PUBLISH_BATCH_BYTES } from "./limits.ts";

/** U+FFFE and U+FFFF are legal in JSON, but not in the XML characters that SNS and SQS accept. */
const NOT_IN_MESSAGES = /[\uFFFE\uFFFF]/g;

/** The event of a job's version, as JSON: the job as it was committed. Progress makes no version, so it is not part of one. */
export function jobEvent({ progress: _, ...job }: StoredJob): string {
  return jobJson(job).replace(NOT_IN_MESSAGES, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** Publishes jobs on the events topic; concurrent ones share batch calls. */
export class JobEvents {
  readonly #batcher: Batcher<{ readonly job: StoredJob; readonly message: string }>;

  /** @param lingerMs how long an event waits for others to share its call. */
  constructor(client: SNSClient, topicArn: string, { lingerMs = 0 } = {}) {
    this.#batcher = new Batcher({
      maxEntries: MAX_BATCH_ENTRIES,
      maxBytes: PUBLISH_BATCH_BYTES,
      bytesOf: ({ message }) => Buffer.byteLength(message),
      lingerMs,
      send: async (events) => {
        const PublishBatchRequestEntries = events.map(({ job, message }, index) => ({
          Id: String(index),
          Message: message,
          MessageAttributes: {
            kind: { DataType: "String", StringValue: "job" },
            jobId: { DataType: "String", StringValue: job.id },
            jobType: { DataType: "String", StringValue: job.type },
            status: { DataType: "String", StringValue: job.status },
            version: { DataType: "Number", StringValue: String(job.version) },
          },
        }));
        return entryFailures(
          (await client.send(new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries }))).Failed,
        );
      },
    });
  }

  /** Publishes a committed version; settles when SNS has taken it. */
  async publish(job: StoredJob): Promise<void> {
    await this.#batcher.add({ job, message: jobEvent(job) });
  }
}
