import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, type SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { type BuildAppOptions, buildApp } from "fauxqs";
import { callSettings, dynamoDbDocumentClient, longPollSqsClient, snsClient, sqsClient } from "../../domain/clients.ts";
import { queueNames } from "../../domain/queue-names.ts";
import { completeS3, emulatedS3Store } from "../../local/aws/emulated-s3.ts";
import { type EmulatedSqsStore, emulatedSqsStore } from "../../local/aws/emulated-sqs-store.ts";
import { createTables, TABLE_NAMES } from "../../local/aws/tables.ts";
import { refuseOverLimits } from "./aws-limits/refuse-over-limits.ts";
import { databaseServer } from "./database-server.ts";

/** A message in an emulated queue. */
export interface QueuedMessage {
  readonly body: string;
  /** Undefined for a message that nobody has in hand. */
  readonly receiptHandle?: string;
  /** When it can be received (epoch milliseconds): 0 for a message that is neither delayed nor in hand. */
  readonly visibleAt: number;
}

/** A platform without job types, for one test file. */
export interface Emulators {
  readonly dynamoDb: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  /** For receives that wait. A call that its client gave up goes on at the server, and takes a message along that nobody gets. */
  readonly longPollSqs: SQSClient;
  readonly sns: SNSClient;
  readonly s3: S3Client;
  readonly jobsTableName: string;
  readonly jobTypesTableName: string;
  readonly eventsTopicArn: string;
  /** A queue that every event reaches, as it was published (raw delivery). */
  readonly eventsQueueUrl: string;
  readonly resultsBucket: string;
  readonly queueUrl: string;
  /** Another queue. @returns its URL. */
  readonly createQueue: (name: string, attributes?: Record<string, string>) => Promise<string>;
  /** Messages of a queue, as its metrics count them. */
  readonly queueDepth: (queueUrl: string) => Promise<{ visible: number; inFlight: number; delayed: number }>;
  /** What a queue holds, without a receive: the oldest first of those that can be received, then those in hand and delayed. */
  readonly messagesIn: (queueUrl: string) => QueuedMessage[];
  /** Takes all messages off a queue, whoever has them in hand. */
  readonly purge: (queueUrl: string) => void;
  /** @throws Error where a call was made that AWS would refuse for one of its limits. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts SQS, SNS, S3 (fauxqs) and DynamoDB in this process, on free ports of 127.0.0.1, with the platform's
 * tables, topic and bucket and one queue. The SDK's endpoint variables are set, so any client of this process finds them.
 */
export async function startEmulators(): Promise<Emulators> {
  const [sqsStore, s3Store] = await Promise.all([emulatedSqsStore(), emulatedS3Store()]);
  const fauxqs = buildApp({ logger: false, stores: { sqsStore, s3Store } as unknown as BuildAppOptions["stores"] & {} });
  const queueAt = queuesByUrl(sqsStore);
  const overLimits = refuseOverLimits(fauxqs);
  await completeS3(fauxqs, s3Store);
  const fauxqsUrl = await fauxqs.listen({ host: "127.0.0.1", port: 0 });
  const database = databaseServer({ name: randomUUID() }).listen(0, "127.0.0.1");
  const unanswered = countUnanswered(database);
  await once(database, "listening");
  const endpoints = {
    AWS_ENDPOINT_URL_SQS: fauxqsUrl,
    AWS_ENDPOINT_URL_SNS: fauxqsUrl,
    AWS_ENDPOINT_URL_S3: fauxqsUrl,
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${(database.address() as AddressInfo).port}`,
  };
  Object.assign(process.env, endpoints);

  const dynamoDb = dynamoDbDocumentClient();
  const sqs = sqsClient();
  const longPollSqs = longPollSqsClient();
  const sns = snsClient();
  const s3 = new S3Client(callSettings());
  const createQueue = async (QueueName: string, Attributes: Record<string, string> = {}): Promise<string> => {
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    // fauxqs names a host that only a wildcard DNS knows; the SDK calls the host of the URL.
    return `${fauxqsUrl}${new URL(QueueUrl).pathname}`;
  };

  await createTables(dynamoDb);
  await s3.send(new CreateBucketCommand({ Bucket: "results" }));
  const queueUrl = await createQueue(queueNames("test", "canary").jobs);
  const eventsQueueUrl = await createQueue("events");
  const { TopicArn: eventsTopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "job-events" }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: eventsTopicArn,
      Protocol: "sqs",
      Endpoint: await queueArn(sqs, eventsQueueUrl),
      Attributes: { RawMessageDelivery: "true" },
    }),
  );

  const stop = async (): Promise<void> => {
    for (const client of [dynamoDb, sqs, longPollSqs, sns, s3]) client.destroy();
    for (const variable of Object.keys(endpoints)) delete process.env[variable];
    database.closeIdleConnections();
    // A request of a thread or process that has just ended may be under way; dynalite would find its store closed.
    for (const deadline = Date.now() + LAST_REQUESTS_MS; unanswered() > 0 && Date.now() < deadline; ) await turn();
    database.closeAllConnections();
    database.close();
    await Promise.all([fauxqs.close(), once(database, "close")]);
    overLimits.throwIfAny();
  };
  return {
    dynamoDb,
    sqs,
    longPollSqs,
    sns,
    s3,
    jobsTableName: TABLE_NAMES.jobs,
    jobTypesTableName: TABLE_NAMES.jobTypes,
    eventsTopicArn,
    eventsQueueUrl,
    resultsBucket: "results",
    queueUrl,
    createQueue,
    queueDepth: (url) => queueDepth(sqs, url),
    messagesIn: (url) => messagesIn(queueAt(url)),
    purge: (url) => queueAt(url)?.purge(),
    stop,
  };
}

/** How long the requests that are under way may take when the emulators stop, in milliseconds. */
const LAST_REQUESTS_MS = 2_000;

/** Counts the requests that a server has not answered, also those whose callers are gone. */
function countUnanswered(server: Server): () => number {
  let unanswered = 0;
  server.prependListener("request", (_, response) => {
    unanswered += 1;
    const end = response.end.bind(response) as (...parts: unknown[]) => typeof response;
    response.end = (...parts: unknown[]) => {
      unanswered -= 1;
      response.end = end;
      return end(...parts);
    };
  });
  return () => unanswered;
}

async function queueArn(sqs: SQSClient, QueueUrl: string): Promise<string> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  return Attributes?.QueueArn as string;
}

type EmulatedQueue = ReturnType<EmulatedSqsStore["getQueue"]>;

/** Finds queues, which nobody deletes. Worlds look into theirs at each step, and fauxqs takes a URL apart each time. */
function queuesByUrl(store: EmulatedSqsStore): (url: string) => EmulatedQueue {
  const known = new Map<string, EmulatedQueue>();
  return (url) => {
    const queue = known.get(url) ?? store.getQueue(url);
    known.set(url, queue);
    return queue;
  };
}

function messagesIn(queue: EmulatedQueue): QueuedMessage[] {
  const { ready = [], inflight = [], delayed = [] } = queue?.inspectMessages() ?? {};
  return [
    ...ready.map(({ body }) => ({ body, visibleAt: 0 })),
    ...inflight.map(({ message: { body }, receiptHandle, visibilityDeadline: visibleAt }) => ({
      body,
      receiptHandle,
      visibleAt,
    })),
    ...delayed.map(({ body, delayUntil = 0 }) => ({ body, visibleAt: delayUntil })),
  ];
}

async function queueDepth(sqs: SQSClient, QueueUrl: string) {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  return {
    visible: Number(Attributes.ApproximateNumberOfMessages),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed),
  };
}
