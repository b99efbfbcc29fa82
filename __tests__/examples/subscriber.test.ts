import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { ListSubscriptionsByTopicCommand } from "@aws-sdk/client-sns";
import { SendMessageCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { StoredJob } from "../../domain/job.ts";
import { JobEvents, jobEvent } from "../../domain/job-events.ts";
import { isNewerState } from "../../domain/newer-state.ts";
import { JobStates } from "../../examples/subscriber/job-states.ts";
import { buildJob } from "../support/build-job.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { runs } from "../support/property-runs.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const FOLDER = "examples/subscriber";

let emulators: Emulators;
let queueUrl: string;
let variables: NodeJS.ProcessEnv;

async function subscribe(): Promise<string> {
  const env = { ...process.env, JOB_EVENTS_TOPIC_ARN: emulators.eventsTopicArn };
  const { stdout } = await promisify(execFile)(process.execPath, [`${FOLDER}/subscribe.ts`], { env });
  // The host of the URL is one that only fauxqs knows.
  return `${process.env.AWS_ENDPOINT_URL_SQS}${new URL(stdout).pathname}`;
}

/** Calls `onLine` with each line that the program prints. */
function start(onLine: (line: string) => void = () => {}): ChildProcess {
  const child = spawn(process.execPath, [`${FOLDER}/main.ts`], { env: variables, stdio: ["ignore", "pipe", "inherit"] });
  createInterface({ input: child.stdout }).on("line", onLine);
  return child;
}

async function empty(url: string): Promise<void> {
  const none = { visible: 0, inFlight: 0, delayed: 0 };
  await vi.waitFor(async () => expect(await emulators.queueDepth(url)).toEqual(none), { timeout: 45_000 });
}

beforeAll(async () => {
  emulators = await startEmulators();
  queueUrl = await subscribe();
  // What a killed program held comes again soon.
  await emulators.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { VisibilityTimeout: "1" } }));
});
beforeEach(async () => {
  const file = path.join(await temporaryFolder("subscriber"), "states.sqlite");
  variables = { ...process.env, JOB_EVENTS_QUEUE_URL: queueUrl, JOB_STATES_FILE: file };
});
afterAll(async () => emulators.stop());

const storedStates = () => new JobStates(variables.JOB_STATES_FILE as string);

/** A job whose ID was used before: versions 1 to 3 of one creation, and 1 and 2 of the next. */
function twoLives(id: string): StoredJob[] {
  const versions = (createdAt: string, count: number) =>
    Array.from({ length: count }, (_, index) => buildJob({ id, createdAt, version: index + 1, input: "9007199254740993" }));
  return [...versions("2026-11-02T10:00:00.000Z", 3), ...versions("2026-11-20T10:00:00.000Z", 2)];
}

const newest = (events: readonly StoredJob[]): StoredJob =>
  events.reduce((known, event) => (isNewerState(event, known) ? event : known));

function shuffledTwice(events: readonly StoredJob[]): StoredJob[] {
  const random = seededRandom(20261129);
  return [...events, ...events]
    .map((event) => ({ event, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ event }) => event);
}

describe("the example of a subscriber", () => {
  it("stores the newest state of each job as it was published, though killed amid duplicates in any order, and empties its queue", async () => {
    const jobs = Array.from({ length: 8 }, (_, index) => twoLives(`canary_01JCQ8N6V4W2X9Y7Z5T3R1P0M${index}`));
    const events = new JobEvents(emulators.sns, emulators.eventsTopicArn);
    await Promise.all(shuffledTwice(jobs.flat()).map((job) => events.publish(job)));

    const first = start(() => first.kill("SIGKILL"));
    await once(first, "exit");
    const second = start();
    await empty(queueUrl);
    second.kill("SIGTERM");
    expect(await once(second, "exit")).toEqual([0, null]);

    const states = storedStates();
    for (const versions of jobs) expect(states.find(versions[0]!.id)).toBe(jobEvent(newest(versions)));
  });

  it("leaves what it cannot store to the dead-letter queue, and stores the rest", async () => {
    const job = buildJob({ id: "canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK" });
    for (const MessageBody of ["not JSON", "null", '{"Type":"Notification"}', jobEvent(job)])
      await emulators.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
    const child = start();
    const deadLetters = `${queueUrl}-dead-letters`;
    await vi.waitFor(async () => expect(await emulators.queueDepth(deadLetters)).toMatchObject({ visible: 3 }), {
      timeout: 45_000,
    });
    await empty(queueUrl);
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(storedStates().find(job.id)).toBe(jobEvent(job));
  });

  it("subscribes again without a second queue or subscription", async () => {
    expect(await subscribe()).toBe(queueUrl);
    const { Subscriptions = [] } = await emulators.sns.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: emulators.eventsTopicArn }),
    );
    const ours = Subscriptions.filter(({ Endpoint = "" }) => Endpoint.endsWith(":job-events-subscriber"));
    expect(ours).toHaveLength(1);
  });

  it("keeps the newest event of a job, whatever the order and however often each comes", () => {
    const event = fc.record({
      id: fc.constantFrom("a", "b"),
      createdAt: fc.constantFrom("2026-11-02T10:00:00.000Z", "2026-11-02T10:00:00.001Z", "2027-01-01T00:00:00.000Z"),
      version: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1 }), (events) => {
        const states = new JobStates(":memory:");
        const jobs = events.map((order) => buildJob(order));
        for (const job of jobs) states.keep(jobEvent(job));
        for (const { id } of jobs) expect(states.find(id)).toBe(jobEvent(newest(jobs.filter((job) => job.id === id))));
      }),
      runs(100),
    );
  });

  it("lists the packages that this project installs", async () => {
    const { dependencies } = JSON.parse(await readFile(`${FOLDER}/package.json`, "utf8")) as { dependencies: object };
    for (const [name, version] of Object.entries(dependencies))
      expect(JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"))).toMatchObject({ version });
  });
});
