import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isTerminal, type StoredJob } from "../../domain/job.ts";
import { newJobId } from "../../domain/job-id.ts";
import { JobQueue } from "../../domain/job-queue.ts";
import { JobStore } from "../../domain/job-store.ts";
import { newJob } from "../../domain/new-job.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { prepareBaseImage } from "./base-image.ts";
import { type MountedImage, mountImage } from "./image-run.ts";
import { type Registry, startRegistry } from "./registry.ts";

const run = promisify(execFile);
const PLATFORM = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
const LOOK_AGAIN_MS = 50;
const INPUTS = {
  canary: { input: { op: "echo", value: "hello" }, result: { value: "hello" } },
  "word-count": { input: { text: "to be or not to be", top: 1 }, result: { words: 6 } },
} as const;
type Type = keyof typeof INPUTS;
const TYPES = Object.keys(INPUTS) as Type[];

let environment: NodeJS.ProcessEnv;
let emulators: Emulators;
let registry: Registry;
const names = new Map<Type, string>();
const images = new Map<Type, MountedImage>();
const image = (type: Type): MountedImage => images.get(type) as MountedImage;

async function buildImage(type: Type, ...options: string[]): Promise<{ name: string; report: string }> {
  const args = ["scripts/image.ts", type, "--platform", PLATFORM, ...options];
  const { stdout, stderr } = await run(process.execPath, args, { env: environment, maxBuffer: 16 * 1_048_576 });
  return { name: stdout.trim(), report: stderr };
}

beforeAll(async () => {
  environment = await prepareBaseImage();
  emulators = await startEmulators();
  registry = await startRegistry(environment);
  for (const type of TYPES) {
    const { name } = await buildImage(type);
    names.set(type, name);
    images.set(type, await mountImage(name, environment));
  }
});
afterAll(async () => {
  for (const mounted of images.values()) await mounted.remove();
  await registry?.stop();
  await emulators?.stop();
});

/** The environment of the task definition, with the emulators in place of AWS. */
function taskEnvironment(type: Type): NodeJS.ProcessEnv {
  const sdk = Object.entries(process.env).filter(([name]) => name.startsWith("AWS_"));
  return {
    ...Object.fromEntries(sdk),
    JOBS_TABLE_NAME: emulators.jobsTableName,
    JOB_TYPES_TABLE_NAME: emulators.jobTypesTableName,
    JOB_EVENTS_TOPIC_ARN: emulators.eventsTopicArn,
    JOB_RESULTS_BUCKET: emulators.resultsBucket,
    JOB_TYPE: type,
  };
}

async function addJob(type: Type, queueUrl: string): Promise<{ store: JobStore; id: string }> {
  const now = Date.now();
  const store = new JobStore(emulators.dynamoDb, emulators.jobsTableName);
  const { input } = INPUTS[type];
  const job = newJob({
    id: newJobId(type, now),
    type,
    maxAttempts: 1,
    input: JSON.stringify(input),
    owner: "tester",
    requestHash: "hash",
    writeId: randomUUID(),
    now,
  });
  await store.create(job, now);
  await new JobQueue({ client: emulators.sqs, queueUrl, lingerMs: 0 }).send({ jobId: job.id });
  return { store, id: job.id };
}

/** The job as it is when it ended, or after ten seconds. */
async function finished(store: JobStore, id: string): Promise<StoredJob | undefined> {
  for (const deadline = Date.now() + 10_000; ; await delay(LOOK_AGAIN_MS)) {
    const job = await store.get(id);
    if (job === undefined || isTerminal(job) || Date.now() > deadline) return job;
  }
}

describe.each(TYPES)("the image of %s", (type) => {
  it("has the same tag when it is built again", async () => {
    expect((await buildImage(type)).name).toBe(names.get(type));
  });

  it("names its job type, a user that is not root, and SIGTERM", () => {
    expect(image(type).configuration).toMatchObject({
      User: "1000:1000",
      StopSignal: "SIGTERM",
      Volumes: { "/tmp": {} },
      Labels: {
        "autoscaling-job-queues.job-type": type,
        "org.opencontainers.image.revision": expect.stringMatching(/^[0-9a-f]{40}/),
      },
    });
  });

  it("gives its user files to read and none to change", async () => {
    const changeable = ["find", "/app", "(", "!", "-user", "0", "-o", "-perm", "/022", ")"];
    expect(await image(type).start({}, changeable).ended).toEqual({ code: 0, lines: [] });
  });

  it("says which environment variable is missing, and ends with exit code 1", async () => {
    const { JOB_RESULTS_BUCKET: _, ...incomplete } = taskEnvironment(type);
    const { code, lines } = await image(type).start(incomplete).ended;
    expect(lines.join("\n")).toContain("environment variable JOB_RESULTS_BUCKET is missing");
    expect(code).toBe(1);
  });

  it("does a job on a read-only root file system, and ends with exit code 0 on SIGTERM", async () => {
    const queueUrl = await emulators.createQueue(`image-${type}`, { VisibilityTimeout: "30" });
    const { store, id } = await addJob(type, queueUrl);
    const worker = image(type).start({ ...taskEnvironment(type), JOB_QUEUE_URL: queueUrl });
    await worker.line("worker started");
    const job = await finished(store, id);
    await worker.kill("SIGTERM");
    const { code, lines } = await worker.ended;
    expect(job?.status, lines.join("\n")).toBe("SUCCEEDED");
    expect(JSON.parse(job?.result ?? "null")).toMatchObject(INPUTS[type].result);
    expect(code).toBe(0);
  });
});

describe("the sandbox of these tests", () => {
  it("has a read-only root file system with a /tmp that the user may write to", async () => {
    const command = ["sh", "-c", "id -u; echo $$; touch /tmp/file && echo written; touch /app/file"];
    const { lines } = await image("canary").start({}, command).ended;
    expect(lines).toEqual(expect.arrayContaining(["1000", "1", "written", expect.stringContaining("Read-only file system")]));
  });
});

describe("npm run image --push", () => {
  it("pushes an image once: the same content is not pushed again", async () => {
    const repository = `${registry.address}/jobs/canary`;
    const first = await buildImage("canary", "--push", repository);
    expect(first.name).toBe(`${repository}:${names.get("canary")?.split(":").at(-1)}`);
    expect(first.report).toMatch(/^built and pushed /m);
    expect(await registry.tags("jobs/canary")).toEqual([first.name.split(":").at(-1)]);
    expect((await buildImage("canary", "--push", repository)).report).toMatch(/ is in the repository already$/m);
  });
});
