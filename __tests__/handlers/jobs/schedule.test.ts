import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { jobIdForKey, newJobId } from "../../../domain/job-id.ts";
import { listJobs } from "../../../domain/job-list.ts";
import { SCHEDULED_TIME } from "../../../domain/schedule-event.ts";
import { jobQueues } from "../../../handlers/jobs/job-queues.ts";
import type { RunScheduleDependencies } from "../../../handlers/jobs/run-schedule.ts";
import { handleSchedule } from "../../../handlers/jobs/schedule-events.ts";
import { buildJob } from "../../support/build-job.ts";
import { buildRegistryEntry } from "../../support/build-registry-entry.ts";
import { type ApiUnderTest, startApi } from "../api-under-test.ts";
import { publishedEvents, purgeQueues, receiveMessages } from "../queues.ts";

const NOW = Date.parse("2026-12-01T02:00:20Z");
const OWNER = "schedule:canary/nightly";
const NIGHTLY = {
  jobType: "canary",
  schedule: "nightly",
  scheduledTime: "2026-12-01T02:00:00Z",
  input: { op: "echo", value: "night" },
  skipWhileRunning: false,
};

let api: ApiUnderTest;
let woken: string[];

beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  woken = [];
  await purgeQueues(api);
});
afterAll(async () => {
  await api.stop();
});

const run = async (event: unknown, parts: Partial<RunScheduleDependencies> = {}) => {
  const { dynamoDb, jobsTableName, store, registry, events, telemetry } = api;
  const wake = async ({ name }: { readonly name: string }) => {
    woken.push(name);
  };
  return await handleSchedule(event, {
    store,
    registry,
    events,
    telemetry,
    wake,
    queue: jobQueues(api.sqs),
    list: async (query) => await listJobs(dynamoDb, jobsTableName, store, query),
    now: () => NOW,
    newWriteId: () => crypto.randomUUID(),
    ...parts,
  });
};
const messages = () => receiveMessages(api.sqs, api.queueUrl);
const idAt = (scheduledTime: string) => jobIdForKey("canary", OWNER, new Date(scheduledTime).toISOString());

describe("a job that is due", () => {
  const jobId = newJobId("canary", NOW);

  it("has its message sent and its service woken, without a look at the job", async () => {
    const failing = {
      get: async () => Promise.reject(new Error("no table")),
      create: async () => Promise.reject(new Error("no table")),
    };
    await run({ jobId, runAt: "2026-12-01T02:00:00.000Z", groupId: "tenant" }, { store: failing });
    expect(await messages()).toEqual([jobId]);
    expect(woken).toEqual(["canary"]);
  });

  it.each([
    ["the scheduler is early", "2026-12-01T02:00:30.001Z", { jobId, delaySeconds: 11 }],
    ["it is due", "2026-12-01T02:00:20.000Z", { jobId }],
    ["the scheduler's clock is far ahead", "2026-12-02T02:00:20.000Z", { jobId, delaySeconds: 900 }],
  ])("waits as a message where %s", async (_, runAt, message) => {
    const sent: unknown[] = [];
    await run({ jobId, runAt }, { queue: () => ({ send: async (one) => void sent.push(one) }) });
    expect(sent).toEqual([message]);
  });

  it("fails, so that it is tried again, where its type is not registered", async () => {
    await expect(run({ jobId: newJobId("gone", NOW), runAt: "2026-12-01T02:00:00.000Z" })).rejects.toThrow(
      "gone is not registered",
    );
  });
});

describe("a schedule", () => {
  it("adds a job, as a caller does, under its own name", async () => {
    await run(NIGHTLY);
    const id = idAt(NIGHTLY.scheduledTime);
    expect(await messages()).toEqual([id]);
    expect(woken).toEqual(["canary"]);
    expect(await publishedEvents(api)).toMatchObject([{ id, owner: OWNER, groupId: OWNER, input: NIGHTLY.input, version: 1 }]);
  });

  it("adds one job for one time, however often it comes", async () => {
    const event = { ...NIGHTLY, scheduledTime: "2026-12-02T02:00:00Z" };
    await run(event);
    await run({ ...event, scheduledTime: "2026-12-02T02:00:00.000Z" });
    expect((await publishedEvents(api)).map(({ id, version }) => [id, version])).toEqual([
      [idAt(event.scheduledTime), 1],
      [idAt(event.scheduledTime), 1],
    ]);
    expect(await messages()).toHaveLength(1);
  });

  it("keeps the job of a time when it was changed before the event came again", async () => {
    const event = { ...NIGHTLY, scheduledTime: "2026-12-03T02:00:00Z" };
    await run(event);
    await run({ ...event, input: { op: "echo", value: "another" } });
    expect(await api.store.get(idAt(event.scheduledTime))).toMatchObject({ input: JSON.stringify(NIGHTLY.input) });
  });

  it("adds nothing while its last job has not ended, if that is asked for", async () => {
    const schedule = { ...NIGHTLY, schedule: "careful", skipWhileRunning: true };
    const idOf = (time: string) => jobIdForKey("canary", "schedule:canary/careful", new Date(time).toISOString());
    const at = async (time: string) => {
      await run({ ...schedule, scheduledTime: time }, { now: () => Date.parse(time) });
      return await api.store.get(idOf(time));
    };
    const first = await at("2026-12-04T02:00:00Z");
    expect(first).toMatchObject({ status: "QUEUED" });
    expect(await at("2026-12-05T02:00:00Z")).toBeUndefined();
    // Its own event, once more.
    expect(await at("2026-12-04T02:00:00Z")).toMatchObject({ id: first?.id });
    await api.call("cancelJob", { id: first?.id ?? "" });
    expect(await at("2026-12-06T02:00:00Z")).toMatchObject({ status: "QUEUED" });
  });

  it("is not held up by a job that the workers of another type have written its owner into", async () => {
    const schedule = "foreign";
    const id = newJobId("document", NOW);
    const owner = `schedule:canary/${schedule}`;
    const foreign = {
      ...buildJob({ id, type: "document", status: "QUEUED" }),
      owner,
      createdAtId: `9999-01-01T00:00:00.000Z#${id}`,
    };
    await api.dynamoDb.send(new PutCommand({ TableName: api.jobsTableName, Item: foreign }));
    await run({ ...NIGHTLY, schedule, skipWhileRunning: true });
    expect(await messages()).toEqual([jobIdForKey("canary", owner, new Date(NIGHTLY.scheduledTime).toISOString())]);
  });

  it("adds nothing to a type that takes no more jobs, and is done", async () => {
    await api.registry.register(buildRegistryEntry("old", { queueUrl: api.queueUrl, retired: true }));
    await run({ ...NIGHTLY, jobType: "old" });
    expect(await messages()).toEqual([]);
  });

  it.each([
    ["no object", "nightly"],
    ["a time that was not put in", { ...NIGHTLY, scheduledTime: SCHEDULED_TIME }],
    ["no job ID", { jobId: "../canary", runAt: "2026-12-01T02:00:00.000Z" }],
    ["a job without its time", { jobId: newJobId("canary", NOW) }],
  ])("is refused where its event is %s", async (_, event) => {
    await expect(run(event)).rejects.toThrow("is nothing that a schedule of this system says");
  });
});

describe("the queue of what failed", () => {
  const record = (messageId: string, body: unknown): SQSRecord => ({ messageId, body: JSON.stringify(body) }) as SQSRecord;

  it("has its events dealt with, in whatever form they were kept, and keeps those that fail again", async () => {
    const jobs = [1, 2, 3].map((n) => ({ jobId: newJobId("canary", NOW + n), runAt: "2026-12-01T02:00:00.000Z" }));
    const event: SQSEvent = {
      Records: [
        record("by Lambda", jobs[0]),
        record("by the scheduler", { FunctionName: "schedule", InvocationType: "Event", Payload: JSON.stringify(jobs[1]) }),
        record("by the scheduler, as an object", { Payload: jobs[2] }),
        record("wrong", { Payload: "[]" }),
        { messageId: "no JSON", body: "{" } as SQSRecord,
      ],
    };
    expect(await run(event)).toEqual({ batchItemFailures: [{ itemIdentifier: "wrong" }, { itemIdentifier: "no JSON" }] });
    expect((await messages()).sort()).toEqual(jobs.map(({ jobId }) => jobId).sort());
  });
});
