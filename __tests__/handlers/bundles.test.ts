import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { queueNames } from "../../domain/queue-names.ts";
import { LAMBDAS, type LambdaName } from "../../domain/routes.ts";
import type { ApiEvent, ApiResponse } from "../../handlers/http/event.ts";
import { buildJob } from "../support/build-job.ts";
import { type ApiUnderTest, type Call, CONTEXT, caller, startApi } from "./api-under-test.ts";
import { type EcsStandIn, startEcs } from "./ecs-stand-in.ts";
import { publishedEvents, purgeQueues, receiveMessages } from "./queues.ts";

type Handler<Event, Answer> = (event: Event, context: Context) => Promise<Answer>;

async function load<Event, Answer>(name: LambdaName): Promise<Handler<Event, Answer>> {
  const file = path.resolve("dist/handlers", name, "index.mjs");
  if (!existsSync(file)) throw new Error(`the bundle of ${name} is missing: npm run build`);
  return ((await import(file)) as { handler: Handler<Event, Answer> }).handler;
}

/** A setting that a Lambda does not start without. */
const NEEDED: Partial<Record<LambdaName, string>> = { "create-upload": "JOB_RESULTS_BUCKET", control: "JOB_TYPES_TABLE_NAME" };

let api: ApiUnderTest;
let ecs: EcsStandIn;
beforeAll(async () => {
  [api, ecs] = await Promise.all([startApi(), startEcs()]);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_ECS: ecs.url,
    JOBS_TABLE_NAME: api.jobsTableName,
    JOB_TYPES_TABLE_NAME: api.jobTypesTableName,
    JOB_EVENTS_TOPIC_ARN: api.eventsTopicArn,
    JOB_RESULTS_BUCKET: api.resultsBucket,
    POWERTOOLS_LOG_LEVEL: "SILENT",
    POWERTOOLS_METRICS_DISABLED: "true",
  });
});
afterAll(async () => {
  await Promise.all([api.stop(), ecs.stop()]);
});

async function apiBundle(name: LambdaName): Promise<Call> {
  return caller(await load<ApiEvent, ApiResponse>(name));
}

describe("the built Lambdas", () => {
  it("hold no zod, of which the worker's job types do hold some", async () => {
    const holdingZod = async (folder: string): Promise<string[]> => {
      const files = (await readdir(folder)).filter((file) => file.endsWith(".mjs"));
      const texts = await Promise.all(files.map(async (file) => await readFile(path.join(folder, file), "utf8")));
      return files.filter((_, index) => texts[index]?.includes("ZodObject"));
    };
    for (const name of LAMBDAS) expect(await holdingZod(path.join("dist/handlers", name)), name).toEqual([]);
    expect(await holdingZod("dist/workers/canary")).toContain("job-type.mjs");
  });

  it("take a job through its life: add, wake, read, list, cancel", async () => {
    const [add, query, cancel] = await Promise.all([apiBundle("add-job"), apiBundle("query-job"), apiBundle("cancel-job")]);
    const input = { op: "echo", value: "x".repeat(5_000) };
    const { status, body: job } = await add("addJob", { body: { type: "canary", input } });
    expect(status).toBe(202);
    expect(ecs.desiredCount).toBe(1);
    expect(await receiveMessages(api.sqs, api.queueUrl)).toEqual([job.id]);

    const { body: read } = await query("getJob", { id: job.id });
    expect(await (await fetch(read.inputUrl)).json()).toEqual(input);
    expect((await query("listJobs", { query: { type: "canary" } })).body.items).toEqual([job]);
    expect((await query("listJobTypes")).body.items).toHaveLength(1);
    expect((await query("describeApi")).body.openapi).toBe("3.1.0");

    expect(await cancel("cancelJob", { id: job.id })).toMatchObject({ status: 200, body: { status: "CANCELLED" } });
    expect((await publishedEvents(api)).map(({ version }) => version)).toEqual([1, 1, 2]);
  });

  it("refuse a bad input with every error", async () => {
    const add = await apiBundle("add-job");
    expect(await add("addJob", { body: { type: "canary", input: { op: "sleep" } } })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/input/seconds", message: "is required" }] },
    });
  });

  it("close the job of a dead letter", async () => {
    const deadLetter = await load<SQSEvent, SQSBatchResponse>("dead-letter");
    const job = buildJob();
    await api.dynamoDb.send(new PutCommand({ TableName: api.jobsTableName, Item: job }));
    await purgeQueues(api);
    const eventSourceARN = `arn:aws:sqs:us-east-1:000000000000:${queueNames("test", job.type).deadLetters}`;
    const Records = [{ messageId: "message-1", body: job.id, eventSourceARN } as SQSRecord];
    expect(await deadLetter({ Records }, CONTEXT)).toEqual({ batchItemFailures: [] });
    expect((await publishedEvents(api)).map(({ status }) => status)).toEqual(["QUEUED", "FAILED"]);
  });

  it.each(LAMBDAS)("of which %s starts only with its settings", async (name) => {
    const needed = NEEDED[name] ?? "JOBS_TABLE_NAME";
    const value = process.env[needed];
    delete process.env[needed];
    try {
      await expect(import(`${path.resolve("dist/handlers", name, "index.mjs")}?without-settings`)).rejects.toThrow(
        `environment variable ${needed} is missing`,
      );
    } finally {
      process.env[needed] = value;
    }
  });
});
