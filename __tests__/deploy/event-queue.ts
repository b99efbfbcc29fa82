import { SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand, ListQueuesCommand } from "@aws-sdk/client-sqs";
import type { Batch } from "../../domain/batch.ts";
import { type EventSubscriber, type JobEvent, startEventSubscriber } from "../../local/event-subscriber.ts";
import type { EmulatedAws } from "./emulated-aws.ts";

/** A subscriber of the deployed events topic, as a team that follows its jobs has one: a queue of its own. */
export interface EventQueue {
  /** Everything that was delivered, in order of arrival. */
  readonly events: readonly JobEvent[];
  /** The batches that were told to be complete. */
  readonly batches: readonly Batch[];
  /** The versions of a job that were delivered, each once, in order. */
  readonly versions: (jobId: string) => readonly number[];
  /** What was said of receives that failed. */
  readonly problems: readonly string[];
  readonly stop: () => Promise<void>;
}

const QUEUE = "team-events";

/** @throws {Error} where the region has a subscriber: the two would take each other's events. */
export async function subscribeQueue({ clients }: EmulatedAws, topicArn: string): Promise<EventQueue> {
  const { sqs, sns, longPollSqs } = clients;
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: QUEUE }));
  if (QueueUrls.length > 0)
    throw new Error("the events have a subscriber: start what was deployed once (platform.deploy-test.ts)");
  const { QueueUrl: queueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: QUEUE }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: "sqs",
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
  const events: JobEvent[] = [];
  const problems: string[] = [];
  const subscriber: EventSubscriber = startEventSubscriber({ sqs, longPollSqs, queueUrl, report: (line) => problems.push(line) });
  const batches: Batch[] = [];
  subscriber.onBatch((batch) => batches.push(batch));
  subscriber.onEvent((event) => events.push(event));
  const versions = (jobId: string): readonly number[] => {
    const seen = new Set(events.filter(({ id }) => id === jobId).map(({ version }) => version));
    return [...seen].sort((one, other) => one - other);
  };
  return { events, batches, versions, problems, stop: () => subscriber.stop() };
}
