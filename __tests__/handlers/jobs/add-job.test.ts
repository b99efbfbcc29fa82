import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MAX_BODY_BYTES } from "../../../domain/limits.ts";
import { registryEntry } from "../../../domain/registry-entry.ts";
import { Validator } from "../../../handlers/http/validator.ts";
import { createWake } from "../../../handlers/jobs/wake.ts";
import { wakeCalls } from "../../../handlers/jobs/wake-calls.ts";
import { jobTypeIn } from "../../../jobs/canary/job-type.ts";
import { buildRegistryEntry } from "../../support/build-registry-entry.ts";
import { recordCalls } from "../../support/client-middleware.ts";
import { publicJob } from "../../support/public-job.ts";
import { type ApiUnderTest, startApi } from "../api-under-test.ts";
import { type EcsStandIn, startEcs } from "../ecs-stand-in.ts";
import { publishedEvents, purgeQueues, receiveMessages } from "../queues.ts";
import { recordedTelemetry } from "../recorded-telemetry.ts";

const BODY = { type: "canary", input: { op: "echo", value: 1 } };

let api: ApiUnderTest;
let ecs: EcsStandIn;
beforeAll(async () => {
  [api, ecs] = await Promise.all([startApi(), startEcs()]);
  process.env.AWS_ENDPOINT_URL_ECS = ecs.url;
});
beforeEach(async () => {
  await purgeQueues(api);
});
afterAll(async () => {
  await Promise.all([api.stop(), ecs.stop()]);
});

/** Expects that a refused request left no message and no event. */
async function expectNothingSent(): Promise<void> {
  expect(await receiveMessages(api.sqs, api.queueUrl)).toEqual([]);
  expect(await receiveMessages(api.sqs, api.eventsQueueUrl)).toEqual([]);
}

describe("adding a job", () => {
  it("answers 202 with the job, stores it, sends its ID and publishes its first version", async () => {
    const body = { ...BODY, groupId: "tenant-1", tags: { order: "数据-1" } };
    const { status, headers, body: job } = await api.call("addJob", { body });
    expect(status).toBe(202);
    expect(headers.location).toBe(`/jobs/${job.id}`);
    expect(job).toEqual({
      ...body,
      id: expect.stringMatching(/^canary_[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
      status: "QUEUED",
      version: 1,
      attempt: 0,
      maxAttempts: 3,
      owner: "iam:arn:aws:iam::123456789012:user/ada",
      createdAt: expect.any(String),
      updatedAt: job.createdAt,
    });
    expect(publicJob((await api.store.get(job.id))!)).toEqual(job);
    expect(await receiveMessages(api.sqs, api.queueUrl)).toEqual([job.id]);
    expect(await publishedEvents(api)).toEqual([job]);
  });

  it("hands the tenant to SQS, for fairness", async () => {
    const calls = recordCalls(api.sqs);
    const { body: job } = await api.call("addJob", { body: { ...BODY, groupId: "tenant-1" } });
    expect(calls[0]?.input.Entries).toEqual([{ Id: "0", MessageBody: job.id, MessageGroupId: "tenant-1" }]);
  });

  it("makes a caller who names no group one tenant, its owner, whichever session it calls in", async () => {
    const role = "arn:aws:sts::123456789012:assumed-role/app";
    const calls = recordCalls(api.sqs);
    for (const principal of [`${role}/one`, `${role}/two`]) {
      const { body: job } = await api.call("addJob", { body: BODY, principal });
      expect(job).toMatchObject({ owner: `iam:${role}`, groupId: `iam:${role}` });
      expect(await api.store.get(job.id)).toMatchObject({ groupId: `iam:${role}` });
    }
    expect(calls.map(({ input }) => (input.Entries as { MessageGroupId: string }[])[0]?.MessageGroupId)).toEqual([
      `iam:${role}`,
      `iam:${role}`,
    ]);
    expect(await publishedEvents(api)).toMatchObject([{ groupId: `iam:${role}` }, { groupId: `iam:${role}` }]);
  });

  it("makes an owner whom SQS takes for no group a group of its own", async () => {
    const groups = new Set<string>();
    for (const principal of ["ada lovelace", "ada  lovelace", "å".repeat(200)]) {
      const { status, body: job } = await api.call("addJob", { body: BODY, principal });
      expect(status).toBe(202);
      groups.add(job.groupId);
    }
    expect(groups.size).toBe(3);
    expect(await receiveMessages(api.sqs, api.queueUrl)).toHaveLength(3);
  });

  it("is not held up by a pattern that backtracks, which the registry has of an older deployment", async () => {
    const inputSchema = {
      type: "object",
      properties: {
        words: { type: "string", pattern: "^(\\w+\\s?)*$" },
        code: { type: "string", maxLength: 20, pattern: "\\s+$" },
      },
    };
    await api.registry.register(buildRegistryEntry("slow-pattern", { queueUrl: api.queueUrl, inputSchema }));
    const add = (input: object) => api.call("addJob", { body: { type: "slow-pattern", input } });
    expect(await add({ words: `${"a".repeat(60)}!` })).toMatchObject({
      status: 422,
      body: { code: "InvalidInput", errors: [{ path: "/input", message: expect.stringMatching(/^cannot be checked within/) }] },
    });
    expect(await add({ code: " ".repeat(80_000) })).toMatchObject({
      status: 422,
      body: {
        code: "InvalidInput",
        errors: [{ path: "/input/code", message: "must have at most 20 characters, not 80000" }],
      },
    });
    await expectNothingSent();
    expect(await add({ words: "good words", code: "a " })).toMatchObject({ status: 202 });
  });

  it("delays the message, and tells the job when the delay is over", async () => {
    const { status, body: job } = await api.call("addJob", { body: { ...BODY, delaySeconds: 60 } });
    expect(status).toBe(202);
    expect(Date.parse(job.runAt)).toBe(Date.parse(job.createdAt) + 60_000);
    expect(await api.store.get(job.id)).toMatchObject({ runAt: job.runAt });
    expect(await receiveMessages(api.sqs, api.queueUrl)).toEqual([]);
  });

  it("counts the delay from before the message is sent, so that the message is never ahead of its job's time", async () => {
    let clock = Date.now();
    const queue = () => ({
      send: async () => {
        clock += 20_000;
      },
    });
    const { body: job } = await api.variant({ queue, now: () => clock })("addJob", { body: { ...BODY, delaySeconds: 30 } });
    expect(Date.parse(job.runAt)).toBe(clock + 10_000);
  });

  it.each([0, -0, undefined])("tells no time where there is no delay: %s", async (delaySeconds) => {
    const { body: job } = await api.call("addJob", { body: { ...BODY, delaySeconds } });
    expect(job).not.toHaveProperty("runAt");
  });

  it("publishes tags with any unicode as they are", async () => {
    const tags = { "ключ 🦜": "\uffff\u2028'\"\\<&>", constructor: "c" };
    const { body: job } = await api.call("addJob", { body: { ...BODY, tags } });
    expect(await publishedEvents(api)).toMatchObject([{ tags }]);
    expect((await api.call("getJob", { id: job.id })).body.tags).toEqual(tags);
  });

  it("logs and counts the job, but nothing of its content", async () => {
    const telemetry = recordedTelemetry();
    const body = { ...BODY, input: { op: "echo", value: "secret" }, tags: { customer: "secret" } };
    const { body: job } = await api.variant({ telemetry })("addJob", { body });
    const attributes = { jobId: job.id, jobType: "canary", status: "QUEUED" };
    expect(telemetry.lines).toEqual([{ level: "info", message: "job added", attributes }]);
    expect(telemetry.counted).toEqual([["JobsAdded", { jobType: "canary" }]]);
  });
});

describe("a bad request to add a job", () => {
  it.each<[string, unknown, number, string, string[]?]>([
    ["a body that is no JSON", "{", 400, "InvalidJson"],
    ["no body", undefined, 400, "InvalidJson"],
    ["a body of the wrong type", [BODY], 400, "InvalidRequest", [""]],
    [
      "several wrong members",
      { input: 1, delaySeconds: "1", more: 1 },
      400,
      "InvalidRequest",
      ["/type", "/more", "/delaySeconds"],
    ],
    [
      "numbers that its handler could not hold",
      '{"type":"canary","input":{"op":"echo","value":[1e400,9007199254740993,0.12345678901234567890123,1.10]}}',
      422,
      "InvalidInput",
      ["/input/value/0", "/input/value/1", "/input/value/2"],
    ],
    [
      "a number that no setting could hold",
      '{"type":"canary","input":{"op":"echo","value":1},"delaySeconds":5.00000000000000000001}',
      400,
      "InvalidRequest",
      ["/delaySeconds"],
    ],
    [
      "two members of one name",
      '{"type":"canary","input":{"op":"echo","value":1,"op":"echo"}}',
      400,
      "InvalidRequest",
      ["/input/op"],
    ],
    ["a control character in a tag", { ...BODY, tags: { a: "b\u0007" } }, 400, "InvalidRequest", ["/tags/a"]],
    ["an unknown job type", { ...BODY, type: "no-such" }, 404, "UnknownJobType"],
    ["a name that is no job type's", { ...BODY, type: "" }, 404, "UnknownJobType"],
    ["a name too long for DynamoDB", { ...BODY, type: "x".repeat(5_000) }, 404, "UnknownJobType"],
    [
      "an input that misses the schema",
      { ...BODY, input: { op: "sleep", seconds: -1, x: 1 } },
      422,
      "InvalidInput",
      ["/input/x", "/input/seconds"],
    ],
    ["a body of 10 MB", { ...BODY, input: { op: "echo", value: "x".repeat(10_000_000) } }, 413, "BodyTooLarge"],
  ])("with %s is refused", async (_, body, status, code, paths) => {
    const answer = await api.call("addJob", { body });
    expect(answer).toMatchObject({ status, headers: { "content-type": "application/problem+json" }, body: { status, code } });
    expect(answer.body.errors?.map(({ path }: { path: string }) => path)).toEqual(paths);
    await expectNothingSent();
  });

  it.each(["", "k".repeat(257), "naïve", "tab\there"])("with the idempotency key %j is refused", async (key) => {
    const { status, body } = await api.call("addJob", { body: BODY, headers: { "idempotency-key": key } });
    expect({ status, errors: body.errors }).toEqual({
      status: 400,
      errors: [{ path: "Idempotency-Key", message: "must have 1 to 256 printable ASCII characters" }],
    });
    await expectNothingSent();
  });

  it.each([{ op: "crash" }, { op: "allocate", mebibytes: 1 }])(
    "is refused where the environment has the safe canary: %j",
    async (input) => {
      const deployment = { queueUrl: api.queueUrl, cluster: "jobs", service: "canary" };
      const registry = { get: async () => registryEntry(jobTypeIn({ canary: "safe" }), deployment) };
      const { status, body } = await api.variant({ registry, validator: new Validator() })("addJob", {
        body: { ...BODY, input },
      });
      expect({ status, code: body.code, errors: body.errors }).toEqual({
        status: 422,
        code: "InvalidInput",
        errors: [
          {
            path: "/input/op",
            message: `must be one of "echo", "sleep", "fail", "flaky", "checkpoints", "spin", "digest", "result", not "${input.op}"`,
          },
        ],
      });
      await expectNothingSent();
    },
  );

  it("from nobody is refused", async () => {
    expect(await api.call("addJob", { body: BODY, principal: null })).toMatchObject({ status: 401 });
    await expectNothingSent();
  });

  it("is refused quickly even when every element of a large input is wrong", async () => {
    const input = { op: "result", bytes: 1, more: Array.from({ length: MAX_BODY_BYTES / 4 }, () => 1) };
    expect(await api.call("addJob", { body: { ...BODY, input } })).toMatchObject({ status: 422 });
  });

  it("is not taken when the queue of its type is gone", async () => {
    const entry = (await api.registry.get("canary"))!;
    const registry = { get: async () => ({ ...entry, queueUrl: `${entry.queueUrl}-gone` }) };
    const created = recordCalls(api.dynamoDb);
    const { status, body } = await api.variant({ registry })("addJob", { body: BODY });
    expect({ status, code: body.code }).toEqual({ status: 500, code: "InternalError" });
    expect(JSON.stringify(body)).not.toContain("queue");
    expect(created).toEqual([]);
  });
});

describe("the calls that adding takes", () => {
  const load = async () => wakeCalls(api.dynamoDb, api.jobTypesTableName, api.sqs);
  const wake = (later = 0) => createWake(load, recordedTelemetry(), { now: () => Date.now() + later * 60_000 });

  it("are three once the type is known and its service awake: send, put, publish", async () => {
    const call = api.variant({ wake: wake() });
    await call("addJob", { body: BODY });
    const [dynamoDb, sqs, sns] = [api.dynamoDb, api.sqs, api.sns].map(recordCalls);
    ecs.calls.length = 0;
    await call("addJob", { body: BODY });
    expect([dynamoDb, sqs, sns].map((calls) => calls?.map(({ command }) => command))).toEqual([
      ["PutItemCommand"],
      ["SendMessageBatchCommand"],
      ["PublishBatchCommand"],
    ]);
    expect(ecs.calls).toEqual([]);
  });

  it("are one more with an idempotency key", async () => {
    await api.call("addJob", { body: BODY });
    const dynamoDb = recordCalls(api.dynamoDb);
    await api.call("addJob", { body: BODY, headers: { "idempotency-key": "counted" } });
    expect(dynamoDb.map(({ command }) => command)).toEqual(["GetItemCommand", "PutItemCommand"]);
  });

  it("wake a sleeping service before the answer", async () => {
    ecs.desiredCount = 0;
    await api.variant({ wake: wake(1) })("addJob", { body: BODY });
    expect(ecs.desiredCount).toBe(1);
  });

  it("leave a service asleep for a job that is kept back for long", async () => {
    const call = api.variant({ wake: wake(2) });
    ecs.desiredCount = 0;
    await call("addJob", { body: { ...BODY, delaySeconds: 61 } });
    expect(ecs.desiredCount).toBe(0);
    await call("addJob", { body: { ...BODY, delaySeconds: 60 } });
    expect(ecs.desiredCount).toBe(1);
  });
});
