import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Controls } from "../../../../domain/controls.ts";
import { buildRegistryEntry } from "../../../support/build-registry-entry.ts";
import { ADA, BOB, ownerOf } from "../../api-event.ts";
import { type ApiUnderTest, startApi } from "../../api-under-test.ts";

const AT = Date.parse("2026-11-30T03:00:00.000Z");
const LATER = AT + 60_000;

let api: ApiUnderTest;
let controls: Controls;
beforeAll(async () => {
  api = await startApi();
  controls = new Controls(api.dynamoDb, api.jobTypesTableName);
  await api.registry.register(buildRegistryEntry("old", { retired: true }));
});
afterEach(async () => {
  await api.call("resumeJobType", { name: "canary" });
});
afterAll(async () => {
  await api.stop();
});

const at = (now: number) => api.variant({ now: () => now });
const listed = async (name: string) =>
  (await api.call("listJobTypes")).body.items.find((item: { readonly name: string }) => item.name === name);

describe("POST /job-types/{name}/pause", () => {
  it("answers with the type, which says who paused it, when and why, as its list does", async () => {
    const reason = "the printer burns";
    const { status, body } = await at(AT)("pauseJobType", { name: "canary", body: { reason } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: "canary", limits: { concurrency: expect.any(Number) } });
    expect(body.paused).toEqual({ by: ownerOf(ADA), at: "2026-11-30T03:00:00.000Z", reason });
    expect(await listed("canary")).toEqual(body);
    expect(await listed("old")).not.toHaveProperty("paused");
  });

  it.each([[undefined], [""], ["{}"], [" \n"]])("needs no reason: body %j", async (body) => {
    const { body: answered } = await at(AT)("pauseJobType", { name: "canary", ...(body === undefined ? {} : { body }) });
    expect(answered.paused).toEqual({ by: ownerOf(ADA), at: "2026-11-30T03:00:00.000Z" });
  });

  it("leaves a paused type as it is, with the name of who paused it first", async () => {
    const { body } = await at(AT)("pauseJobType", { name: "canary", body: { reason: "first" } });
    const again = await at(LATER)("pauseJobType", { name: "canary", body: { reason: "second" }, principal: BOB });
    expect(again).toMatchObject({ status: 200, body: { paused: body.paused } });
  });

  it("pauses a retired type, whose last jobs may still run", async () => {
    expect(await api.call("pauseJobType", { name: "old" })).toMatchObject({ status: 200, body: { retired: true } });
  });

  it.each(["no-such", "", "x".repeat(200), "Canary", "canary_controls", "../jobs"])("is 404 for the type %s", async (name) => {
    expect(await api.call("pauseJobType", { name })).toMatchObject({ status: 404, body: { code: "UnknownJobType" } });
  });

  it.each([
    [{ reason: "" }, "/reason"],
    [{ reason: "x".repeat(501) }, "/reason"],
    [{ reason: "two\nlines" }, "/reason"],
    [{ reason: "\u001b[2J" }, "/reason"],
    [{ reason: "a\u2028b" }, "/reason"],
    [{ reason: 7 }, "/reason"],
    [{ until: "tomorrow" }, "/until"],
    ["[]", ""],
  ])("refuses %j", async (body, path) => {
    const answered = await api.call("pauseJobType", { name: "canary", body });
    expect(answered).toMatchObject({ status: 400, body: { code: "InvalidRequest", errors: [{ path }] } });
    expect(await listed("canary")).not.toHaveProperty("paused");
  });

  it.each([
    [
      { reason: 7, until: "x" },
      ["must be one line of 1 to 500 characters, without control characters", "is not allowed here, only reason"],
    ],
    ["[]", ["must be an object, not an array"]],
    ["null", ["must be an object, not null"]],
    [{ reason: "😀".repeat(501) }, ["must be one line of 1 to 500 characters, without control characters"]],
  ])("says what is wrong with %j", async (body, messages) => {
    const { body: problem } = await api.call("pauseJobType", { name: "canary", body });
    expect(problem.errors.map(({ message }: { readonly message: string }) => message)).toEqual(messages);
  });

  it("takes a reason of 500 characters, of any language", async () => {
    const reason = "😀é".repeat(250);
    const { body } = await api.call("pauseJobType", { name: "canary", body: { reason } });
    expect(body.paused.reason).toBe(reason);
  });

  it("refuses what is no JSON, and a caller without a name", async () => {
    expect(await api.call("pauseJobType", { name: "canary", body: "{" })).toMatchObject({ body: { code: "InvalidJson" } });
    expect(await api.call("pauseJobType", { name: "canary", principal: null })).toMatchObject({ status: 401 });
    expect(await listed("canary")).not.toHaveProperty("paused");
  });
});

describe("POST /job-types/{name}/resume", () => {
  it("answers with the type, which is not paused any more", async () => {
    await api.call("pauseJobType", { name: "canary" });
    const { status, body } = await api.call("resumeJobType", { name: "canary", principal: BOB });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty("paused");
    expect(await listed("canary")).toEqual(body);
  });

  it("changes nothing of a type that is not paused", async () => {
    const before = await controls.get("canary");
    expect((await api.call("resumeJobType", { name: "canary" })).status).toBe(200);
    expect(await controls.get("canary")).toEqual(before);
  });

  it("is 404 for an unknown type, and 401 without a name", async () => {
    expect(await api.call("resumeJobType", { name: "no-such" })).toMatchObject({ status: 404 });
    expect(await api.call("resumeJobType", { name: "canary", principal: null })).toMatchObject({ status: 401 });
  });
});

describe("the history of a type", () => {
  it("has who did what when, newest first", async () => {
    await at(AT)("pauseJobType", { name: "canary", body: { reason: "why" } });
    await at(LATER)("resumeJobType", { name: "canary", principal: BOB });
    const { history } = await controls.get("canary");
    expect(history.slice(0, 2)).toEqual([
      { action: "resume", by: ownerOf(BOB), at: new Date(LATER).toISOString() },
      { action: "pause", by: ownerOf(ADA), at: new Date(AT).toISOString(), reason: "why" },
    ]);
  });
});
