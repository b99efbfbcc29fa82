import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { recordCalls } from "../../support/client-middleware.ts";
import { BOB } from "../api-event.ts";
import { type ApiUnderTest, startApi } from "../api-under-test.ts";
import { publishedEvents, purgeQueues, receiveMessages } from "../queues.ts";

const BODY = { type: "canary", input: { op: "echo", value: 1 } };

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  await purgeQueues(api);
});
afterAll(async () => {
  await api.stop();
});

describe("an idempotency key", () => {
  const withKey = (key: string, body: unknown = BODY) => ({ body, headers: { "idempotency-key": key } });

  it("adds one job, however often the request comes", async () => {
    const first = await api.call("addJob", withKey("once"));
    const again = await api.call("addJob", withKey("once", { input: { value: 1, op: "echo" }, type: "canary" }));
    expect(first.headers).not.toHaveProperty("idempotency-replayed");
    expect(again).toEqual({ ...first, headers: { ...first.headers, "idempotency-replayed": "true" } });
    expect(await receiveMessages(api.sqs, api.queueUrl)).toHaveLength(1);
    expect(await publishedEvents(api)).toEqual([first.body, first.body]);
  });

  it("answers a replay with the job as it is by then", async () => {
    const { body: job } = await api.call("addJob", withKey("later"));
    await api.call("cancelJob", { id: job.id });
    const again = await api.call("addJob", withKey("later"));
    expect(again).toMatchObject({ status: 202, body: { id: job.id, status: "CANCELLED", version: 2 } });
  });

  it("finds a job of a type that has been retired since, which takes no other", async () => {
    const added = await api.call("addJob", withKey("before"));
    const entry = (await api.registry.get("canary"))!;
    const retired = api.variant({ registry: { get: async () => ({ ...entry, retired: true as const }) } });
    expect(await retired("addJob", withKey("before"))).toMatchObject({ status: 202, body: { id: added.body.id } });
    expect(await retired("addJob", { body: BODY })).toMatchObject({
      status: 409,
      body: { code: "JobTypeRetired", detail: "job type canary is retired, and takes no more jobs" },
    });
  });

  it("is refused with another payload, and has no effect then", async () => {
    const { body: job } = await api.call("addJob", withKey("reused"));
    await purgeQueues(api);
    const other = { ...BODY, input: { op: "echo", value: 2 } };
    expect(await api.call("addJob", withKey("reused", other))).toMatchObject({
      status: 409,
      body: { code: "IdempotencyKeyReused" },
    });
    expect(await receiveMessages(api.sqs, api.queueUrl)).toEqual([]);
    expect(await publishedEvents(api)).toEqual([]);
    expect((await api.call("getJob", { id: job.id })).body).toEqual(job);
  });

  it("tells integers apart that are one double, where a command gets them", async () => {
    const entry = (await api.registry.get("canary"))!;
    const call = api.variant({ registry: { get: async () => ({ ...entry, isolation: "process" }) } });
    const add = (value: string) => call("addJob", withKey("digits", `{"type":"canary","input":{"op":"echo","value":${value}}}`));
    expect(await add("9007199254740992")).toMatchObject({ status: 202 });
    expect(await add("9007199254740993")).toMatchObject({ status: 409, body: { code: "IdempotencyKeyReused" } });
    const again = await add("9007199254740992.0");
    expect(again).toMatchObject({ status: 202, headers: { "idempotency-replayed": "true" } });
  });

  it("refuses an integer that is no double, where a handler would get another", async () => {
    const add = (value: string) =>
      api.call("addJob", withKey("doubles", `{"type":"canary","input":{"op":"echo","value":${value}}}`));
    expect(await add("9007199254740992")).toMatchObject({ status: 202 });
    expect(await add("9007199254740993")).toMatchObject({ status: 422, body: { errors: [{ path: "/input/value" }] } });
  });

  it("belongs to its caller", async () => {
    const { body: ada } = await api.call("addJob", withKey("shared"));
    const { body: bob, headers } = await api.call("addJob", { ...withKey("shared"), principal: BOB });
    expect(bob.id).not.toBe(ada.id);
    expect(headers).not.toHaveProperty("idempotency-replayed");
  });

  it("belongs to one type: another type's job is another, and neither is a replay", async () => {
    const entry = (await api.registry.get("canary"))!;
    const call = api.variant({ registry: { get: async (name) => ({ ...entry, name }) } });
    const [canary, second] = [
      await call("addJob", withKey("types")),
      await call("addJob", withKey("types", { ...BODY, type: "second" })),
    ];
    expect([canary, second].map(({ status, headers }) => [status, headers["idempotency-replayed"]])).toEqual([
      [202, undefined],
      [202, undefined],
    ]);
    expect([canary.body.id, second.body.id]).toEqual([expect.stringMatching(/^canary_/), expect.stringMatching(/^second_/)]);
  });

  it("belongs to a role, whichever session it calls in", async () => {
    const role = "arn:aws:sts::123456789012:assumed-role/app";
    const { body: first } = await api.call("addJob", { ...withKey("role"), principal: `${role}/one` });
    const { body: again, headers } = await api.call("addJob", { ...withKey("role"), principal: `${role}/two` });
    expect(again.id).toBe(first.id);
    expect(headers).toHaveProperty("idempotency-replayed", "true");
  });

  it("is another where the caller names the group that it would have by default", async () => {
    const { body: job } = await api.call("addJob", withKey("group"));
    expect(await api.call("addJob", withKey("group", { ...BODY, groupId: job.groupId }))).toMatchObject({ status: 409 });
  });

  it("adds one job when the same request comes several times at once", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.call("addJob", withKey("race"))));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers["idempotency-replayed"] === undefined)).toHaveLength(1);
  });

  it("lets one of two different requests win that come at once", async () => {
    const other = { ...BODY, input: { op: "echo", value: 2 } };
    const answers = await Promise.all([api.call("addJob", withKey("duel")), api.call("addJob", withKey("duel", other))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
  });

  it("may be used again once its job has expired", async () => {
    const { body: job } = await api.call("addJob", withKey("expired"));
    await api.call("cancelJob", { id: job.id });
    const eightDaysOn = Date.now() + 8 * 86_400_000;
    const other = { ...BODY, input: { op: "echo", value: 2 } };
    const again = await api.variant({ now: () => eightDaysOn })("addJob", withKey("expired", other));
    expect(again).toMatchObject({ status: 202, body: { id: job.id, status: "QUEUED", version: 1 } });
    expect(again.headers).not.toHaveProperty("idempotency-replayed");
  });
});

describe("when something breaks on the way", () => {
  it("creates no job whose message could not be sent", async () => {
    const queue = () => ({ send: async () => Promise.reject(Object.assign(new Error("slow"), { name: "TimeoutError" })) });
    const calls = recordCalls(api.dynamoDb);
    const answer = await api.variant({ queue })("addJob", { body: BODY });
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "2" } });
    expect(calls).toEqual([]);
  });

  it("finds the job with its key when only the publish failed", async () => {
    const request = { body: BODY, headers: { "idempotency-key": "unpublished" } };
    const publish = async () => Promise.reject(Object.assign(new Error("slow"), { name: "TimeoutError" }));
    const events = { publish, publishBatch: publish };
    expect(await api.variant({ events })("addJob", request)).toMatchObject({ status: 503 });
    expect(await api.call("addJob", request)).toMatchObject({ status: 202, headers: { "idempotency-replayed": "true" } });
    expect(await publishedEvents(api)).toMatchObject([{ version: 1, status: "QUEUED" }]);
  });
});
