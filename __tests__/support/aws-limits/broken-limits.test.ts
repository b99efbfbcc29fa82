import { describe, expect, it } from "vitest";
import { brokenByCall, brokenLimits } from "./broken-limits.ts";
import type { ServiceName } from "./model.ts";

const QueueUrl = "http://127.0.0.1/000000000000/queue";
const TopicArn = "arn:aws:sns:us-east-1:000000000000:events";
const KIB = 1_024;
const entry = { Id: "a", MessageBody: "body" };
const publication = { Id: "a", Message: "message" };

type Call = readonly [service: ServiceName, operation: string, input: Readonly<Record<string, unknown>>];

function broken([service, operation, input]: Call): string[] {
  return brokenByCall({ service, operation, input });
}

const sends = (...Entries: readonly object[]): Call => ["sqs", "SendMessageBatch", { QueueUrl, Entries }];
const publishes = (...PublishBatchRequestEntries: readonly object[]): Call => [
  "sns",
  "PublishBatch",
  { TopicArn, PublishBatchRequestEntries },
];
const numbered = (count: number, of: object): object[] => Array.from({ length: count }, (_, at) => ({ ...of, Id: String(at) }));

describe("a call at its limits", () => {
  it.each<Call>([
    sends(...numbered(10, { ...entry, DelaySeconds: 900, MessageGroupId: "~".repeat(128) })),
    sends({ ...entry, MessageBody: "é".repeat(512 * KIB), DelaySeconds: 0 }),
    ["sqs", "ChangeMessageVisibility", { QueueUrl, ReceiptHandle: "r", VisibilityTimeout: 43_200 }],
    ["sqs", "ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20, MessageSystemAttributeNames: ["All"] }],
    ["sqs", "CreateQueue", { QueueName: "q".repeat(80), Attributes: { VisibilityTimeout: "43200" } }],
    publishes(...numbered(10, { ...publication, Message: "m".repeat(25 * KIB) })),
    ["sns", "Publish", { TopicArn, Message: "m", MessageAttributes: { type: { DataType: "String", StringValue: "canary" } } }],
    ["s3", "PutObject", { Bucket: "results", Key: "é".repeat(512) }],
    ["s3", "UploadPart", { Bucket: "results", Key: "k", PartNumber: 10_000, UploadId: "u" }],
    ["ecs", "DescribeServices", { cluster: "jobs", services: Array.from({ length: 10 }, (_, at) => `s${at}`) }],
    ["ecs", "UpdateService", { cluster: "jobs", service: "canary", desiredCount: 1 }],
  ])("is taken: %s %s", (...call) => {
    expect(broken(call)).toEqual([]);
  });
});

describe("a call past a limit", () => {
  it.each<readonly [limit: string, told: string, call: Call]>([
    ["a required member", "sqs SendMessage MessageBody: must be required", ["sqs", "SendMessage", { QueueUrl }]],
    ["a required member within a list", "Entries[1].Id: must be required", sends(entry, { MessageBody: "body" })],
    ["a type", "Entries[0].DelaySeconds: must be a whole number", sends({ ...entry, DelaySeconds: 1.5 })],
    ["a list", "Entries: must be a list", ["sqs", "SendMessageBatch", { QueueUrl, Entries: "a" }]],
    ["an enum", "AttributeNames[0]: must be one of", ["sqs", "GetQueueAttributes", { QueueUrl, AttributeNames: ["Depth"] }]],
    [
      "an enum of keys",
      "Attributes key Colour: must be one of",
      ["sqs", "CreateQueue", { QueueName: "q", Attributes: { Colour: "" } }],
    ],
    ["the fewest characters", "Key: must be at least 1 characters", ["s3", "GetObject", { Bucket: "results", Key: "" }]],
    ["entries of a batch", "Entries: must be 1 to 10 entries, not 11", sends(...numbered(11, entry))],
    ["an empty batch", "Entries: must be 1 to 10 entries, not 0", sends()],
    ["IDs of a batch that are one", "Entries: must be of elements that each have an Id", sends(entry, entry)],
    ["characters of a batch ID", "Entries[0].Id: must be 1 to 80 letters", sends({ ...entry, Id: "a.b" })],
    [
      "a message's size",
      "MessageBody: must be 1 to 1048576 bytes, not 1048578",
      sends({ ...entry, MessageBody: "é".repeat(524_289) }),
    ],
    ["an empty message", "MessageBody: must be 1 to 1048576 bytes, not 0", sends({ ...entry, MessageBody: "" })],
    ["a batch's size", "Entries: must be at most 1048576 bytes", sends(...numbered(2, { MessageBody: "b".repeat(600 * KIB) }))],
    ["a delay", "Entries[0].DelaySeconds: must be 0 to 900, not 901", sends({ ...entry, DelaySeconds: 901 })],
    ["a negative delay", "Entries[0].DelaySeconds: must be 0 to 900, not -1", sends({ ...entry, DelaySeconds: -1 })],
    ["characters of a group", "MessageGroupId: must be 1 to 128 ASCII", sends({ ...entry, MessageGroupId: "a b" })],
    ["the length of a group", "MessageGroupId: must be 1 to 128 ASCII", sends({ ...entry, MessageGroupId: "a".repeat(129) })],
    [
      "a visibility timeout",
      "VisibilityTimeout: must be 0 to 43200, not 43201",
      [
        "sqs",
        "ChangeMessageVisibilityBatch",
        { QueueUrl, Entries: [{ Id: "a", ReceiptHandle: "r", VisibilityTimeout: 43_201 }] },
      ],
    ],
    [
      "messages of a receive",
      "MaxNumberOfMessages: must be 1 to 10",
      ["sqs", "ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 11 }],
    ],
    ["the wait of a receive", "WaitTimeSeconds: must be 0 to 20", ["sqs", "ReceiveMessage", { QueueUrl, WaitTimeSeconds: 21 }]],
    ["the name of a queue", "QueueName: must be 1 to 80", ["sqs", "CreateQueue", { QueueName: "a queue" }]],
    [
      "an attribute of a queue",
      "Attributes.MessageRetentionPeriod: must be 60 to 1209600",
      ["sqs", "CreateQueue", { QueueName: "queue", Attributes: { MessageRetentionPeriod: "1209601" } }],
    ],
    ["an event's size", "Message: must be 1 to 262144 bytes", ["sns", "Publish", { TopicArn, Message: "m".repeat(262_145) }]],
    [
      "the size of a batch of events",
      "PublishBatchRequestEntries: must be at most 262144 bytes",
      publishes(...numbered(2, { Message: "m".repeat(200 * KIB) })),
    ],
    ["characters of an event", "Message: must be characters that XML", publishes({ ...publication, Message: "\u0000" })],
    ["half of a character", "Message: must be characters that XML", publishes({ ...publication, Message: "\ud800" })],
    [
      "attributes of an event",
      "MessageAttributes: must be 0 to 10 entries, not 11",
      [
        "sns",
        "Publish",
        {
          TopicArn,
          Message: "m",
          MessageAttributes: Object.fromEntries(
            numbered(11, {}).map((_, at) => [`a${at}`, { DataType: "String", StringValue: "v" }]),
          ),
        },
      ],
    ],
    [
      "the name of an attribute",
      'MessageAttributes key "a b": must be 1 to 256',
      publishes({ ...publication, MessageAttributes: { "a b": { DataType: "String", StringValue: "v" } } }),
    ],
    [
      "the type of an attribute",
      "MessageAttributes[type].DataType: must be String, String.Array, Number or Binary",
      publishes({ ...publication, MessageAttributes: { type: { DataType: "Text", StringValue: "v" } } }),
    ],
    [
      "an empty attribute",
      "MessageAttributes[type].StringValue: must be 1 to",
      publishes({ ...publication, MessageAttributes: { type: { DataType: "String", StringValue: "" } } }),
    ],
    ["a key's size", "Key: must be 1 to 1024 bytes, not 1026", ["s3", "PutObject", { Bucket: "results", Key: "é".repeat(513) }]],
    ["the name of a bucket", "Bucket: must be 3 to 63", ["s3", "CreateBucket", { Bucket: "Results" }]],
    [
      "the number of a part",
      "PartNumber: must be 1 to 10000",
      ["s3", "UploadPart", { Bucket: "results", Key: "k", PartNumber: 10_001, UploadId: "u" }],
    ],
    ["services of a call", "services: must be 1 to 10 entries", ["ecs", "DescribeServices", { services: [] }]],
    ["tasks of a service", "desiredCount: must be 0 to 5000", ["ecs", "UpdateService", { service: "canary", desiredCount: -1 }]],
    ["a call that the models do not have", "sqs Send: models.json does not have", ["sqs", "Send", {}]],
  ])("is refused: %s", (_, told, call) => {
    expect(broken(call).join("\n")).toContain(told);
  });
});

describe("a request", () => {
  it("of a JSON protocol is read from its target and body", () => {
    const headers = { "x-amz-target": "AmazonSQS.SendMessage" };
    const body = { QueueUrl, MessageBody: "body", DelaySeconds: 901 };
    const told = ["sqs SendMessage DelaySeconds: must be 0 to 900, not 901 (SQS Developer Guide, message quotas)"];
    expect(brokenLimits({ method: "POST", url: "/", headers, body })).toEqual(told);
    expect(brokenLimits({ method: "POST", url: "/", headers, body: Buffer.from(JSON.stringify(body)) })).toEqual(told);
  });

  it("of the Query protocol is read from its form", () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const attribute = "PublishBatchRequestEntries.member.2.MessageAttributes.entry.1";
    const body = {
      ...{ Action: "PublishBatch", Version: "2010-03-31", TopicArn },
      ...{ "PublishBatchRequestEntries.member.1.Id": "a", "PublishBatchRequestEntries.member.1.Message": "m" },
      ...{ "PublishBatchRequestEntries.member.2.Id": "b", "PublishBatchRequestEntries.member.2.Message": "m" },
      ...{ [`${attribute}.Name`]: "type", [`${attribute}.Value.DataType`]: "Text", [`${attribute}.Value.StringValue`]: "v" },
    };
    const told = [
      expect.stringContaining("sns PublishBatch PublishBatchRequestEntries[1].MessageAttributes[type].DataType: must be"),
    ];
    expect(brokenLimits({ method: "POST", url: "/", headers, body })).toEqual(told);
    const form = new URLSearchParams(body).toString();
    expect(brokenLimits({ method: "POST", url: "/", headers, body: Buffer.from(form) })).toEqual(told);
  });

  it.each([
    ["PUT", `/results/${"k".repeat(1_025)}?x-id=PutObject`, {}, "s3 PutObject Key: must be 1 to 1024 bytes, not 1025"],
    ["PUT", "/results/k?partNumber=0&uploadId=u", {}, "s3 UploadPart PartNumber: must be 1 to 10000, not 0"],
    ["PUT", "/results/k", { "x-amz-storage-class": "COLD" }, "s3 PutObject StorageClass: must be one of"],
    ["POST", "/results?delete", {}, "s3 POST /results?delete: models.json does not have this call"],
  ])("to S3 is read from its path, query and headers: %s", (method, url, headers, told) => {
    expect(brokenLimits({ method, url, headers, body: Buffer.of() })).toEqual([expect.stringContaining(told)]);
  });

  it("to EventBridge Scheduler is read from its path and body", () => {
    const schedule = {
      ScheduleExpression: "at(2026-12-24T18:00:00)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: "arn:aws:lambda:us-east-1:000000000000:function:schedule", RoleArn: "arn:aws:iam::000000000000:role/r" },
    };
    const told = (name: string, body: object, method = "POST") =>
      brokenLimits({ method, url: `/schedules/${name}`, headers: {}, body: Buffer.from(JSON.stringify(body)) });
    expect(told("n".repeat(64), schedule)).toEqual([]);
    expect(told("n".repeat(65), schedule)).toEqual([
      "scheduler CreateSchedule Name: must be at most 64 characters (service model)",
    ]);
    const tooMany = { ...schedule, Target: { ...schedule.Target, RetryPolicy: { MaximumRetryAttempts: 186 } } };
    expect(told("n", tooMany, "PUT")).toEqual([
      expect.stringContaining("UpdateSchedule Target.RetryPolicy.MaximumRetryAttempts"),
    ]);
    expect(brokenLimits({ method: "DELETE", url: "/schedules/n?groupName=g", headers: {}, body: Buffer.of() })).toEqual([]);
  });

  it("to DynamoDB is left to its engine", () => {
    const headers = { "x-amz-target": "DynamoDB_20120810.GetItem" };
    expect(brokenLimits({ method: "POST", url: "/", headers, body: {} })).toEqual([]);
  });
});
