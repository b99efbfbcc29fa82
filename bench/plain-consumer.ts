import { readEnvironment } from "@autoscaling-job-queues/domain/environment";
import { MAX_BATCH_ENTRIES } from "@autoscaling-job-queues/domain/limits";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { Consumer } from "sqs-consumer";
import { readingsAt } from "./consumer-process.ts";

/**
 * The same writes as the worker's, as one would write them with sqs-consumer, a call at a time: claim, publish, finish,
 * publish; sqs-consumer deletes the message. It receives up to ten messages at a time; for more there are several of it. Arguments: as
 * `our-consumer.ts`.
 */

const {
  jobsTableName: TableName,
  eventsTopicArn: TopicArn,
  queueUrl,
} = readEnvironment(["jobsTableName", "eventsTopicArn", "queueUrl"]);
const [concurrency = 0, ...marks] = process.argv.slice(2).map(Number);
const done = readingsAt(marks);
const dynamoDb = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const sns = new SNSClient({});

async function setStatus(id: string, from: string, to: string, attributes: Record<string, unknown>): Promise<void> {
  const names = Object.keys(attributes);
  const { Attributes: job } = await dynamoDb.send(
    new UpdateCommand({
      TableName,
      Key: { id },
      UpdateExpression: `SET #status = :to, #version = #version + :one${names.map((name) => `, #${name} = :${name}`).join("")}`,
      ConditionExpression: "#status = :from",
      ExpressionAttributeNames: {
        "#status": "status",
        "#version": "version",
        ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
      },
      ExpressionAttributeValues: {
        ":from": from,
        ":to": to,
        ":one": 1,
        ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])),
      },
      ReturnValues: "ALL_NEW",
    }),
  );
  await sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(job) }));
}

for (let left = concurrency; left > 0; left -= MAX_BATCH_ENTRIES) {
  const consumer = Consumer.create({
    queueUrl,
    sqs: new SQSClient({ useQueueUrlAsEndpoint: true }),
    batchSize: Math.min(left, MAX_BATCH_ENTRIES),
    handleMessage: async (message) => {
      const { Body: id = "" } = message;
      await setStatus(id, "QUEUED", "RUNNING", { startedAt: new Date().toISOString() });
      await setStatus(id, "RUNNING", "SUCCEEDED", { finishedAt: new Date().toISOString(), result: { value: 1 } });
      return message;
    },
  });
  consumer.on("message_processed", done);
  consumer.on("error", (error) => {
    throw error;
  });
  consumer.on("processing_error", (error) => {
    throw error;
  });
  consumer.start();
}
