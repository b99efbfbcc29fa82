import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it, vi } from "vitest";
import { isTerminal } from "../../domain/job.ts";
import type { ReceivedMessage } from "../../domain/job-queue.ts";
import { JOB_LIFETIME_DAYS } from "../../domain/limits.ts";
import type { JobWorkerDependencies } from "../../worker/job-worker.ts";
import { buildJob } from "../support/build-job.ts";
import { eventually } from "../support/worker-eventually.ts";
import { workerSuite } from "../support/worker-suite.ts";

const { emulators, start } = workerSuite();

const NO_ULID = "01J0000000000000000000GH0S";

type ChangeMessage = (message: ReceivedMessage) => Partial<ReceivedMessage>;

/** Every message comes with other attributes. */
const receiving =
  (change: ChangeMessage) =>
  ({ queue }: JobWorkerDependencies): Partial<JobWorkerDependencies> => ({
    queue: {
      receive: async (...request) => (await queue.receive(...request)).map((message) => ({ ...message, ...change(message) })),
      delete: (receiptHandle) => queue.delete(receiptHandle),
      setVisibility: (receiptHandle, seconds) => queue.setVisibility(receiptHandle, seconds),
    },
  });

/** Messages that are put back are visible at once, after what `meanwhile` does. */
const impatient =
  (change: ChangeMessage, meanwhile: () => Promise<unknown> = async () => {}) =>
  (dependencies: JobWorkerDependencies): Partial<JobWorkerDependencies> => ({
    queue: {
      ...receiving(change)(dependencies).queue!,
      setVisibility: async (receiptHandle) => {
        await meanwhile();
        await dependencies.queue.setVisibility(receiptHandle, 0);
      },
    },
  });

const AGES = [0.1, 1.3, 5.5, 22, 58.5];
const growOld: ChangeMessage = ({ receiveCount }) => ({ ageSeconds: AGES[receiveCount - 1]! });
/** What a worker does at these ages with a message that names no job of its type. */
const GIVEN_UP = ["hide 1 s", "hide 4 s", "hide 16 s", "hide 37 s", "delete"];
const stayYoung: ChangeMessage = () => ({ ageSeconds: 0 });

describe("a message", () => {
  it.each([
    ["is no ID", "hello\u2028 {}"],
    ["is too large for any ID", "x".repeat(100_000)],
    ["is almost an ID", `test_8${NO_ULID.slice(1)}`],
    ["is the ID of another type's job", `other_${NO_ULID}`],
  ])("is deleted where it %s, and logged, not too long", async (_, body) => {
    const { queue, queueEmpty, lines } = await start({ handler: () => expect.unreachable() });
    await queue.send({ jobId: body });
    await queueEmpty();
    expect(lines).toContainEqual(
      expect.objectContaining({
        message: "message is not the ID of a job of this type; deleted",
        level: "WARN",
        messageBody: body.slice(0, 64),
      }),
    );
  });

  it("without a job is put back until it is too old to be ahead of one, and dropped then", async () => {
    const handler = () => expect.unreachable();
    const { jobType, queue, queueEmpty, journal } = await start({ handler, overrides: impatient(growOld) });
    const id = `${jobType.name}_${NO_ULID}`;
    await queue.send({ jobId: id });
    await queueEmpty();
    expect(journal.of(id)).toEqual(GIVEN_UP);
  });

  it("ahead of its job's creation is put back, and runs it then", async () => {
    const job = buildJob({ type: "early", input: "{}" });
    const { queue, store, until } = await start({
      handler: () => "run",
      jobType: { name: "early" },
      overrides: impatient(stayYoung, () => store.create(job, 0)),
    });
    await queue.send({ jobId: job.id });
    expect(await until(job.id, isTerminal)).toMatchObject({ status: "SUCCEEDED", result: '"run"', attempt: 1 });
  });

  it("ahead of a job that takes an expired one's place is put back, and runs it then", async () => {
    const job = buildJob({ type: "again", input: "{}", createdAt: new Date().toISOString() });
    const { createdAt } = buildJob();
    const expiresAt = Math.floor(Date.now() / 1_000) - 60;
    const { queue, store, until } = await start({
      handler: () => "run",
      jobType: { name: "again" },
      overrides: impatient(stayYoung, () => store.create(job, Date.now())),
    });
    await store.create({ ...job, status: "FAILED", version: 3, attempt: 1, lastWriteId: "earlier", createdAt, expiresAt }, 0);
    await queue.send({ jobId: job.id });
    expect(await until(job.id, ({ status }) => status === "SUCCEEDED")).toMatchObject({ result: '"run"', attempt: 1 });
  });

  it("with the ID of another type's job is dropped at once, without a call to the table", async () => {
    const call = vi.fn(() => Promise.reject(new Error("the item is another type's")));
    const { store, queue, queueEmpty, journal } = await start({
      handler: () => expect.unreachable(),
      overrides: () => ({ store: { get: call, transition: call, recordProgress: call, recordCheckpoint: call } }),
    });
    const job = buildJob({ type: "other" });
    await store.create(job, 0);
    await queue.send({ jobId: job.id });
    await queueEmpty();
    expect(journal.of(job.id)).toEqual(["delete"]);
    expect(call).not.toHaveBeenCalled();
    expect(await store.get(job.id)).toEqual(job);
  });

  it("of a job that runs is put back past its lease, and runs nothing", async () => {
    const end = Promise.withResolvers<void>();
    const handler = vi.fn(async () => await end.promise);
    const { add, queue, journal, until } = await start({ handler });
    const { id } = await add();
    await journal.until(id, "claim 2");
    await queue.send({ jobId: id });
    await eventually(() => expect(journal.of(id).join()).toMatch(/hide \d\d s/));
    end.resolve();
    await until(id, isTerminal);
    expect(handler).toHaveBeenCalledTimes(1);
  });

  it("of a job that was taken over often comes back as soon as any other, because its worker may die too", async () => {
    const { store, queue, jobType, journal } = await start({
      handler: () => expect.unreachable(),
      overrides: receiving(() => ({ receiveCount: 9 })),
    });
    const lease = { status: "RUNNING", leaseOwner: "another", leaseExpiresAt: Date.now() + 30_000 } as const;
    const job = buildJob({ type: jobType.name, ...lease, attempt: 8, version: 9, updatedAt: new Date().toISOString() });
    await store.create(job, 0);
    await queue.send({ jobId: job.id });
    await eventually(() => expect(journal.of(job.id)).toEqual([expect.stringMatching(/^hide 3\d s$/)]));
  });

  it.each([
    ["waits for a retry", { version: 3, attempt: 1 }, "nextAttemptAt"],
    ["was added with a delay", {}, "runAt"],
  ])("of a job that %s is put back until that is over, and runs nothing", async (_, state, attribute) => {
    const { store, queue, jobType, journal } = await start({ handler: () => expect.unreachable() });
    const due = new Date(Date.now() + 40_000).toISOString();
    const job = buildJob({ type: jobType.name, ...state, createdAt: new Date().toISOString(), [attribute]: due });
    await store.create(job, 0);
    await queue.send({ jobId: job.id });
    await eventually(() =>
      expect(journal.of(job.id)).toEqual([`publish ${job.version}`, expect.stringMatching(/^hide (3\d|40) s$/)]),
    );
    expect(await store.get(job.id)).toEqual(job);
  });

  it("of a job that has ended publishes it again, and is deleted", async () => {
    const { add, queue, queueEmpty, journal, until } = await start({ handler: () => "once" });
    const { id } = await add();
    await until(id, isTerminal);
    await queueEmpty();
    await queue.send({ jobId: id });
    await journal.until(id, "delete", 2);
    await queueEmpty();
    expect(journal.of(id)).toEqual(["claim 2", "publish 2", "succeed 3", "publish 3", "delete", "publish 3", "delete"]);
  });

  it("whose job is too old closes it", async () => {
    const ageSeconds = JOB_LIFETIME_DAYS * 86_400 + 1;
    const { add, until, queueEmpty, journal, lines } = await start({
      handler: () => expect.unreachable(),
      overrides: receiving(() => ({ ageSeconds })),
    });
    const { id } = await add({ createdAt: new Date(Date.now() - ageSeconds * 1_000).toISOString() });
    const error = { code: "JobExpired", message: "the job could not be finished within 13 days of when it was due" };
    expect(await until(id, isTerminal)).toMatchObject({ status: "FAILED", attempt: 0, error });
    await queueEmpty();
    expect(journal.of(id)).toEqual(["publish 1", "failQueued 2", "publish 2", "delete"]);
    expect(lines).toContainEqual(expect.objectContaining({ message: "job failed", jobId: id, reason: "JobExpired" }));
  });

  it("comes back where the table does not answer", async () => {
    const outage = vi.fn(async () => {}).mockRejectedValueOnce(new Error("DynamoDB is down"));
    const { add, until, lines } = await start({
      handler: () => "after all",
      jobType: { leaseSeconds: 3 },
      overrides: ({ store }) => ({
        store: {
          get: (id) => store.get(id),
          recordProgress: (...progress) => store.recordProgress(...progress),
          recordCheckpoint: (...checkpoint) => store.recordCheckpoint(...checkpoint),
          transition: async (...write) => {
            await outage();
            return await store.transition(...write);
          },
        },
      }),
    });
    const { id } = await add();
    expect(await until(id, isTerminal)).toMatchObject({ status: "SUCCEEDED", attempt: 1 });
    const line = {
      message: "message could not be processed; it will come back",
      messageBody: id,
      detail: "Error: DynamoDB is down",
    };
    expect(lines).toContainEqual(expect.objectContaining(line));
  });
});

describe("an item that someone deleted", () => {
  it("stops its handler, and nothing is written in its place", async () => {
    const stopped = vi.fn();
    const { add, store, journal, lines } = await start({
      jobType: { leaseSeconds: 3 },
      handler: async (_, { signal }) => {
        signal.addEventListener("abort", () => stopped((signal.reason as Error).message));
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        return "too late";
      },
    });
    const { id } = await add();
    await journal.until(id, "publish 2");
    await emulators().dynamoDb.send(new DeleteCommand({ TableName: emulators().jobsTableName, Key: { id } }));
    await eventually(() => expect(lines).toContainEqual(expect.objectContaining({ message: "job lost its lease", jobId: id })));
    expect(stopped).toHaveBeenCalledWith("another worker took the job over");
    expect(await store.get(id)).toBeUndefined();
    // Its message comes back, and is one without a job.
    expect(journal.of(id).filter((entry) => !entry.startsWith("hide "))).toEqual(["claim 2", "publish 2"]);
  });

  it("is missed at the commit where nobody noticed before", async () => {
    const { dynamoDb, jobsTableName: TableName } = emulators();
    const { add, store, journal, lines } = await start({
      handler: async (_, { id }) => {
        await dynamoDb.send(new DeleteCommand({ TableName, Key: { id } }));
        return "too late";
      },
    });
    const { id } = await add();
    await eventually(() => expect(lines).toContainEqual(expect.objectContaining({ message: "job lost its lease", jobId: id })));
    expect(await store.get(id)).toBeUndefined();
    // Its message comes back, and is one without a job.
    expect(journal.of(id).filter((entry) => !entry.startsWith("hide "))).toEqual(["claim 2", "publish 2"]);
  });
});
