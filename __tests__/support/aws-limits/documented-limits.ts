import { bytes, count, distinct, type LimitRule, range, text, wholeMessages } from "./limit-rules.ts";
import type { ServiceName } from "./model.ts";

/** A limit that AWS documents and its service model does not state. */
export interface DocumentedLimit {
  readonly service: ServiceName;
  /** The calls that have the member; all of the service where none is named. */
  readonly calls?: readonly string[];
  /** Such as `Entries[].DelaySeconds`, for those of all elements; "" for the whole input. */
  readonly member: string;
  readonly rule: LimitRule;
  readonly source: string;
}

const KIB = 1_024;
const SQS = "SQS Developer Guide, message quotas";
const SQS_API = "SQS API reference";
const SNS_API = "SNS API reference";
const SNS = "SNS Developer Guide, message attributes";
const S3 = "S3 User Guide";

const GROUP = text(/^[!-~]{1,128}$/, "1 to 128 ASCII letters, digits and punctuation characters");
const BATCH_ID = text(/^[\w-]{1,80}$/, "1 to 80 letters, digits, hyphens and underscores");
/** What XML 1.0 allows. */
const LEGAL = text(/^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u, "characters that XML 1.0 allows");
const ATTRIBUTE_NAME = text(
  /^(?!aws\.|amazon\.)(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i,
  "1 to 256 letters, digits, underscores, hyphens and single periods within",
);
const SNS_ATTRIBUTE_TYPE = text(/^(?:String|String\.Array|Number|Binary)$/, "String, String.Array, Number or Binary");

/** Both forms of a call on messages: the single one, and the batch whose list has that name. */
function eachMessage(single: string, list: string, member: string, rule: LimitRule, source: string): DocumentedLimit[] {
  const service = single === "Publish" ? "sns" : "sqs";
  return [
    { service, calls: [single], member, rule, source },
    { service, calls: [`${single}Batch`], member: `${list}[].${member}`, rule, source },
  ];
}

function batch(service: ServiceName, call: string, list: string, source: string): DocumentedLimit[] {
  return [
    { service, calls: [call], member: list, rule: count(1, 10), source },
    { service, calls: [call], member: list, rule: distinct("Id"), source },
    { service, calls: [call], member: `${list}[].Id`, rule: BATCH_ID, source },
  ];
}

const QUEUE_ATTRIBUTES = {
  DelaySeconds: range(0, 900),
  MaximumMessageSize: range(KIB, KIB * KIB),
  MessageRetentionPeriod: range(60, 1_209_600),
  ReceiveMessageWaitTimeSeconds: range(0, 20),
  VisibilityTimeout: range(0, 43_200),
} as const;

export const DOCUMENTED_LIMITS: readonly DocumentedLimit[] = [
  ...["SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch"].flatMap((call) =>
    batch("sqs", call, "Entries", SQS),
  ),
  ...eachMessage("SendMessage", "Entries", "MessageBody", bytes(1, KIB * KIB), SQS),
  { service: "sqs", calls: ["SendMessage"], member: "", rule: wholeMessages("MessageBody", KIB * KIB), source: SQS },
  { service: "sqs", calls: ["SendMessageBatch"], member: "Entries", rule: wholeMessages("MessageBody", KIB * KIB), source: SQS },
  ...eachMessage("SendMessage", "Entries", "DelaySeconds", range(0, 900), SQS),
  ...eachMessage("SendMessage", "Entries", "MessageGroupId", GROUP, SQS_API),
  ...eachMessage("SendMessage", "Entries", "MessageAttributes", count(0, 10), SQS),
  ...eachMessage("SendMessage", "Entries", "MessageAttributes{}", ATTRIBUTE_NAME, SQS),
  ...eachMessage("ChangeMessageVisibility", "Entries", "VisibilityTimeout", range(0, 43_200), SQS),
  { service: "sqs", calls: ["ReceiveMessage"], member: "VisibilityTimeout", rule: range(0, 43_200), source: SQS },
  { service: "sqs", calls: ["ReceiveMessage"], member: "MaxNumberOfMessages", rule: range(1, 10), source: SQS_API },
  { service: "sqs", calls: ["ReceiveMessage"], member: "WaitTimeSeconds", rule: range(0, 20), source: SQS_API },
  {
    service: "sqs",
    calls: ["CreateQueue"],
    member: "QueueName",
    rule: text(/^(?=.{1,80}$)[\w-]+(?:\.fifo)?$/, "1 to 80 letters, digits, hyphens and underscores"),
    source: SQS_API,
  },
  ...Object.entries(QUEUE_ATTRIBUTES).map(
    ([name, rule]): DocumentedLimit => ({
      service: "sqs",
      calls: ["CreateQueue", "SetQueueAttributes"],
      member: `Attributes.${name}`,
      rule,
      source: SQS_API,
    }),
  ),

  ...batch("sns", "PublishBatch", "PublishBatchRequestEntries", SNS_API),
  ...eachMessage("Publish", "PublishBatchRequestEntries", "Message", bytes(1, 256 * KIB), SNS_API),
  // SNS hands messages to SQS; fauxqs refuses such a body of a message to SQS itself.
  ...eachMessage("Publish", "PublishBatchRequestEntries", "Message", LEGAL, `${SQS_API}, SendMessage`),
  { service: "sns", calls: ["Publish"], member: "", rule: wholeMessages("Message", 256 * KIB), source: SNS_API },
  {
    service: "sns",
    calls: ["PublishBatch"],
    member: "PublishBatchRequestEntries",
    rule: wholeMessages("Message", 256 * KIB),
    source: SNS_API,
  },
  ...eachMessage("Publish", "PublishBatchRequestEntries", "MessageGroupId", GROUP, SNS_API),
  // SNS itself has no such limit: the queue of a raw subscription discards a message with more.
  ...eachMessage("Publish", "PublishBatchRequestEntries", "MessageAttributes", count(0, 10), SNS),
  ...eachMessage("Publish", "PublishBatchRequestEntries", "MessageAttributes{}", ATTRIBUTE_NAME, SNS),
  ...eachMessage("Publish", "PublishBatchRequestEntries", "MessageAttributes[].DataType", SNS_ATTRIBUTE_TYPE, SNS),
  ...eachMessage("Publish", "PublishBatchRequestEntries", "MessageAttributes[].StringValue", bytes(1, 256 * KIB), SNS),
  {
    service: "sns",
    calls: ["CreateTopic"],
    member: "Name",
    rule: text(/^(?=.{1,256}$)[\w-]+(?:\.fifo)?$/, "1 to 256 letters, digits, hyphens and underscores"),
    source: SNS_API,
  },

  { service: "s3", member: "Key", rule: bytes(1, KIB), source: `${S3}, naming objects` },
  {
    service: "s3",
    member: "Bucket",
    rule: text(
      /^(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z\d][a-z\d.-]{1,61}[a-z\d]$/,
      "3 to 63 lower-case letters, digits, periods and hyphens, no IP address",
    ),
    source: `${S3}, bucket naming rules`,
  },
  {
    service: "s3",
    calls: ["UploadPart"],
    member: "PartNumber",
    rule: range(1, 10_000),
    source: `${S3}, multipart upload limits`,
  },
  {
    service: "s3",
    calls: ["PutObject", "UploadPart"],
    member: "ContentLength",
    rule: range(0, 5 * KIB ** 3),
    source: `${S3}, multipart upload limits`,
  },

  { service: "ecs", calls: ["DescribeServices"], member: "services", rule: count(1, 10), source: "ECS API reference" },
  { service: "ecs", calls: ["UpdateService"], member: "desiredCount", rule: range(0, 5_000), source: "ECS service quotas" },
];
