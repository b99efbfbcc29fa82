import { PutObjectCommand } from "@aws-sdk/client-s3";
import { PublishCommand } from "@aws-sdk/client-sns";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { startEmulators } from "../emulators.ts";

it("a call that AWS would refuse fails, and then whoever stops the emulators", async () => {
  const { sqs, sns, s3, queueUrl: QueueUrl, eventsTopicArn: TopicArn, resultsBucket: Bucket, stop } = await startEmulators();
  const refused = async (call: Promise<unknown>, told: string): Promise<void> =>
    await expect(call).rejects.toMatchObject({ name: "OverAwsLimits", message: expect.stringContaining(told) });
  await refused(
    sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "m", DelaySeconds: 901 })),
    "sqs SendMessage DelaySeconds",
  );
  await refused(sns.send(new PublishCommand({ TopicArn, Message: "m".repeat(262_145) })), "sns Publish Message");
  await refused(s3.send(new PutObjectCommand({ Bucket, Key: "k".repeat(1_025), Body: "{}" })), "s3 PutObject Key");
  await expect(stop()).rejects.toThrow(/sqs SendMessage DelaySeconds: must be 0 to 900, not 901/);
});
