import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { consumeQueue } from "../../../local/aws/queue-consumer.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { eventually } from "../../support/worker-eventually.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(async () => emulators.stop());

it("deletes the messages that are dealt with, and has the others, and all of a batch that failed, come again", async () => {
  const queueUrl = await emulators.createQueue("consumed", { VisibilityTimeout: "0" });
  const seen: string[] = [];
  const errors: string[] = [];
  const consumer = consumeQueue(
    { ...emulators, queueUrl },
    {
      handle: async (messages) => {
        seen.push(...messages.map(({ Body = "" }) => Body));
        if (seen.length === 1) throw new Error("not now");
        return messages.filter(({ Body = "" }) => seen.filter((body) => body === Body).length > 2);
      },
      onError: ({ message }) => errors.push(message),
    },
  );
  try {
    await emulators.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "job" }));
    await eventually(async () => {
      expect(seen).toEqual(["job", "job", "job"]);
      expect(await emulators.queueDepth(queueUrl)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    });
    expect(errors).toEqual(["not now"]);
  } finally {
    await consumer.stop();
  }
});
