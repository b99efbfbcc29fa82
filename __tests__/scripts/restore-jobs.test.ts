import { writeFile } from "node:fs/promises";
import path from "node:path";
import { DeleteCommand, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newBatch } from "../../domain/batch.ts";
import { batchIdForKey, batchJobId } from "../../domain/batch-id.ts";
import { BatchStore } from "../../domain/batch-store.ts";
import type { StoredJob } from "../../domain/job.ts";
import { JobItems } from "../../domain/job-items.ts";
import { listJobs } from "../../domain/job-list.ts";
import { JobTypeRegistry } from "../../domain/job-type-registry.ts";
import { onCompleteKey } from "../../domain/on-complete.ts";
import { jobScheduleName } from "../../domain/schedule-settings.ts";
import { type Scheduler, startScheduler } from "../../local/aws/scheduler.ts";
import { createTable, tableInput } from "../../local/aws/tables.ts";
import { buildJob } from "../support/build-job.ts";
import { buildRegistryEntry } from "../support/build-registry-entry.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { receiveEvents } from "../support/job-events-seen.ts";
import { environmentFolder, runScript } from "../support/run-script.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type WorkerUnderTest, workerUnderTest } from "../support/worker-under-test.ts";

/** The commands of the runbook on a restored table, on tables of an environment's names. */

const JOBS = "jobs-test-jobs";
const JOB_TYPES = "jobs-test-job-types";
const RESTORED = "jobs-test-jobs-restored";
const ORDERS = `${JOBS}-orders`;
const GROUP = "jobs-test";
const MINUTE = 60_000;
const LATER_MS = 3_600_000;

let emulators: Emulators;
let scheduler: Scheduler;
let workers: WorkerUnderTest;
let folder: string;
let variables: Record<string, string>;

beforeAll(async () => {
  emulators = await startEmulators();
  scheduler = await startScheduler({ group: GROUP, invoke: async () => undefined, report: () => undefined });
  const { dynamoDb } = emulators;
  await createTable(dynamoDb, tableInput("jobs", JOBS));
  await createTable(dynamoDb, tableInput("jobs", RESTORED));
  await createTable(dynamoDb, tableInput("jobTypes", JOB_TYPES));
  workers = await workerUnderTest({ emulators: { ...emulators, jobsTableName: JOBS }, handler: async () => ({ done: true }) });
  const { name } = workers.jobType;
  await new JobTypeRegistry(dynamoDb, JOB_TYPES).register(buildRegistryEntry(name, { queueUrl: workers.queueUrl }));
  folder = await temporaryFolder("restore");
  variables = {
    JOBS_ENVIRONMENT: "test",
    ENVIRONMENTS_FOLDER: await environmentFolder(folder, "test"),
    AWS_ENDPOINT_URL_SCHEDULER: scheduler.address,
  };
});
afterAll(async () => {
  await workers.worker.stop();
  await scheduler.stop();
  await emulators.stop();
});

const run = async (script: string, ...args: string[]) => await runScript(script, args, variables);
const ofType = (overrides: Partial<StoredJob> = {}): StoredJob => {
  const job = buildJob({ type: workers.jobType.name, input: "{}", ...overrides });
  const { createdAt = new Date(Date.now() - MINUTE).toISOString(), expiresAt } = overrides;
  const ended = job.expiresAt === undefined ? {} : { expiresAt: expiresAt ?? Math.floor(Date.now() / 1_000) + 3_600 };
  return { ...job, createdAt, createdAtId: `${createdAt}#${job.id}`, ...ended };
};
const put = async (TableName: string, Item: object) => await emulators.dynamoDb.send(new PutCommand({ TableName, Item }));
const stored = async (id: string) => (await emulators.dynamoDb.send(new GetCommand({ TableName: JOBS, Key: { id } }))).Item;
const hasEnded = ({ status }: StoredJob): boolean => status === "SUCCEEDED";

describe("npm run restore-jobs", () => {
  it("refuses the table itself, another environment's and any other, and names a table that is not there", async () => {
    for (const args of [[], ["--from", JOBS], ["--from", "jobs-prod-jobs-restored"], ["--from", JOB_TYPES]]) {
      const { code, stderr } = await run("restore-jobs", ...args);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`a name that begins with ${JOBS}-`) });
    }
    const { code, stderr } = await run("restore-jobs", "--from", `${JOBS}-gone`);
    expect({ code, stderr }).toEqual({ code: 1, stderr: `there is no table ${JOBS}-gone in this account and region\n` });
  });

  it("takes nothing from a table that is not one of jobs", async () => {
    await createTable(emulators.dynamoDb, tableInput("jobs", ORDERS));
    const order = { id: "4711", total: 3 };
    const words = { id: `${workers.jobType.name}_worker`, kind: "claim" };
    for (const item of [order, words]) await put(ORDERS, item);
    const { code, stdout } = await run("restore-jobs", "--from", ORDERS);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        "2 items of jobs-test-jobs-orders: 0 were put back, 0 were replaced, 0 are there, 0 had expired; 0 messages were sent\n" +
        "2 items are neither jobs nor batches, nor what batches asked for: left alone\n",
    });
    for (const { id } of [order, words]) expect(await stored(id)).toBeUndefined();
    const types = `${JOBS}-types`;
    await createTable(emulators.dynamoDb, tableInput("jobTypes", types));
    await put(types, { registry: "job-types", name: "canary" });
    const entries = await run("restore-jobs", "--from", types);
    expect(entries).toMatchObject({ code: 1, stderr: `${types} is no table of jobs: its items have no id\n` });
  });

  it("goes on past items that somebody else has written, leaves them alone, and says which", async () => {
    const wrong = [{ runAt: "soon" }, { groupId: "two words" }, { status: "DONE" }, { version: "1" }, { tags: { a: null } }];
    const hostile = wrong.map((members) => ({ ...ofType(), ...members }));
    const sound = ofType({ status: "SUCCEEDED" });
    const table = `${JOBS}-hostile`;
    await createTable(emulators.dynamoDb, tableInput("jobs", table));
    for (const item of [...hostile, sound]) await put(table, item);
    const { code, stdout } = await run("restore-jobs", "--from", table);
    const [counts, told, ...ids] = stdout.trim().split("\n");
    expect({ code, counts }).toEqual({ code: 1, counts: expect.stringContaining("1 were put back, 0 were replaced") });
    expect(told).toMatch(/^items that no job is like, .*: 5[.] They were left alone/);
    expect(ids).toEqual(hostile.map(({ id }) => `  ${id}`).sort());
    expect(await stored(sound.id)).toEqual(sound);
    for (const { id } of hostile) expect(await stored(id)).toBeUndefined();
  });

  it("puts back what is missing, with a message for all that has not ended, and leaves alone what is there", async () => {
    const waiting = ofType();
    const running = ofType({ status: "RUNNING", leaseExpiresAt: Date.now() - MINUTE });
    const ended = ofType({ status: "SUCCEEDED", result: '{"done":"before"}' });
    const goneSince = ofType({ status: "SUCCEEDED", expiresAt: Math.floor(Date.now() / 1_000) - 10 });
    const known = ofType();
    const runAt = new Date(Date.now() + LATER_MS).toISOString();
    const scheduled = ofType({ runAt });
    const cancelledSince = ofType({ runAt });
    const follow = { id: "on-complete#a#b", type: workers.jobType.name };
    scheduler.put(jobScheduleName(scheduled), {
      ScheduleExpression: `at(${runAt.slice(0, 19)})`,
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: "a", RoleArn: "a", Input: "{}" },
    } as never);
    const items = [waiting, running, ended, goneSince, known, scheduled, cancelledSince, follow];
    for (const item of items) await put(RESTORED, item);
    const newer = { ...known, version: 7 };
    await put(JOBS, newer);

    const dry = await run("restore-jobs", "--from", RESTORED, "--dry-run");
    expect(dry.stdout).toContain("8 items of jobs-test-jobs-restored: 6 would be put back, 0 would be replaced, 1 are there");
    expect(await stored(waiting.id)).toBeUndefined();
    const { code, stdout } = await run("restore-jobs", "--from", RESTORED);
    expect({ code, lines: stdout.trim().split("\n") }).toEqual({
      code: 0,
      lines: [
        "8 items of jobs-test-jobs-restored: 6 were put back, 0 were replaced, 1 are there, 1 had expired; 2 messages were sent",
        expect.stringMatching(/^jobs for later that have no schedule any more, as after they were cancelled: 1[.]/),
        `  ${cancelledSince.id}`,
      ],
    });
    expect(await stored(known.id)).toEqual(newer);
    expect(await stored(ended.id)).toEqual(ended);
    expect(await stored(follow.id)).toEqual(follow);
    expect(await stored(goneSince.id)).toBeUndefined();

    await workers.worker.start();
    for (const { id, version } of [waiting, running]) {
      const job = await workers.until(id, hasEnded);
      // Newer than whatever was told of it between the point and the restore.
      expect(job.version).toBeGreaterThan(version + 1_000);
    }
    const again = await run("restore-jobs", "--from", RESTORED);
    expect(again.stdout).toContain("0 were put back, 0 were replaced, 7 are there, 1 had expired; 0 messages were sent");
  });

  it("completes a batch that had not ended, also where its jobs have", async () => {
    const life = { id: batchIdForKey(workers.jobType.name, "local", "restored"), type: workers.jobType.name, owner: "local" };
    const batch = newBatch({ ...life, total: 2, requestHash: "a", now: Date.now() });
    const jobOf = (number: number, overrides: Partial<StoredJob>) => ({
      ...ofType({ ...overrides, batchId: batch.id, batchItem: { number, createdAt: batch.createdAt } }),
      id: batchJobId(workers.jobType.name, batch, number),
    });
    await put(JOBS, jobOf(0, { status: "SUCCEEDED" }));
    await put(RESTORED, jobOf(1, { status: "QUEUED" }));
    await put(RESTORED, batch);
    const follow = { id: onCompleteKey(batch), type: "canary" };
    await put(RESTORED, follow);
    const others = { ...follow, id: onCompleteKey({ ...batch, id: "another_batch_0" }) };
    await put(RESTORED, others);
    const { stdout } = await run("restore-jobs", "--from", RESTORED, "--type", workers.jobType.name);
    expect(stdout).toContain("3 were put back");
    expect(await stored(follow.id)).toEqual(follow);
    await emulators.dynamoDb.send(new DeleteCommand({ TableName: RESTORED, Key: { id: others.id } }));
    const store = new BatchStore(emulators.dynamoDb, JOBS);
    await expect.poll(async () => (await store.get(batch.id))?.completedAt, { timeout: 15_000 }).toBeDefined();
  });

  it("has lists find the jobs that it put back, over however many partitions their type spread them", async () => {
    const { name } = workers.jobType;
    const { dynamoDb } = emulators;
    const spread = Array.from({ length: 12 }, () => buildJob({ type: name, status: "SUCCEEDED", expiresAt: Date.now() }, 8));
    for (const job of spread) await new JobItems(dynamoDb, RESTORED).create(job, Date.now());
    await run("restore-jobs", "--from", RESTORED, "--type", name);
    const { jobs } = await listJobs(dynamoDb, JOBS, new JobItems(dynamoDb, JOBS), { types: [name], limit: 100 });
    for (const job of spread) expect(jobs).toContainEqual(job);
  });

  it("replaces what it is told to, and has the state published that is there now", async () => {
    const right = ofType({ status: "SUCCEEDED", result: '{"is":"right"}' });
    await put(JOBS, { ...right, version: 9, result: '{"is":"wrong"}' });
    await put(RESTORED, right);
    const ids = path.join(folder, "ids.txt");
    await writeFile(ids, `${right.id}\n`);
    const { stdout } = await run("restore-jobs", "--from", RESTORED, "--replace", ids);
    expect(stdout).toContain("0 were put back, 1 were replaced");
    expect(stdout).toContain("1 messages were sent");
    expect(await stored(right.id)).toMatchObject({ result: '{"is":"right"}', version: 1_009 });
    const events = await receiveEvents(emulators, (all) => all.some(({ id, version }) => id === right.id && version === 1_009));
    expect(events.find(({ id }) => id === right.id)).toMatchObject({ status: "SUCCEEDED", result: { is: "right" } });
  });
});

describe("npm run resend-jobs", () => {
  it("sends every job that has not ended to its queue, and says which types are not registered", async () => {
    const lost = ofType();
    await put(JOBS, lost);
    await put(JOBS, buildJob({ type: "stranger" }));
    const hostile = { ...ofType(), runAt: [] };
    await put(JOBS, hostile);
    const counted = await run("resend-jobs", "--type", workers.jobType.name, "--dry-run");
    expect(counted.stdout).toMatch(/items of jobs-test-jobs: [1-9]\d* messages would be sent/);
    const { code, stdout } = await run("resend-jobs");
    expect(code).toBe(1);
    expect(stdout).toContain(`all others were not:\n  ${hostile.id}\n`);
    expect(stdout).toContain("no message was sent to types that are not registered: stranger;");
    await workers.until(lost.id, hasEnded);
    await emulators.dynamoDb.send(new DeleteCommand({ TableName: JOBS, Key: { id: lost.id } }));
  });
});
