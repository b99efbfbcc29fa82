import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";

/**
 * Makes a queue, subscribes it to the topic `JOB_EVENTS_TOPIC_ARN`, and prints the queue's URL. Running it again changes nothing. For a
 * first try; in an account of yours Terraform does this (README.md).
 */

const NAME = "job-events-subscriber";
const RETENTION_SECONDS = String(14 * 86_400);
/** Messages that cannot be stored leave the queue after so many tries. */
const MAX_RECEIVES = 5;

const { JOB_EVENTS_TOPIC_ARN: topicArn } = process.env;
if (topicArn === undefined) throw new Error("JOB_EVENTS_TOPIC_ARN is not set: the platform's output job_events_topic_arn");

// Emulators name hosts in queue URLs that only they know.
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
const sns = new SNSClient();

async function createQueue(name: string): Promise<{ readonly url: string; readonly arn: string }> {
  const { QueueUrl: url = "" } = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { MessageRetentionPeriod: RETENTION_SECONDS } }),
  );
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }));
  return { url, arn: Attributes?.QueueArn ?? "" };
}

const deadLetters = await createQueue(`${NAME}-dead-letters`);
const queue = await createQueue(NAME);
const policy = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queue.arn,
      Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
    },
  ],
};
await sqs.send(
  new SetQueueAttributesCommand({
    QueueUrl: queue.url,
    Attributes: {
      Policy: JSON.stringify(policy),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: MAX_RECEIVES }),
    },
  }),
);
await sns.send(
  new SubscribeCommand({
    TopicArn: topicArn,
    Protocol: "sqs",
    Endpoint: queue.arn,
    Attributes: { RawMessageDelivery: "true" },
  }),
);
console.log(queue.url);
