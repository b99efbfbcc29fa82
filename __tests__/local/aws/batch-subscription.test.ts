import { PublishCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { SNSEvent } from "aws-lambda";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { BATCH_EVENTS_FILTER } from "../../../domain/batch-subscription.ts";
import { startBatchSubscription } from "../../../local/aws/batch-subscription.ts";
import type { BackgroundLoop } from "../../../local/background-loop.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";

let emulators: Emulators;
let loop: BackgroundLoop | undefined;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(async () => {
  await loop?.stop();
  await emulators.stop();
});

it("calls the Lambda for each completion, and again for one that it failed for", async () => {
  const { sqs, sns, longPollSqs, eventsTopicArn: topicArn } = emulators;
  const queueUrl = await emulators.createQueue("batch-events", { VisibilityTimeout: "1" });
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: "sqs",
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: "true", FilterPolicy: JSON.stringify(BATCH_EVENTS_FILTER) },
    }),
  );
  const calls: SNSEvent[] = [];
  const reports: string[] = [];
  loop = startBatchSubscription({
    sqs,
    longPollSqs,
    queueUrl,
    topicArn,
    invoke: async (name, event) => {
      calls.push(event as SNSEvent);
      if (name !== "on-complete" || calls.length === 1) throw new Error("it is away");
    },
    report: (line) => reports.push(line),
  });
  const publish = (kind: string, Message: string) =>
    sns.send(
      new PublishCommand({ TopicArn: topicArn, Message, MessageAttributes: { kind: { DataType: "String", StringValue: kind } } }),
    );
  await publish("job", '{"id":"a job"}');
  await publish("batch", '{"id":"a batch"}');
  await vi.waitFor(() => expect(calls).toHaveLength(2), { timeout: 10_000 });
  expect(calls.map(({ Records: [record] }) => [record?.Sns.Message, record?.Sns.MessageAttributes.kind])).toEqual([
    ['{"id":"a batch"}', { Type: "String", Value: "batch" }],
    ['{"id":"a batch"}', { Type: "String", Value: "batch" }],
  ]);
  expect(reports).toEqual(["a job that follows a batch waits: it is away"]);
});
