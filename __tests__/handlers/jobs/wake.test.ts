import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ecsServices } from "../../../handlers/jobs/ecs-services.ts";
import { createWake } from "../../../handlers/jobs/wake.ts";
import { type EcsStandIn, startEcs } from "../ecs-stand-in.ts";
import { recordedTelemetry } from "../recorded-telemetry.ts";

const jobType = {
  name: "canary",
  maxTasks: 20,
  wake: { cluster: "jobs", service: "canary", recheckSeconds: 30, backlogPerTask: 10 },
};

let ecs: EcsStandIn;
beforeAll(async () => {
  ecs = await startEcs();
  process.env.AWS_ENDPOINT_URL_ECS = ecs.url;
});
beforeEach(() => {
  ecs.calls.length = 0;
  ecs.desiredCount = 0;
  ecs.mood = "answers";
});
afterAll(async () => {
  await ecs.stop();
});

function wakeAt(clock: { now: number }, deadlineMs = 2_000, paused = () => false) {
  const telemetry = recordedTelemetry();
  const load = async () => ({ ...ecsServices(), isPaused: async () => paused() });
  const wake = createWake({ load, telemetry, now: () => clock.now, deadlineMs });
  return { wake, telemetry };
}

describe("the wake call", () => {
  it("starts the first task of a service that is at zero", async () => {
    const { wake, telemetry } = wakeAt({ now: 0 });
    await wake(jobType);
    expect(ecs).toMatchObject({ desiredCount: 1, calls: ["DescribeServices", "UpdateService"] });
    expect(telemetry.counted).toEqual([["ServicesWoken", { jobType: "canary" }]]);
  });

  it("leaves a service alone that has tasks", async () => {
    ecs.desiredCount = 3;
    const { wake } = wakeAt({ now: 0 });
    await wake(jobType);
    expect(ecs).toMatchObject({ desiredCount: 3, calls: ["DescribeServices"] });
  });

  it("leaves a paused type asleep, and looks again after five seconds", async () => {
    const clock = { now: 0 };
    let paused = true;
    const looked: number[] = [];
    const { wake, telemetry } = wakeAt(clock, 2_000, () => {
      looked.push(clock.now);
      return paused;
    });
    await wake(jobType);
    await wake(jobType, 100);
    clock.now = 4_999;
    await wake(jobType);
    expect(ecs).toMatchObject({ desiredCount: 0, calls: ["DescribeServices"] });
    expect(looked).toEqual([0]);
    expect(telemetry.counted).toEqual([]);
    paused = false;
    clock.now = 5_000;
    await wake(jobType);
    expect(ecs.desiredCount).toBe(1);
  });

  it("takes back what it did where the type was paused in between", async () => {
    const answers = [false, true];
    const { wake } = wakeAt({ now: 0 }, 2_000, () => answers.shift() ?? true);
    await wake(jobType);
    expect(ecs).toMatchObject({ desiredCount: 0, calls: ["DescribeServices", "UpdateService", "UpdateService"] });
  });

  it("does not look again before recheckSeconds are over", async () => {
    const clock = { now: 0 };
    const { wake } = wakeAt(clock);
    await wake(jobType);
    clock.now = 29_999;
    await wake(jobType);
    expect(ecs.calls).toHaveLength(2);
    clock.now = 30_000;
    await wake(jobType);
    expect(ecs.calls).toEqual(["DescribeServices", "UpdateService", "DescribeServices"]);
  });

  it("looks once for concurrent jobs of one type", async () => {
    const { wake } = wakeAt({ now: 0 });
    await Promise.all([wake(jobType), wake(jobType), wake(jobType)]);
    expect(ecs.calls).toEqual(["DescribeServices", "UpdateService"]);
  });

  it.each([
    [25, 0, 3],
    [300, 0, 20],
    [25, 2, 3],
    [25, 4, 4],
    [1, 0, 1],
  ])("starts as many tasks as %i jobs at once need, where %i are wanted", async (jobs, before, after) => {
    ecs.desiredCount = before;
    const { wake } = wakeAt({ now: 0 });
    await wake(jobType, jobs);
    expect(ecs.desiredCount).toBe(after);
  });

  it("looks again at once for a batch that needs more than it saw", async () => {
    const { wake } = wakeAt({ now: 0 });
    await wake(jobType);
    await wake(jobType, 5);
    expect(ecs.calls).toHaveLength(2);
    await wake(jobType, 25);
    expect(ecs).toMatchObject({
      desiredCount: 3,
      calls: ["DescribeServices", "UpdateService", "DescribeServices", "UpdateService"],
    });
    await wake(jobType, 30);
    expect(ecs.calls).toHaveLength(4);
  });

  it("starts one task for a batch of a type whose entry is of before there were batches", async () => {
    const { wake } = wakeAt({ now: 0 });
    await wake({ ...jobType, wake: { cluster: "jobs", service: "canary", recheckSeconds: 30 } }, 300);
    expect(ecs.desiredCount).toBe(1);
  });

  it("looks at each type's service", async () => {
    const { wake } = wakeAt({ now: 0 });
    await wake(jobType);
    await wake({ ...jobType, name: "other" });
    expect(ecs.calls).toEqual(["DescribeServices", "UpdateService", "DescribeServices"]);
  });

  it("warns when ECS refuses, and tries again with the next job", async () => {
    const { wake, telemetry } = wakeAt({ now: 0 });
    ecs.mood = "throttles";
    await wake(jobType);
    expect(telemetry.lines).toEqual([
      {
        level: "warn",
        message: "service not woken; its alarm will start it",
        attributes: { jobType: "canary", ecsService: "canary", error: expect.objectContaining({ name: "ThrottlingException" }) },
      },
    ]);
    ecs.mood = "answers";
    await wake(jobType);
    expect(ecs.desiredCount).toBe(1);
  });

  it("warns when there is no such service", async () => {
    ecs.desiredCount = undefined;
    const { wake, telemetry } = wakeAt({ now: 0 });
    await wake(jobType);
    expect(telemetry.lines[0]).toMatchObject({
      level: "warn",
      attributes: { error: { message: expect.stringContaining("canary") } },
    });
  });

  it("gives up at its deadline when ECS does not answer", async () => {
    ecs.mood = "hangs";
    const { wake, telemetry } = wakeAt({ now: 0 }, 100);
    await wake(jobType);
    expect(telemetry.lines[0]?.attributes.error).toMatchObject({ name: "AbortError" });
  });
});
