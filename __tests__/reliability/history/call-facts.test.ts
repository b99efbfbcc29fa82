import { randomUUID } from "node:crypto";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JobEvents } from "../../../domain/job-events.ts";
import { JobQueue } from "../../../domain/job-queue.ts";
import { JobStore } from "../../../domain/job-store.ts";
import { ADDED_AT, buildJob } from "../../support/build-job.ts";
import { changeNextOutput, loseNextAnswer } from "../../support/client-middleware.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { publicEvent } from "../../support/public-job.ts";
import { InProcessTransport } from "../world/in-process-transport.ts";
import type { AwsCall } from "./aws-call.ts";
import { CallFacts } from "./call-facts.ts";
import type { Fact } from "./fact.ts";

let emulators: Emulators;
let calls: AwsCall[] = [];
let world: ReturnType<typeof recordedWorld>;

function recordedWorld() {
  const { dynamoDb, sqs, sns, jobsTableName, queueUrl, eventsTopicArn } = emulators;
  return {
    store: new JobStore(dynamoDb, jobsTableName),
    queue: new JobQueue({ client: sqs, queueUrl }),
    events: new JobEvents(sns, eventsTopicArn),
  };
}

beforeAll(async () => {
  const transport = new InProcessTransport();
  emulators = await startEmulators();
  transport.stopListening();
  transport.heard = (call) => calls.push(call);
  transport.carry("worker-1", emulators.dynamoDb, emulators.sqs, emulators.sns);
  world = recordedWorld();
});

afterAll(async () => {
  await emulators.stop();
});

/** The facts of what `act` does. */
async function factsFrom(act: () => Promise<unknown>): Promise<Fact[]> {
  calls = [];
  await act();
  const facts = new CallFacts({ jobsTableName: emulators.jobsTableName, eventQueues: ["events"] });
  return calls.flatMap((call) => facts.of(call));
}

const lease = { leaseOwner: "w", leaseExpiresAt: ADDED_AT + 30_000 };

describe("facts of recorded calls", () => {
  it("tell of a job's creation and its transitions, but of no refused write", async () => {
    const job = buildJob({ tags: { constructor: "yes" }, input: '{"list":[1,"two",null,{"deep":true}]}' });
    const claim = { now: ADDED_AT, writeId: randomUUID(), ...lease };
    const facts = await factsFrom(async () => {
      await world.store.create(job, ADDED_AT);
      await world.store.create(job, ADDED_AT);
      await world.store.transition(job, "claim", claim);
      await world.store.transition(job, "claim", { ...claim, writeId: randomUUID() });
      await world.store.get(job.id);
    });
    const stored = await world.store.get(job.id);
    expect(stored).toMatchObject({ status: "RUNNING", version: 2 });
    expect(facts).toEqual([
      { kind: "committed", by: "worker-1", job },
      { kind: "committed", by: "worker-1", job: stored },
    ]);
  });

  it("tell of a lease that was extended, and nothing of progress", async () => {
    const job = buildJob({ status: "RUNNING" });
    const facts = await factsFrom(async () => {
      await world.store.create(job, ADDED_AT);
      await world.store.extendLease(job, ADDED_AT + 60_000, ADDED_AT);
      await world.store.extendLease({ ...job, attempt: 2 }, ADDED_AT + 90_000, ADDED_AT);
      await world.store.recordProgress(job, { fraction: 0.5 });
    });
    expect(facts.slice(1)).toEqual([
      { kind: "leaseExtended", by: "worker-1", jobId: job.id, attempt: 1, leaseExpiresAt: ADDED_AT + 60_000 },
    ]);
  });

  it("follow a message from its sending to its deletion", async () => {
    const [first, second] = [buildJob().id, buildJob().id];
    const facts = await factsFrom(async () => {
      await Promise.all([world.queue.send({ jobId: first }), world.queue.send({ jobId: second })]);
      const received = [...(await world.queue.receive(10, 1)), ...(await world.queue.receive(10, 0))];
      const handles = received.map(({ receiptHandle }) => receiptHandle);
      await world.queue.setVisibility(String(handles[0]), 30);
      await Promise.all(handles.map((handle) => world.queue.delete(handle)));
      await world.queue.delete("unknown");
    });
    for (const jobId of [first, second]) {
      const life = facts.filter((fact) => "jobId" in fact && fact.jobId === jobId);
      expect(life.map(({ kind }) => kind)).toEqual(["sent", "received", "deleted"]);
      expect(new Set(life.map((fact) => "messageId" in fact && fact.messageId)).size).toBe(1);
      expect(life).toContainEqual(
        expect.objectContaining({ queue: "test-canary-jobs", by: "worker-1", ageSeconds: expect.any(Number) }),
      );
    }
    expect(facts).toHaveLength(6);
  });

  it("tell of events, one by one, and of their delivery", async () => {
    const jobs = [buildJob({ tags: { title: "a < b & c" } }), buildJob(), buildJob({ status: "FAILED" })];
    const published = jobs.map((job) => publicEvent(job));
    const facts = await factsFrom(async () => {
      await Promise.all(jobs.map((job) => world.events.publish(job)));
      await emulators.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: emulators.eventsQueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
    });
    expect(facts.filter(({ kind }) => kind === "published")).toEqual(
      published.map((event) => ({ kind: "published", by: "worker-1", event })),
    );
    const delivered = facts.flatMap((fact) => (fact.kind === "delivered" ? [fact.event] : []));
    expect(delivered).toEqual(expect.arrayContaining(published));
  });

  it("tell of a write that took effect although its answer was lost, and once only", async () => {
    const job = buildJob();
    loseNextAnswer(emulators.dynamoDb);
    const facts = await factsFrom(async () => {
      expect(await world.store.create(job, ADDED_AT)).toMatchObject({ applied: true });
    });
    expect(facts).toEqual([{ kind: "committed", by: "worker-1", job }]);
    expect(calls.map(({ command }) => command).slice(0, 2)).toEqual(["PutItem", "PutItem"]);
  });

  it("do not depend on what other middleware makes of an answer", async () => {
    const { id } = buildJob();
    changeNextOutput(emulators.sqs, (output) => Object.assign(output, { Successful: [], Failed: [] }));
    expect(await factsFrom(() => world.queue.send({ jobId: id }))).toHaveLength(1);
  });
});

describe("facts of calls that went wrong", () => {
  const facts = new CallFacts({ jobsTableName: "jobs" });
  const call = (command: string, input: object, outcome: AwsCall["outcome"]): Fact[] =>
    facts.of({ by: "w", command, input: { ...input }, outcome });
  const halfFailed = { output: { Successful: [{ Id: "1", MessageId: "m-1" }], Failed: [{ Id: "0", Code: "InternalError" }] } };

  it("leave out the entries of a batch that failed", () => {
    const messages = ["a", "b"].map((id) => JSON.stringify({ id }));
    const publishes = messages.map((Message, index) => ({ Id: String(index), Message }));
    expect(call("PublishBatch", { PublishBatchRequestEntries: publishes }, halfFailed)).toEqual([
      { kind: "published", by: "w", event: { id: "b" } },
    ]);
    const queue = { QueueUrl: "http://127.0.0.1/0/jobs" };
    const sends = ["a", "b"].map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    expect(call("SendMessageBatch", { ...queue, Entries: sends }, halfFailed)).toEqual([
      { kind: "sent", by: "w", queue: "jobs", messageId: "m-1", jobId: "b" },
    ]);
    const Messages = ["a", "b"].map((Body) => ({ Body, MessageId: `m-${Body}`, ReceiptHandle: `handle-${Body}` }));
    call("ReceiveMessage", queue, { output: { Messages } });
    const deletes = ["a", "b"].map((body, index) => ({ Id: String(index), ReceiptHandle: `handle-${body}` }));
    expect(call("DeleteMessageBatch", { ...queue, Entries: deletes }, halfFailed)).toEqual([
      { kind: "deleted", by: "w", queue: "jobs", messageId: "m-b", jobId: "b" },
    ]);
  });

  it("say that a write may have made a version where no answer came, and nothing where the table refused", () => {
    const update = { TableName: "jobs", Key: { id: "a" }, ReturnValues: "ALL_NEW" };
    expect(call("UpdateItem", update, { error: "TimeoutError", refused: false })).toEqual([
      { kind: "unanswered", by: "w", jobId: "a" },
    ]);
    expect(call("UpdateItem", update, { error: "ConditionalCheckFailedException", refused: true })).toEqual([]);
    expect(call("UpdateItem", { ...update, ReturnValues: undefined }, { error: "TimeoutError", refused: false })).toEqual([]);
    expect(call("PutItem", { TableName: "other", Item: { id: "a" } }, { error: "TimeoutError", refused: false })).toEqual([]);
  });
});
