import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from "@aws-sdk/client-sqs";

/** How many messages a queue has, roughly: SQS counts on many machines, and is up to a minute behind (SQS: GetQueueAttributes). */
export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

const COUNTS = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const satisfies readonly QueueAttributeName[];

/** Reads how many messages a queue has. */
export async function queueDepth(client: SQSClient, queueUrl: string, abortSignal: AbortSignal): Promise<QueueDepth> {
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...COUNTS] });
  const { Attributes = {} } = await client.send(command, { abortSignal });
  const [visible = 0, inFlight = 0, delayed = 0] = COUNTS.map((name) => Number(Attributes[name] ?? 0));
  return { visible, inFlight, delayed };
}
