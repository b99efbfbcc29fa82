import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { SubscribeCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { StoredJob } from "../../domain/job.ts";
import { JobEvents, jobEvent } from "../../domain/job-events.ts";
import { isNewerState } from "../../domain/newer-state.ts";
import type { handler as Handler } from "../../examples/lambda-subscriber/handler.ts";
import { JobStates } from "../../examples/lambda-subscriber/job-states.ts";
import { createTable } from "../../local/aws/tables.ts";
import { buildJob } from "../support/build-job.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { runs } from "../support/property-runs.ts";

const FOLDER = "examples/lambda-subscriber";
const BUILT = `${FOLDER}/dist`;
const TABLE = "job-states";

let emulators: Emulators;
let dynamoDb: DynamoDBClient;
let handler: typeof Handler;

beforeAll(async () => {
  emulators = await startEmulators();
  dynamoDb = new DynamoDBClient();
  await createTable(dynamoDb, {
    TableName: TABLE,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  });
  vi.stubEnv("JOB_STATES_TABLE_NAME", TABLE);
  ({ handler } = await import(await bundle()));
});
afterAll(async () => {
  dynamoDb.destroy();
  await rm(BUILT, { recursive: true, force: true });
  await emulators.stop();
});

/** Builds what is deployed, beside the sources, where it finds the AWS SDK as Lambda has it. @returns its URL. */
async function bundle(): Promise<string> {
  const { scripts } = JSON.parse(await readFile(`${FOLDER}/package.json`, "utf8")) as { scripts: { build: string } };
  const [program = "", ...args] = scripts.build.split(" ");
  await promisify(execFile)(path.resolve("node_modules/.bin", program), args, { cwd: FOLDER });
  return pathToFileURL(path.resolve(BUILT, "handler.mjs")).href;
}

/** What a message is in the event that SNS hands to a function. */
const invocation = (Message: string) => ({ Records: [{ EventSource: "aws:sns", EventVersion: "1.0", Sns: { Message } }] });

async function stored(id: string): Promise<string | undefined> {
  const { Item } = await dynamoDb.send(new GetItemCommand({ TableName: TABLE, Key: { id: { S: id } }, ConsistentRead: true }));
  return Item?.event?.S;
}

const newest = (events: readonly StoredJob[]): StoredJob =>
  events.reduce((known, event) => (isNewerState(event, known) ? event : known));

/** A queue that gets what SNS would hand to the function: its envelopes, of the jobs that the Terraform's policy lets through. */
async function subscribeEnvelopes(): Promise<string> {
  const terraform = await readFile(`${FOLDER}/main.tf`, "utf8");
  const [, FilterPolicyScope = ""] = /filter_policy_scope += "(\w+)"/.exec(terraform) ?? [];
  const [, expression = ""] = /filter_policy +=\s+jsonencode\((.+)\)/.exec(terraform) ?? [];
  const FilterPolicy = expression.replaceAll(/(\w+) = /g, '"$1": ');
  const queueUrl = await emulators.createQueue("envelopes");
  const { Attributes } = await emulators.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] }),
  );
  await emulators.sns.send(
    new SubscribeCommand({
      TopicArn: emulators.eventsTopicArn,
      Protocol: "sqs",
      Endpoint: Attributes?.QueueArn,
      Attributes: { FilterPolicyScope, FilterPolicy },
    }),
  );
  return queueUrl;
}

describe("the example of a subscriber as a function", () => {
  it("stores what SNS hands to it as it was published: of the ended jobs of its team the newest state", async () => {
    const queueUrl = await subscribeEnvelopes();
    const of = (id: string, overrides: Partial<StoredJob>) =>
      buildJob({ id, input: "9007199254740993", tags: { team: "billing" }, ...overrides });
    const [ended, running, foreign] = ["A", "B", "C"].map((last) => `canary_01JCQ8N6V4W2X9Y7Z5T3R1P0M${last}`) as [
      string,
      string,
      string,
    ];
    const succeeded = of(ended, { status: "SUCCEEDED", result: '{"pages":1.10}' });
    const events = new JobEvents(emulators.sns, emulators.eventsTopicArn);
    for (const job of [
      succeeded,
      of(ended, { status: "RUNNING" }),
      of(running, { status: "RUNNING" }),
      of(foreign, { status: "FAILED", tags: { team: "search" } }),
      succeeded,
    ])
      await events.publish(job);

    const { Messages = [] } = await emulators.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    expect(Messages).toHaveLength(2);
    const print = vi.spyOn(console, "log").mockReturnValue();
    for (const { Body = "" } of Messages) await handler(invocation((JSON.parse(Body) as { Message: string }).Message));
    expect(print.mock.calls).toEqual([[`${ended} 3 SUCCEEDED`]]);
    print.mockRestore();
    expect(await Promise.all([ended, running, foreign].map(stored))).toEqual([jobEvent(succeeded), undefined, undefined]);
  });

  it.each(["not JSON", "null", '{"Type":"Notification"}'])(
    "throws what is no event, so that it becomes a dead letter: %s",
    async (text) => {
      await expect(handler(invocation(text))).rejects.toThrow();
    },
  );

  it("throws what the table did not take", async () => {
    const elsewhere = new JobStates(dynamoDb, "no-such-table");
    await expect(elsewhere.keep(jobEvent(buildJob()))).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("keeps the newest event of a job, whatever the order, however often each comes, and however many at once", async () => {
    let games = 0;
    const event = fc.record({
      life: fc.constantFrom("2026-11-02T10:00:00.000Z", "2026-11-02T10:00:00.001Z", "2027-01-01T00:00:00.000Z"),
      version: fc.integer({ min: 1, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 8 }), async (orders) => {
        games += 1;
        const id = buildJob().id;
        const jobs = orders.map(({ life, version }) => buildJob({ id, createdAt: life, version, input: String(games) }));
        const states = new JobStates(dynamoDb, TABLE);
        await Promise.all(jobs.map((job) => states.keep(jobEvent(job))));
        expect(await stored(id)).toBe(jobEvent(newest(jobs)));
      }),
      runs(30),
    );
  });

  it("lists the packages that this project installs", async () => {
    const { dependencies, devDependencies } = JSON.parse(await readFile(`${FOLDER}/package.json`, "utf8")) as Record<
      string,
      object
    >;
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
      expect(JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"))).toMatchObject({ version });
  });
});
