import { readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { MAX_BATCH_ENTRIES } from "@autoscaling-job-queues/domain/limits";
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { PublishBatchCommand, SNSClient } from "@aws-sdk/client-sns";
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const {
  jobsTableName: TableName,
  eventsTopicArn: TopicArn,
  queueUrl: QueueUrl,
} = readEnvironment(["jobsTableName", "eventsTopicArn", "queueUrl"]);
const dynamoDb = new DynamoDBClient({});
const sns = new SNSClient({});
const sqs = new SQSClient({});

/** The calls that a job must make, and nothing around them: no input is read, no lease kept, no failure dealt with. */
export async function receive(): Promise<Message[]> {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: MAX_BATCH_ENTRIES, WaitTimeSeconds: 20 });
  return (await sqs.send(command)).Messages ?? [];
}

/** @returns the job, as the message of its event. */
export async function setStatus(id: string, to: string, result: string): Promise<string> {
  const { Attributes } = await dynamoDb.send(
    new UpdateItemCommand({
      TableName,
      Key: { id: { S: id } },
      UpdateExpression: "SET #status = :to, #result = :result",
      ConditionExpression: "#status <> :to",
      ExpressionAttributeNames: { "#status": "status", "#result": "result" },
      ExpressionAttributeValues: { ":to": { S: to }, ":result": { S: result } },
      ReturnValues: "ALL_NEW",
    }),
  );
  return JSON.stringify(Attributes);
}

/** @param messages ten at most. */
export async function publish(messages: readonly string[]): Promise<void> {
  const PublishBatchRequestEntries = messages.map((Message, index) => ({ Id: String(index), Message }));
  await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
}

export async function acknowledge(messages: readonly Message[]): Promise<void> {
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
}
