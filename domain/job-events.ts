import { PublishBatchCommand, type SNSClient } from "@aws-sdk/client-sns";
import { publicBatch, type StoredBatch } from "./batch.ts";
import { Batcher, entryFailures } from "./batcher.ts";
import type { Company } from "./company.ts";
import type { StoredJob } from "./job.ts";
import { jobJson } from "./job-json.ts";
import { MAX_BATCH_ENTRIES, PUBLISH_BATCH_BYTES } from "./limits.ts";
import { traced } from "./trace-parent.ts";

/** U+FFFE and U+FFFF are legal in JSON, but not in the XML characters that SNS and SQS accept. */
const NOT_IN_MESSAGES = /[\uFFFE\uFFFF]/g;

/** The event of a job's version, as JSON: the job as it was committed. Progress and heartbeats make no version, so they are not part of one. */
export function jobEvent({ progress: _, heartbeatAt: __, ...job }: StoredJob): string {
  return jobJson(job).replace(NOT_IN_MESSAGES, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** The event of a batch that is complete, as JSON. */
export function batchEvent(batch: StoredBatch): string {
  // What it gets later makes no version.
  const { onCompleteJobId: _, ...event } = publicBatch(batch);
  return JSON.stringify(event);
}

interface Event {
  readonly message: string;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** Publishes jobs and batches on the events topic; concurrent events share batch calls. */
export class JobEvents {
  readonly #batcher: Batcher<Event>;

  /**
   * @param linger `lingerMs`: how long an event waits for others to share its call, by default for those of the same turn of the event
   * loop; `company`: who these others are, where that is known.
   */
  constructor(client: SNSClient, topicArn: string, linger: { readonly lingerMs?: number; readonly company?: Company } = {}) {
    this.#batcher = new Batcher({
      maxEntries: MAX_BATCH_ENTRIES,
      maxBytes: PUBLISH_BATCH_BYTES,
      bytesOf: ({ message }) => Buffer.byteLength(message),
      ...linger,
      send: async (events) => {
        const PublishBatchRequestEntries = events.map(({ message, attributes }, index) => ({
          Id: String(index),
          Message: message,
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [
              name,
              { DataType: typeof value === "number" ? "Number" : "String", StringValue: String(value) },
            ]),
          ),
        }));
        return entryFailures(
          (await client.send(new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries }))).Failed,
        );
      },
    });
  }

  /** Publishes a committed version; settles when SNS has taken it. */
  async publish(job: StoredJob): Promise<void> {
    const { id: jobId, type: jobType, status, version } = job;
    // Where tracers of subscribers look for it; of what a worker wrote into its job, nothing else gets there.
    const attributes = { kind: "job", jobId, jobType, status, version, ...traced(job.traceparent) };
    await this.#batcher.add({ message: jobEvent(job), attributes });
  }

  /** Publishes a batch that is complete; settles when SNS has taken it. */
  async publishBatch(batch: StoredBatch): Promise<void> {
    const { id: batchId, type: jobType, status, version } = publicBatch(batch);
    await this.#batcher.add({ message: batchEvent(batch), attributes: { kind: "batch", batchId, jobType, status, version } });
  }
}
