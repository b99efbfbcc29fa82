import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Controls } from "../../../../domain/controls.ts";
import { registryEntry } from "../../../../domain/registry-entry.ts";
import { canaryJob } from "../../../../jobs/canary/job-type.ts";
import { BOB } from "../../api-event.ts";
import { type ApiUnderTest, type Call, startApi } from "../../api-under-test.ts";
import { type ScalingStandIn, scalingStandIn } from "../../scaling-stand-in.ts";

const { backlogPerTask, maxTasks } = canaryJob.scaling;

let api: ApiUnderTest;
let controls: Controls;
let scaling: ScalingStandIn;
let call: Call;
beforeAll(async () => {
  api = await startApi();
  controls = new Controls(api.dynamoDb, api.jobTypesTableName);
  await api.registry.register(registryEntry(canaryJob, { queueUrl: api.queueUrl, cluster: "jobs", service: "canary" }));
});
beforeEach(async () => {
  await api.call("resumeJobType", { name: "canary" });
  scaling = scalingStandIn();
  call = api.variant({ scaling });
});
afterAll(async () => {
  await api.stop();
});

const isPaused = async () => (await controls.get("canary")).paused !== undefined;
const dies = (at: string) => async (operation: string) => {
  if (operation === at) throw new Error(`the Lambda dies before it can ${at}`);
};

describe("a pause", () => {
  it("is written first, then suspends the scaling, then wants no task, then silences alarms", async () => {
    scaling.desired = 7;
    const paused: boolean[] = [];
    scaling.before = async () => void paused.push(await isPaused());
    await call("pauseJobType", { name: "canary" });
    expect(scaling).toMatchObject({
      calls: ["hold", "suspend", "want 0", "silence"],
      held: true,
      suspended: true,
      desired: 0,
      silent: true,
    });
    expect(paused).toEqual([true, true, true, true]);
  });

  it.each(["hold", "suspend", "want 0", "silence"])(
    "that broke off before it could %s shows, and is mended by repeating it",
    async (at) => {
      scaling.desired = 7;
      scaling.before = dies(at);
      expect((await call("pauseJobType", { name: "canary" })).status).toBe(500);
      expect(await isPaused()).toBe(true);
      scaling.before = async () => {};
      expect((await call("pauseJobType", { name: "canary" })).status).toBe(200);
      expect(scaling).toMatchObject({ held: true, suspended: true, desired: 0, silent: true });
    },
  );

  it("takes back what somebody raises who had begun before, once that is over", async () => {
    scaling.raisedUntil = Date.now() + 1_000;
    const waits: number[] = [];
    const sleep = async (ms: number): Promise<void> => {
      waits.push(ms);
      scaling.desired = 3;
    };
    await api.variant({ scaling, sleep })("pauseJobType", { name: "canary" });
    expect(scaling).toMatchObject({ calls: ["hold", "suspend", "want 0", "want 0", "silence"], desired: 0 });
    expect(waits[0]).toBeLessThanOrEqual(1_000);
    expect(waits[0]).toBeGreaterThan(0);
  });
});

describe("the end of a pause", () => {
  beforeEach(async () => {
    await call("pauseJobType", { name: "canary" });
    scaling.calls.length = 0;
  });

  it("is written once the scaling goes on and alarms page, so that a type that lacks either always shows as paused", async () => {
    const paused: [string, boolean][] = [];
    scaling.before = async (operation) => void paused.push([operation, await isPaused()]);
    await call("resumeJobType", { name: "canary" });
    expect(paused).toEqual([
      ["go on", true],
      ["page", true],
      ["let go", true],
      ["go on", false],
      ["page", false],
      ["let go", false],
    ]);
  });

  it.each([
    ["none for an empty queue", 0, 0, 0],
    ["one for a few jobs", 1, 0, 1],
    ["one for each backlogPerTask that has begun", 2 * backlogPerTask + 1, 0, 3],
    ["no more than the type may run", 1_000_000, 0, maxTasks],
    ["those that always run, where nothing waits", 0, 2, 2],
  ])("starts tasks as the policy has it: %s", async (_, waiting, least, wanted) => {
    Object.assign(scaling, { waiting, least });
    await call("resumeJobType", { name: "canary" });
    expect(scaling.desired).toBe(wanted);
  });

  it("lowers no count that somebody raised", async () => {
    Object.assign(scaling, { waiting: 1, desired: 4 });
    await call("resumeJobType", { name: "canary" });
    expect(scaling.desired).toBe(4);
  });

  it.each(["go on", "page", "let go", "want 1"])("that broke off before it could %s is mended by repeating it", async (at) => {
    scaling.waiting = 1;
    scaling.before = dies(at);
    expect((await call("resumeJobType", { name: "canary" })).status).toBe(500);
    expect((scaling.suspended || scaling.silent || scaling.held) && !(await isPaused())).toBe(false);
    scaling.before = async () => {};
    expect((await call("resumeJobType", { name: "canary" })).status).toBe(200);
    expect(await isPaused()).toBe(false);
    expect(scaling).toMatchObject({ held: false, suspended: false, desired: 1, silent: false });
  });
});

describe("two people who say otherwise at the same time", () => {
  it("end with the scaling of who was last: a resume waits for the calls of the pause", async () => {
    scaling.waiting = 1;
    let resumed: Promise<unknown> | undefined;
    scaling.before = async (operation) => {
      // The pause is written; before it can suspend the scaling, somebody resumes the type.
      if (operation === "suspend") resumed ??= call("resumeJobType", { name: "canary", principal: BOB });
    };
    await call("pauseJobType", { name: "canary" });
    await resumed;
    expect(await isPaused()).toBe(false);
    expect(scaling).toMatchObject({ held: false, suspended: false, desired: 1, silent: false });
    expect(scaling.calls.slice(0, 5)).toEqual(["hold", "suspend", "want 0", "silence", "go on"]);
  });

  it("do so, too, where the pause was last", async () => {
    await call("pauseJobType", { name: "canary" });
    scaling.waiting = 1;
    let paused: Promise<unknown> | undefined;
    scaling.before = async (operation) => {
      if (operation !== "want 1" || paused !== undefined) return;
      paused = call("pauseJobType", { name: "canary", principal: BOB });
      await paused;
    };
    const { body } = await call("resumeJobType", { name: "canary" });
    expect(body.paused.by).toContain(BOB);
    expect(scaling).toMatchObject({ suspended: true, desired: 0, silent: true });
  });
});
