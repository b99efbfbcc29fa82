import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MAX_DELAY_SECONDS } from "../../../domain/limits.ts";
import { PayloadStore } from "../../../domain/payload-store.ts";
import { jobScheduleName } from "../../../domain/schedule-settings.ts";
import { JobSchedules } from "../../../handlers/jobs/job-schedules.ts";
import { recordCalls } from "../../support/client-middleware.ts";
import { type ApiParts, type ApiUnderTest, type Call, startApi } from "../api-under-test.ts";
import { publishedEvents, purgeQueues, receiveMessages } from "../queues.ts";
import { type SchedulerStandIn, schedulerStandIn } from "../scheduler-stand-in.ts";
import { upload } from "./uploads.ts";

const BODY = { type: "canary", input: { op: "echo", value: 1 } };
const NOW = Date.parse("2026-12-01T12:00:00.250Z");
const YEAR_MS = MAX_DELAY_SECONDS * 1_000;

let api: ApiUnderTest;
let scheduler: SchedulerStandIn;
let woken: string[];
let call: Call;

beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  scheduler = schedulerStandIn();
  woken = [];
  call = at(NOW);
  await purgeQueues(api);
});
afterAll(async () => {
  await api.stop();
});

/** The API at a time. */
function at(now: number, parts: ApiParts = {}): Call {
  const wake = async ({ name }: { readonly name: string }) => {
    woken.push(name);
  };
  return api.variant({ now: () => now, schedules: new JobSchedules(async () => scheduler.calls), wake, ...parts });
}

const add = (more: object, headers = {}) => call("addJob", { body: { ...BODY, ...more }, headers });
const time = (ms: number) => new Date(ms).toISOString();

describe("a job for later", () => {
  it("is a schedule that is named after the job and its time, and no message, and wakes nobody", async () => {
    const { status, body: job } = await add({ delaySeconds: 70, groupId: "tenant" });
    expect(status).toBe(202);
    expect(job.runAt).toBe("2026-12-01T12:01:10.250Z");
    expect([...scheduler.schedules.values()]).toEqual([
      {
        name: `${job.id}GXDR7`,
        at: "2026-12-01T12:01:11",
        input: JSON.stringify({ jobId: job.id, runAt: job.runAt, groupId: "tenant" }),
      },
    ]);
    expect(await receiveMessages(api.sqs, api.queueUrl)).toEqual([]);
    expect(woken).toEqual([]);
    expect(await publishedEvents(api)).toMatchObject([{ id: job.id, status: "QUEUED", runAt: job.runAt }]);
    expect(await api.store.get(job.id)).toMatchObject({ status: "QUEUED", runAt: job.runAt });
  });

  it("has the group that it was given, whatever the scheduler would put in its place", async () => {
    const groupId = "<aws.scheduler.schedule-arn>".repeat(4);
    const { body: job } = await add({ delaySeconds: 70, groupId });
    const input = scheduler.schedules.get(jobScheduleName(job))?.input ?? "";
    expect(input).not.toContain("<aws.scheduler.");
    expect(JSON.parse(input)).toEqual({ jobId: job.id, runAt: job.runAt, groupId });
  });

  it("takes three calls, as any job does", async () => {
    const calls = [recordCalls(api.dynamoDb), recordCalls(api.sns), recordCalls(api.sqs)];
    await add({ delaySeconds: 70 });
    expect(calls.flat()).toHaveLength(2);
    expect(scheduler.schedules.size).toBe(1);
  });

  it("is nowhere where a Lambda makes no schedules", async () => {
    const { status } = await at(NOW, { schedules: undefined as never })("addJob", {
      body: { ...BODY, delaySeconds: 70 },
      headers: { "idempotency-key": "no schedules" },
    });
    expect(status).toBe(500);
    expect(await receiveMessages(api.sqs, api.queueUrl)).toEqual([]);
    expect((await add({ delaySeconds: 70 }, { "idempotency-key": "no schedules" })).headers).not.toHaveProperty(
      "idempotency-replayed",
    );
  });

  it.each([
    ["with its distance from UTC", "2026-12-24T18:00:00+01:00", "2026-12-24T17:00:00.000Z"],
    ["to the millisecond", "2026-12-24T18:00:00.123Z", "2026-12-24T18:00:00.123Z"],
    ["finer than that, and then no earlier", "2026-12-24T18:00:00.1231Z", "2026-12-24T18:00:00.124Z"],
    ["a year ahead", time(NOW + YEAR_MS), time(NOW + YEAR_MS)],
  ])("is due at a time, %s", async (_, runAt, due) => {
    expect((await add({ runAt })).body).toMatchObject({ status: "QUEUED", runAt: due });
  });

  it.each([
    ["in a minute", { runAt: time(NOW + 60_000) }],
    ["after a minute's delay", { delaySeconds: 60 }],
    ["in the same millisecond", { runAt: time(NOW) }],
  ])("is a message, with its worker woken, when it is due %s", async (_, due) => {
    expect((await add(due)).status).toBe(202);
    expect(scheduler.schedules.size).toBe(0);
    expect(woken).toEqual(["canary"]);
  });

  it("has its message held back by SQS for no less than until it is due", async () => {
    const sent: unknown[] = [];
    const queue = () => ({ send: async (message: unknown) => void sent.push(message) });
    await at(NOW, { queue })("addJob", { body: { ...BODY, runAt: time(NOW + 1_001) } });
    expect(sent).toMatchObject([{ delaySeconds: 2 }]);
  });

  it("keeps a large input, and files, where they last until then", async () => {
    const data = await upload(api.call, "a,b\n");
    const body = { ...BODY, input: { op: "echo", value: "x".repeat(5_000) }, files: { data }, delaySeconds: MAX_DELAY_SECONDS };
    const { body: job } = await api.variant({ schedules: new JobSchedules(async () => scheduler.calls) })("addJob", { body });
    expect(job.inputLocation.key).toMatch(new RegExp(`^later/canary/${job.id}/[^/]+\\.json$`));
    const file = (await api.store.get(job.id))?.files?.data;
    expect(file?.key).toMatch(new RegExp(`^later/canary/${job.id}/[^/]+/data$`));
    const { body: read } = await api.call("getJob", { id: job.id });
    expect(await (await fetch(read.files.data.url)).text()).toBe("a,b\n");
    expect(JSON.parse(await (await fetch(read.inputUrl)).text()).value).toHaveLength(5_000);
  });
});

/** A table to which no job comes. */
const crashing = () => ({ get: async () => undefined, create: async () => Promise.reject(new Error("crash")) }) as never;

describe("adding a job for later again, under its key", () => {
  const key = (name: string) => ({ "idempotency-key": name });

  it("answers with the job, also when its time has passed meanwhile", async () => {
    const runAt = time(NOW + 3_600_000);
    const first = await add({ runAt }, key("passed"));
    call = at(NOW + 7_200_000);
    const again = await add({ runAt: "2026-12-01T14:00:00.250+01:00" }, key("passed"));
    expect([again.status, again.body.id, again.headers["idempotency-replayed"]]).toEqual([202, first.body.id, "true"]);
    expect(await add({ runAt: time(NOW + 3_600_001) }, key("passed"))).toMatchObject({ status: 409 });
  });

  it("is refused where its time has passed and there is no job", async () => {
    const refused = {
      status: 400,
      body: { errors: [{ path: "/runAt", message: `must not be in the past: it is ${time(NOW)}` }] },
    };
    expect(await add({ runAt: time(NOW - 1) }, key("none"))).toMatchObject(refused);
  });

  it("makes the schedule of a request that was given up its own", async () => {
    const request = { body: { ...BODY, runAt: time(NOW + 100_000), groupId: "tenant" }, headers: key("crashed") };
    await at(NOW, { store: crashing() })("addJob", request);
    const [given] = scheduler.schedules.values();
    await at(NOW + 30_000)("addJob", request);
    expect([...scheduler.schedules.values()]).toEqual([given]);
  });

  it("is to be tried again where another request makes the same schedule at the same time", async () => {
    const conflict = async () => Promise.reject(Object.assign(new Error("inconsistent state"), { name: "ConflictException" }));
    const schedules = new JobSchedules(async () => ({ ...scheduler.calls, create: async () => false, update: conflict }));
    expect(await at(NOW, { schedules })("addJob", { body: { ...BODY, delaySeconds: 100 } })).toMatchObject({ status: 503 });
  });

  it("leaves the schedule of a request that was given up, where its delay ends at another time now", async () => {
    const request = { body: { ...BODY, delaySeconds: 100 }, headers: key("given up") };
    await at(NOW, { store: crashing() })("addJob", request);
    await at(NOW + 60_000)("addJob", request);
    expect([...scheduler.schedules.values()].map(({ at }) => at)).toEqual(["2026-12-01T12:01:41", "2026-12-01T12:02:41"]);
  });

  it.each([
    ["later", 30 * 86_400_000],
    ["earlier", 90_000],
  ])("leaves the schedule of the job as it is where it asks for another time, %s, and is refused", async (_, ahead) => {
    const runAt = time(NOW + 86_400_000);
    const headers = key(`other ${ahead}`);
    const { body: job } = await add({ runAt }, headers);
    // It looked for the job before there was one.
    const racing = at(NOW, { store: { get: async () => undefined, create: api.store.create.bind(api.store) } as never });
    expect(await racing("addJob", { body: { ...BODY, runAt: time(NOW + ahead) }, headers })).toMatchObject({ status: 409 });
    expect(scheduler.schedules.get(jobScheduleName(job))).toMatchObject({ at: "2026-12-02T12:00:01" });
  });
});

describe("the files of a job for later", () => {
  it("are told to be too much where S3 does not copy them in time", async () => {
    const data = await upload(api.call, "a,b\n");
    const copyFile = async () => await Promise.reject(Object.assign(new Error("Request aborted"), { name: "AbortError" }));
    const payloads = Object.assign(new PayloadStore(api.resultsBucket), { copyFile });
    const parts = { payloads, schedules: new JobSchedules(async () => scheduler.calls) };
    const answer = await api.variant(parts)("addJob", { body: { ...BODY, files: { data }, delaySeconds: 3_600 } });
    expect([answer.status, answer.body.detail]).toEqual([
      503,
      "the 4 bytes of the files of a job for later were not copied in 20 s: " +
        "try again, or add the job, with smaller files, or at most a minute before it is due",
    ]);
    expect(scheduler.schedules.size).toBe(0);
  });
});

describe("the time of a job", () => {
  it.each([
    ["yesterday", time(NOW - 86_400_000), `must not be in the past: it is ${time(NOW)}`],
    ["a millisecond ago", time(NOW - 1), `must not be in the past: it is ${time(NOW)}`],
    ["in two years", time(NOW + 2 * YEAR_MS), `must be at most 365 days ahead, until ${time(NOW + YEAR_MS)}`],
    ["a millisecond past a year", time(NOW + YEAR_MS + 1), `must be at most 365 days ahead, until ${time(NOW + YEAR_MS)}`],
    ["without a zone", "2026-12-24T18:00:00", /^must be a time with its distance from UTC, .*, not "2026-12-24T18:00:00"$/],
    ["a day only", "2026-12-24", /^must be a time with its distance/],
    ["no day", "2027-02-30T00:00:00Z", /^must be a time with its distance/],
    ["no time", "tomorrow", /^must be a time with its distance/],
  ])("is refused: %s", async (_, runAt, message) => {
    const { status, body } = await add({ runAt });
    expect({ status, code: body.code, errors: body.errors }).toEqual({
      status: 400,
      code: "InvalidRequest",
      errors: [{ path: "/runAt", message: typeof message === "string" ? message : expect.stringMatching(message) }],
    });
    expect(scheduler.schedules.size).toBe(0);
  });

  it("is refused together with a delay, and a delay of more than a year is", async () => {
    expect((await add({ runAt: time(NOW + 1_000), delaySeconds: 1 })).body.errors).toEqual([
      { path: "/runAt", message: "must not be given together with delaySeconds" },
    ]);
    expect((await add({ delaySeconds: MAX_DELAY_SECONDS + 1 })).body.errors).toMatchObject([{ path: "/delaySeconds" }]);
    expect((await add({ runAt: 1_800_000_000 })).body.errors).toMatchObject([{ path: "/runAt" }]);
  });
});

describe("cancelling a job for later", () => {
  it("is immediate, and deletes its schedule", async () => {
    const { body: job } = await add({ delaySeconds: 3_600 });
    expect(await call("cancelJob", { id: job.id })).toMatchObject({ status: 200, body: { status: "CANCELLED" } });
    expect(scheduler.schedules.size).toBe(0);
  });

  it("is not kept by a schedule that cannot be deleted, and tries that again when it is asked for again", async () => {
    const { body: job } = await add({ delaySeconds: 3_600 });
    const failing = { put: async () => undefined, delete: async () => Promise.reject(new Error("throttled")) };
    expect(await at(NOW, { schedules: failing })("cancelJob", { id: job.id })).toMatchObject({ status: 200 });
    expect(scheduler.schedules.size).toBe(1);
    expect(await call("cancelJob", { id: job.id })).toMatchObject({ status: 200 });
    expect(scheduler.schedules.size).toBe(0);
  });

  it("asks nothing of the scheduler for other jobs", async () => {
    const deleted: string[] = [];
    const schedules = { put: async () => undefined, delete: async ({ id }: { readonly id: string }) => void deleted.push(id) };
    const quiet = at(NOW, { schedules });
    const { body: plain } = await quiet("addJob", { body: BODY });
    const { body: soon } = await quiet("addJob", { body: { ...BODY, delaySeconds: 60 } });
    const { body: passed } = await quiet("addJob", { body: { ...BODY, delaySeconds: 61 } });
    for (const { id } of [plain, soon]) await quiet("cancelJob", { id });
    await at(NOW + 61_000, { schedules })("cancelJob", { id: passed.id });
    expect(deleted).toEqual([]);
  });
});
