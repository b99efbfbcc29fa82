import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, ListSubscriptionsCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startEmulators } from "../../../local/aws/emulator-process.ts";
import { type EmulatedServices, emulatedServices } from "../local-platform.ts";

let services: EmulatedServices;
let sqs: SQSClient;
let s3: S3Client;

/** A client as anybody has it, whose requests are counted. */
const access = (endpoint: string) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

beforeAll(async () => {
  services = await emulatedServices();
  sqs = new SQSClient(access(services.endpoints.sqs));
  s3 = new S3Client(access(services.endpoints.s3));
  await s3.send(new CreateBucketCommand({ Bucket: "bucket" }));
});

beforeEach(async () => {
  await services.emulators.resetRequestCounts();
});

afterAll(async () => {
  await services.stop();
});

async function createQueue(name: string): Promise<string> {
  return (await services.clients.sqs.send(new CreateQueueCommand({ QueueName: name }))).QueueUrl ?? "";
}

async function depth(client: SQSClient, queueUrl: string) {
  const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"] as const;
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] }));
  return names.map((name) => Number(Attributes?.[name]));
}

describe("the emulators", () => {
  it("count requests by service and operation, without those of the platform itself", async () => {
    const queueUrl = await createQueue("counted");
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "1" }));
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "2" }));
    await new SNSClient(access(services.endpoints.sns)).send(new CreateTopicCommand({ Name: "topic" }));
    await new DynamoDBClient(access(services.endpoints.dynamodb)).send(new ListTablesCommand());
    await s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: "text" }));
    expect(await services.emulators.requestCounts()).toEqual({
      "dynamodb.ListTables": 1,
      "s3.PUT": 1,
      "sns.CreateTopic": 1,
      "sqs.SendMessage": 2,
    });
    await services.emulators.resetRequestCounts();
    expect(await services.emulators.requestCounts()).toEqual({});
  });

  it("name queues by the address at which they are reached", async () => {
    expect(await createQueue("named")).toBe(`${services.endpoints.sqs}/000000000000/named`);
  });

  it("do not hide a message with a receiver that hung up", async () => {
    const queueUrl = await createQueue("abandoned");
    const hangUp = new AbortController();
    const receive = sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: hangUp.signal,
    });
    await vi.waitFor(async () => expect(await services.emulators.requestCounts()).toEqual({ "sqs.ReceiveMessage": 1 }), 45_000);
    hangUp.abort();
    await expect(receive).rejects.toMatchObject({ name: "AbortError" });
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "job" }));
    await vi.waitFor(async () => expect(await depth(sqs, queueUrl)).toEqual([1, 0]), 45_000);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    expect(Messages).toMatchObject([{ Body: "job" }]);
  });

  it("end a delay in a queue's metrics though nobody receives", async () => {
    const queueUrl = await createQueue("delayed");
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "job", DelaySeconds: 1 }));
    expect(await depth(sqs, queueUrl)).toEqual([0, 1]);
    await vi.waitFor(async () => expect(await depth(sqs, queueUrl)).toEqual([1, 0]), 45_000);
  });

  it.each([
    ["http", "http://127.0.0.1:9/events"],
    ["https", "https://example.com/events"],
    ["email", "ada@example.com"],
    ["lambda", "arn:aws:lambda:us-east-1:000000000000:function:events"],
  ])("refuse a subscription that would never be delivered to: %s", async (Protocol, Endpoint) => {
    const sns = new SNSClient(access(services.endpoints.sns));
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "followed" }));
    await expect(sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }))).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringMatching(/Protocol Reason: .*delivers to SQS queues only.*use the protocol sqs/),
    });
    expect((await sns.send(new ListSubscriptionsCommand())).Subscriptions ?? []).toEqual([]);
  });

  it("hold objects as large as results may be", async () => {
    await s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "large", Body: Buffer.alloc(64 * 1_048_576) }));
    const { ContentLength, Body } = await s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "large" }));
    expect(ContentLength).toBe(64 * 1_048_576);
    Body?.transformToWebStream().cancel();
  });

  it("hold objects larger than their memory should, and give parts of them", async () => {
    const bytes = 9 * 1_048_576;
    const Body = Buffer.alloc(bytes, "0123456789");
    const at = { Bucket: "bucket", Key: "in a file" };
    const { ETag } = await s3.send(new PutObjectCommand({ ...at, Body, ContentType: "text/plain" }));
    expect(await s3.send(new HeadObjectCommand(at))).toMatchObject({ ContentLength: bytes, ContentType: "text/plain", ETag });
    const part = await s3.send(new GetObjectCommand({ ...at, Range: "bytes=1048577-1048580", IfMatch: ETag }));
    expect([part.ContentRange, await part.Body?.transformToString()]).toEqual([`bytes 1048577-1048580/${bytes}`, "7890"]);
    await expect(s3.send(new GetObjectCommand({ ...at, IfMatch: '"other"' }))).rejects.toMatchObject({
      name: "PreconditionFailed",
    });
    await expect(s3.send(new GetObjectCommand({ ...at, Range: `bytes=${bytes}-` }))).rejects.toMatchObject({
      name: "InvalidRange",
    });
    const { CopyObjectResult } = await s3.send(
      new CopyObjectCommand({ Bucket: "bucket", Key: "copy", CopySource: "bucket/in%20a%20file" }),
    );
    expect(CopyObjectResult?.ETag).toBe(ETag);
    const whole = await s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "copy" }));
    expect(Buffer.from((await whole.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true);
  });

  it.each([3, 9 * 1_048_576])("copy an object of %i bytes only as it was, where that is asked for", async (bytes) => {
    const at = { Bucket: "bucket", Key: `copied ${bytes}` };
    const { ETag } = await s3.send(new PutObjectCommand({ ...at, Body: Buffer.alloc(bytes, "a") }));
    const copy = (CopySourceIfMatch?: string) =>
      s3.send(new CopyObjectCommand({ ...at, Key: "to", CopySource: `bucket/copied%20${bytes}`, CopySourceIfMatch }));
    expect((await copy(ETag)).CopyObjectResult?.ETag).toBe(ETag);
    await expect(copy('"other"')).rejects.toMatchObject({ name: "PreconditionFailed" });
  });

  it.each([3, 9 * 1_048_576])("write an object of %i bytes once, where that is asked for", async (bytes) => {
    const once = { Bucket: "bucket", Key: `once ${bytes}`, IfNoneMatch: "*" };
    await s3.send(new PutObjectCommand({ ...once, Body: Buffer.alloc(bytes, "a") }));
    await expect(s3.send(new PutObjectCommand({ ...once, Body: Buffer.alloc(bytes, "b") }))).rejects.toMatchObject({
      name: "PreconditionFailed",
    });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "bucket", Key: once.Key, Range: "bytes=0-0" }));
    expect(await Body?.transformToString()).toBe("a");
  });

  it("start only what is asked for, and end when they are stopped", async () => {
    const emulators = await startEmulators({ services: ["dynamodb"] });
    expect(Object.keys(emulators.endpoints)).toEqual(["dynamodb"]);
    await emulators.stop();
    expect(await emulators.ended).toBe("the process of the AWS emulators ended with exit code 0");
    await expect(emulators.requestCounts()).rejects.toThrow("the process of the AWS emulators ended");
  });
});
