import { describe, expect, it } from "vitest";
import { sqsRecord, succeeded } from "../../../local/aws/dead-letter-mapping.ts";

const messages = ["1", "2", "3"].map((MessageId) => ({ MessageId, ReceiptHandle: `handle-${MessageId}`, Body: "job" }));

describe("the dead-letter mapping", () => {
  it("deletes what the Lambda does not name as failed", () => {
    const done = succeeded(messages, { batchItemFailures: [{ itemIdentifier: "2" }] });
    expect(done.map(({ MessageId }) => MessageId)).toEqual(["1", "3"]);
  });

  it("deletes all when the Lambda names none", () => {
    expect(succeeded(messages, null)).toHaveLength(3);
    expect(succeeded(messages, { batchItemFailures: [] })).toHaveLength(3);
  });

  it("deletes none when the Lambda names a message that was not in the batch", () => {
    expect(succeeded(messages, { batchItemFailures: [{ itemIdentifier: "9" }] })).toEqual([]);
  });

  it("hands messages over as Lambda does", () => {
    const record = sqsRecord(
      {
        MessageId: "1",
        ReceiptHandle: "handle",
        Body: "job",
        MD5OfBody: "md5",
        Attributes: { ApproximateReceiveCount: "101", SentTimestamp: "1" },
        MessageAttributes: { why: { DataType: "String", StringValue: "test" } },
      },
      "arn:aws:sqs:us-east-1:000000000000:jobs-canary-dead-letters",
    );
    expect(record).toEqual({
      messageId: "1",
      receiptHandle: "handle",
      body: "job",
      md5OfBody: "md5",
      attributes: { ApproximateReceiveCount: "101", SentTimestamp: "1" },
      messageAttributes: { why: { dataType: "String", stringValue: "test" } },
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:jobs-canary-dead-letters",
      awsRegion: "us-east-1",
    });
  });
});
