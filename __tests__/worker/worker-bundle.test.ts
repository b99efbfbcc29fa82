import { execFileSync } from "node:child_process";
import { cp, writeFile } from "node:fs/promises";
import path from "node:path";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isTerminal, type StoredJob } from "../../domain/job.ts";
import { newJobId } from "../../domain/job-id.ts";
import { JobQueue } from "../../domain/job-queue.ts";
import { JobStore } from "../../domain/job-store.ts";
import { LastWordsStore } from "../../domain/last-words.ts";
import { newJob } from "../../domain/new-job.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { eventually } from "../support/worker-eventually.ts";
import { startWorkerProgram, type WorkerProcess } from "../support/worker-process.ts";

let emulators: Emulators;
let store: JobStore;
let queueUrl: string;
let workers: WorkerProcess[] = [];

beforeAll(async () => {
  emulators = await startEmulators();
  store = new JobStore(emulators.dynamoDb, emulators.jobsTableName);
});
beforeEach(async ({ task }) => {
  queueUrl = await emulators.createQueue(task.id.replaceAll(/\W/g, "_"), { VisibilityTimeout: "3" });
});
afterEach(async () => {
  for (const worker of workers) worker.kill("SIGKILL");
  await Promise.all(workers.map(({ ended }) => ended));
  workers = [];
});
afterAll(async () => {
  await emulators.stop();
});

/** The environment that a task definition gives the canary's container. */
function environment(): Record<string, string> {
  return {
    JOBS_TABLE_NAME: emulators.jobsTableName,
    JOB_TYPES_TABLE_NAME: emulators.jobTypesTableName,
    JOB_EVENTS_TOPIC_ARN: emulators.eventsTopicArn,
    JOB_RESULTS_BUCKET: emulators.resultsBucket,
    JOB_TYPE: "canary",
    JOB_QUEUE_URL: queueUrl,
  };
}

function start(variables: Record<string, string> = {}, bundle = "dist/workers/canary"): WorkerProcess {
  const worker = startWorkerProgram({
    program: `${bundle}/worker.mjs`,
    environment: { ...process.env, ...environment(), ...variables },
  });
  workers.push(worker);
  return worker;
}

async function add(input: object, maxAttempts = 3): Promise<StoredJob> {
  const now = Date.now();
  const identity = { id: newJobId("canary", now), type: "canary", owner: "tester", requestHash: "hash", writeId: "added" };
  const job = newJob({ ...identity, maxAttempts, input: JSON.stringify(input), now });
  await store.create(job, now);
  await new JobQueue({ client: emulators.sqs, queueUrl }).send({ jobId: job.id });
  return job;
}

/** Waits until the job is in such a state. */
async function until(id: string, condition: (job: StoredJob) => boolean): Promise<StoredJob> {
  const look = async (): Promise<StoredJob> => {
    const job = (await store.get(id)) as StoredJob;
    expect(job).toSatisfy(condition);
    return job;
  };
  return await eventually(look);
}

/** Lets the leases of a dead worker end now, and not in half a minute. */
async function endLease({ id }: StoredJob): Promise<void> {
  await emulators.dynamoDb.send(
    new UpdateCommand({
      TableName: emulators.jobsTableName,
      Key: { id },
      UpdateExpression: "SET leaseExpiresAt = :now",
      ExpressionAttributeValues: { ":now": Date.now() - 1 },
    }),
  );
}

describe("the worker's bundle", () => {
  it("runs jobs in threads, stores large results, and ends in order at SIGTERM", async () => {
    const worker = start();
    const [echo, large, failing] = await Promise.all([
      add({ op: "echo", value: "hello" }),
      add({ op: "result", bytes: 20_000 }),
      add({ op: "fail", message: "as told", permanent: true }),
    ]);
    expect(await until(echo.id, isTerminal)).toMatchObject({ status: "SUCCEEDED", result: '{"value":"hello"}' });
    expect(await until(large.id, isTerminal)).toMatchObject({ status: "SUCCEEDED", resultLocation: { bytes: 20_000 } });
    const error = { code: "PermanentError", message: "as told" };
    const failed = await until(failing.id, isTerminal);
    expect(failed).toMatchObject({ status: "FAILED", attempt: 1 });
    // The stack is for those who read the log.
    expect(failed.error).toEqual(error);
    const stack = expect.stringMatching(/^PermanentError: as told\n\s+at .*jobs\/canary\/job\.ts:\d+:\d+/);
    await eventually(() => expect(worker.lines).toContainEqual(expect.objectContaining({ jobId: failing.id, stack })));
    worker.kill("SIGTERM");
    expect(await worker.ended).toEqual([0, null]);
    expect(worker.lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining(["worker started", "job succeeded", "worker stopped"]),
    );
  });

  it("goes on in the next attempt where the last checkpoint says", async () => {
    start();
    const { id } = await add({ op: "checkpoints", steps: 4, failAt: 3 });
    expect(await until(id, isTerminal)).toMatchObject({ attempt: 2, result: '{"steps":4,"resumedFrom":3}' });
  });

  it("leaves jobs that the next worker takes over when one of them kills the process", async () => {
    const first = start();
    const sleep = await add({ op: "sleep", seconds: 4 });
    await until(sleep.id, ({ status }) => status === "RUNNING");
    const crash = await add({ op: "crash" }, 1);
    expect(await first.ended).toEqual([null, "SIGKILL"]);
    await Promise.all([endLease(sleep), endLease(crash)]);
    start();
    expect(await until(crash.id, isTerminal)).toMatchObject({ status: "FAILED", attempt: 1, error: { code: "WorkerLost" } });
    expect(await until(sleep.id, isTerminal)).toMatchObject({ status: "SUCCEEDED", attempt: 2 });
  });

  it("refuses to be killed by a job where the environment has the safe canary, also one that was added before", async () => {
    const worker = start({ JOBS_CANARY: "safe" });
    const [crash, allocate, echo] = await Promise.all([
      add({ op: "crash" }),
      add({ op: "allocate", mebibytes: 1 }),
      add({ op: "echo", value: 1 }),
    ]);
    for (const { id } of [crash, allocate]) {
      expect(await until(id, isTerminal)).toMatchObject({ status: "FAILED", attempt: 1, error: { code: "InvalidInput" } });
    }
    expect(await until(echo.id, isTerminal)).toMatchObject({ status: "SUCCEEDED", attempt: 1 });
    worker.kill("SIGTERM");
    expect(await worker.ended).toEqual([0, null]);
  });

  it("lets a job finish at SIGTERM, also where it is told to end more than once", async () => {
    const worker = start();
    const { id } = await add({ op: "sleep", seconds: 1 });
    await until(id, ({ progress }) => progress !== undefined);
    worker.kill("SIGTERM");
    worker.kill("SIGINT");
    expect(await worker.ended).toEqual([0, null]);
    expect(await store.get(id)).toMatchObject({ status: "SUCCEEDED", attempt: 1 });
  });

  it.runIf(process.platform === "linux")(
    "ends by force where a handler is in a call that does not return",
    async () => {
      const bundle = await temporaryFolder("worker-bundle");
      await cp("dist/workers/canary", bundle, { recursive: true });
      // Opening a pipe waits for its writer.
      const handler = `
      import { readFileSync } from "node:fs";
      const input = { safeParseAsync: async (data) => ({ success: true, data }) };
      export default { jobType: { input }, handler: async (_, job) => {
        await job.progress(0.5);
        setImmediate(() => readFileSync(new URL("pipe", import.meta.url)));
        return await new Promise(() => {});
      } };`;
      await writeFile(path.join(bundle, "job.mjs"), handler);
      execFileSync("mkfifo", [path.join(bundle, "pipe")]);
      const worker = start({}, bundle);
      const { id } = await add({});
      const running = await until(id, ({ progress }) => progress !== undefined);
      await store.transition(running, "requestCancel", { now: Date.now(), writeId: "cancelled" });
      expect(await until(id, isTerminal)).toMatchObject({ status: "CANCELLED", attempt: 1 });
      worker.kill("SIGTERM");
      expect(await worker.ended).toEqual([null, "SIGKILL"]);
      const line = { level: "ERROR", message: "the worker could not stop in order", reason: "ThreadNotEnded" };
      expect(worker.lines).toContainEqual(expect.objectContaining(line));
    },
    60_000,
  );

  it("leaves why it cannot start where people look for it", async () => {
    const task = "0123456789abcdef0123456789abcdef";
    const worker = start({ JOBS_CANARY: "off", JOB_IMAGE: "4a5b6c7d8e9f", ECS_AGENT_URI: `http://127.0.0.1:1/${task}` });
    expect(await worker.ended).toEqual([1, null]);
    const words = new LastWordsStore(emulators.dynamoDb, emulators.jobsTableName, "canary");
    expect(await words.read(Date.now())).toMatchObject({
      kind: "start",
      error: { code: "InvalidSetting", message: expect.stringContaining("JOBS_CANARY") },
      worker: task,
      image: "4a5b6c7d8e9f",
    });
  });

  it.each([
    ["an environment variable is missing", { JOB_QUEUE_URL: "" }, "environment variable JOB_QUEUE_URL is "],
    [
      "it does not know the canary's kind",
      { JOBS_CANARY: "off" },
      'environment variable JOBS_CANARY is "off"; allowed: "full" or "safe"',
    ],
    ["its image is another type's", { JOB_TYPE: "report" }, 'environment variable JOB_TYPE is "report"; allowed: canary'],
  ])("says in one line why it cannot start where %s", async (_, variables, detail) => {
    const worker = start(variables);
    expect(await worker.ended).toEqual([1, null]);
    expect(worker.lines).toEqual([
      expect.objectContaining({ level: "ERROR", message: "the worker could not start", detail: expect.stringContaining(detail) }),
    ]);
  });
});
