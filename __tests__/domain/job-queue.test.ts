import { GetQueueAttributesCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sqsClient } from "../../domain/clients.ts";
import { JobQueue, type ReceivedMessage } from "../../domain/job-queue.ts";
import { changeAnswers, recordCalls } from "../support/client-middleware.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

let emulators: Emulators;
let queues = 0;

beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(async () => emulators.stop());

/** A queue of its own for each test. */
async function newQueue() {
  queues += 1;
  const queueUrl = await emulators.createQueue(`queue-${queues}`);
  return { queue: new JobQueue({ client: emulators.sqs, receiveClient: emulators.longPollSqs, queueUrl }), queueUrl };
}

async function depth(QueueUrl: string, which: "" | "NotVisible" | "Delayed"): Promise<number> {
  const name = `ApproximateNumberOfMessages${which}` as const;
  const { Attributes } = await emulators.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }));
  return Number(Attributes?.[name]);
}

async function receiveOne(queue: JobQueue): Promise<ReceivedMessage> {
  const [message] = await queue.receive(1, 5);
  return message!;
}

describe("sending", () => {
  it("puts the job's ID on the queue and nothing else", async () => {
    const { queue, queueUrl } = await newQueue();
    await queue.send({ jobId: "canary_01ARZ3NDEKTSV4RRFFQ69G5FAV" });
    const { Messages } = await emulators.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All"] }),
    );
    expect(Messages).toHaveLength(1);
    expect(Messages?.[0]).toMatchObject({ Body: "canary_01ARZ3NDEKTSV4RRFFQ69G5FAV" });
    expect(Messages?.[0]).not.toHaveProperty("MessageAttributes");
    expect(Messages?.[0]?.Attributes).not.toHaveProperty("MessageGroupId");
  });

  it("names the tenant as the message's group", async () => {
    const { queueUrl } = await newQueue();
    const client = sqsClient();
    const calls = recordCalls(client);
    const queue = new JobQueue({ client, queueUrl });
    await Promise.all([queue.send({ jobId: "job-1", groupId: "tenant-1" }), queue.send({ jobId: "job-2" })]);
    expect(calls.map(({ input }) => input.Entries)).toEqual([
      [
        { Id: "0", MessageBody: "job-1", MessageGroupId: "tenant-1" },
        { Id: "1", MessageBody: "job-2" },
      ],
    ]);
  });

  it("delays a job, which then comes", async () => {
    const { queue, queueUrl } = await newQueue();
    await queue.send({ jobId: "later", delaySeconds: 1 });
    expect(await queue.receive(10, 0)).toEqual([]);
    expect(await depth(queueUrl, "Delayed")).toBe(1);
    expect(await queue.receive(10, 5)).toMatchObject([{ body: "later" }]);
  });

  it("shares calls of ten between concurrent senders", async () => {
    const { queueUrl } = await newQueue();
    const client = sqsClient();
    const calls = recordCalls(client);
    const queue = new JobQueue({ client, queueUrl });
    await Promise.all(Array.from({ length: 25 }, (_, index) => queue.send({ jobId: `job-${index}` })));
    expect(calls.map(({ command, input }) => [command, (input.Entries as unknown[]).length])).toEqual([
      ["SendMessageBatchCommand", 10],
      ["SendMessageBatchCommand", 10],
      ["SendMessageBatchCommand", 5],
    ]);
    expect(await depth(queueUrl, "")).toBe(25);
  });

  it("fails for the entry that SQS refuses, and for no other of its batch", async () => {
    const { queue, queueUrl } = await newQueue();
    const sends = [{ jobId: "good" }, { jobId: "no message\u0000" }];
    const settled = await Promise.allSettled(sends.map((send) => queue.send(send)));
    expect(settled).toMatchObject([
      { status: "fulfilled" },
      { status: "rejected", reason: { name: "BatchEntryError", code: "InvalidMessageContents" } },
    ]);
    expect(await depth(queueUrl, "")).toBe(1);
  });
});

describe("receiving", () => {
  it("tells how often a message came", async () => {
    const { queue } = await newQueue();
    await queue.send({ jobId: "job" });
    const first = await receiveOne(queue);
    expect(first).toMatchObject({ body: "job", receiveCount: 1 });
    await queue.setVisibility(first.receiptHandle, 0);
    expect(await receiveOne(queue)).toMatchObject({ body: "job", receiveCount: 2 });
  });

  it.each([
    ["an hour", "from sending to receive, by SQS's clock", () => new Date(Date.now() + 3_600_000).toUTCString(), 3_600],
    ["new", "where SQS's clocks disagree", () => new Date(Date.now() - 60_000).toUTCString(), 0],
    ["new", "where SQS tells no time", () => undefined, 0],
    ["new", "where SQS tells nonsense", () => "soon", 0],
  ])("takes a message for %s old %s", async (_, __, date, seconds) => {
    const { queueUrl } = await newQueue();
    const client = sqsClient();
    changeAnswers(client, ({ headers }) => {
      headers.date = date();
    });
    const queue = new JobQueue({ client, queueUrl });
    await queue.send({ jobId: "job" });
    const { ageSeconds } = await receiveOne(queue);
    // The date has whole seconds, so an age may seem up to one less.
    expect(ageSeconds).toBeGreaterThanOrEqual(Math.max(0, seconds - 1));
    expect(ageSeconds).toBeLessThanOrEqual(seconds === 0 ? 0 : seconds + 10);
  });

  it("takes no more than it was asked for", async () => {
    const { queue } = await newQueue();
    await Promise.all(Array.from({ length: 12 }, (_, index) => queue.send({ jobId: `job-${index}` })));
    expect(await queue.receive(3, 0)).toHaveLength(3);
    expect(await queue.receive(10, 0)).toHaveLength(9);
  });

  it("waits for a message to come", async () => {
    const { queueUrl } = await newQueue();
    const queue = new JobQueue({ client: emulators.sqs, queueUrl, receiveClient: emulators.longPollSqs });
    const waiting = queue.receive(10, 20);
    await queue.send({ jobId: "job" });
    expect(await waiting).toMatchObject([{ body: "job" }]);
  });

  it("ends at once when it is aborted", async () => {
    const { queue } = await newQueue();
    const controller = new AbortController();
    const waiting = queue.receive(10, 20, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("a message in hand", () => {
  it("is seen by nobody else until its visibility ends", async () => {
    const { queue, queueUrl } = await newQueue();
    await queue.send({ jobId: "job" });
    const message = await receiveOne(queue);
    expect(await queue.receive(10, 0)).toEqual([]);
    expect(await depth(queueUrl, "NotVisible")).toBe(1);
    await queue.setVisibility(message.receiptHandle, 1);
    expect(await receiveOne(queue)).toMatchObject({ body: "job" });
  });

  it("may be held for any time: SQS gets whole seconds within its bounds", async () => {
    const { queueUrl } = await newQueue();
    const client = sqsClient();
    const queue = new JobQueue({ client, queueUrl });
    await Promise.all(Array.from({ length: 4 }, (_, index) => queue.send({ jobId: `job-${index}` })));
    const messages = await queue.receive(10, 5);
    const calls = recordCalls(client);
    const times = [-1, 0.2, 30, 1_000_000];
    await Promise.all(times.map((seconds, index) => queue.setVisibility(messages[index]!.receiptHandle, seconds)));
    const entries = calls.flatMap(({ input }) => input.Entries as { VisibilityTimeout: number }[]);
    expect(entries.map(({ VisibilityTimeout }) => VisibilityTimeout)).toEqual([0, 1, 30, 43_200]);
  });

  it("is gone once it was deleted", async () => {
    const { queue, queueUrl } = await newQueue();
    await Promise.all(Array.from({ length: 3 }, (_, index) => queue.send({ jobId: `job-${index}` })));
    const messages = await queue.receive(10, 5);
    await Promise.all(messages.map(({ receiptHandle }) => queue.delete(receiptHandle)));
    expect([await depth(queueUrl, ""), await depth(queueUrl, "NotVisible")]).toEqual([0, 0]);
  });

  it("stays on the queue when it is deleted by a handle from before its latest receive", async () => {
    const { queue } = await newQueue();
    await queue.send({ jobId: "job" });
    const stale = await receiveOne(queue);
    await queue.setVisibility(stale.receiptHandle, 0);
    const latest = await receiveOne(queue);
    await queue.delete(stale.receiptHandle);
    await queue.setVisibility(latest.receiptHandle, 0);
    expect(await receiveOne(queue)).toMatchObject({ body: "job", receiveCount: 3 });
  });

  it("cannot be held on by a handle that SQS no longer knows", async () => {
    const { queue } = await newQueue();
    await queue.send({ jobId: "job" });
    const { receiptHandle } = await receiveOne(queue);
    await queue.delete(receiptHandle);
    await expect(queue.setVisibility(receiptHandle, 30)).rejects.toMatchObject({ name: "BatchEntryError" });
  });
});
