import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWakeStage, type WakeStage, type WakeStageType } from "./wake-stage.ts";

let stage: WakeStage;
let ecs: WakeStage["ecs"];
let jobType: WakeStageType;
beforeAll(async () => {
  stage = await startWakeStage();
  ecs = stage.ecs;
});
beforeEach(async () => {
  jobType = await stage.clear();
});
afterAll(async () => {
  await stage.stop();
});

describe("the wake call", () => {
  it("starts the first task of a service that is at zero", async () => {
    const { wake, telemetry } = stage.lambda({ now: 0 });
    await wake(jobType);
    expect(ecs).toMatchObject({ desiredCount: 1, calls: ["DescribeServices", "UpdateService"] });
    expect(telemetry.counted).toEqual([["ServicesWoken", { jobType: jobType.name }]]);
  });

  it("leaves a service alone that has tasks", async () => {
    ecs.desiredCount = 3;
    const { wake } = stage.lambda({ now: 0 });
    await wake(jobType);
    expect(ecs).toMatchObject({ desiredCount: 3, calls: ["DescribeServices"] });
  });

  it("starts as many tasks as the messages of the queue need, whoever added them", async () => {
    await stage.add(45);
    const { wake } = stage.lambda({ now: 0 });
    await wake(jobType);
    expect(ecs.desiredCount).toBe(5);
  });

  it.each([
    [45, [2, 8, 20], 8],
    [15, [2, 8, 20], 2],
    [5, [2, 8, 20], 1],
    [999, [2, 8, 20], 20],
  ])("starts what the policy sets for %i messages by its steps %j", async (messages, capacities, tasks) => {
    const { wake } = stage.lambda({ now: 0 });
    await wake({ ...jobType, wake: { ...jobType.wake, capacities } }, messages);
    expect(ecs.desiredCount).toBe(tasks);
  });

  it("looks at the queue at most once in some seconds, and at ECS only where more is needed than it saw", async () => {
    const clock = { now: 0 };
    const { wake } = stage.lambda(clock);
    await wake(jobType);
    expect(stage.looks()).toBe(2);
    for (clock.now = 1_000; clock.now < 5_000; clock.now += 1_000) await wake(jobType);
    expect(stage.looks()).toBe(2);
    await wake(jobType);
    expect(stage.looks()).toBe(3);
    expect(ecs.calls).toEqual(["DescribeServices", "UpdateService"]);
    await stage.add(45);
    clock.now = 10_000;
    await wake(jobType);
    expect(ecs).toMatchObject({
      desiredCount: 5,
      calls: ["DescribeServices", "UpdateService", "DescribeServices", "UpdateService"],
    });
  });

  it("looks sooner or later by chance, so that of many instances some look at the end of a burst", async () => {
    const clock = { now: 0 };
    const { wake } = stage.lambda(clock, { jitter: 0 });
    await wake(jobType);
    clock.now = 1_000;
    await wake(jobType);
    expect(stage.looks()).toBe(3);
  });

  it("looks at nothing while all tasks of the type are wanted", async () => {
    const clock = { now: 0 };
    ecs.desiredCount = 20;
    const { wake } = stage.lambda(clock);
    await wake(jobType);
    clock.now = 29_999;
    await wake(jobType, 300);
    expect(stage.looks()).toBe(1);
    clock.now = 30_000;
    await wake(jobType);
    expect(stage.looks()).toBe(2);
    expect(ecs.calls).toEqual(["DescribeServices", "DescribeServices"]);
  });

  it("looks at the service again once recheckSeconds are over", async () => {
    const clock = { now: 0 };
    const { wake } = stage.lambda(clock);
    await wake(jobType);
    ecs.desiredCount = 0;
    clock.now = 29_999;
    await wake(jobType);
    expect(ecs.desiredCount).toBe(0);
    clock.now = 35_000;
    await wake(jobType);
    expect(ecs.desiredCount).toBe(1);
  });

  it("looks once for concurrent jobs of one type", async () => {
    const { wake } = stage.lambda({ now: 0 });
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
    const { wake } = stage.lambda({ now: 0 });
    await wake(jobType, jobs);
    expect(ecs.desiredCount).toBe(after);
  });

  it("looks again at once for a batch that needs more than it asked for", async () => {
    const clock = { now: 0 };
    const { wake } = stage.lambda(clock);
    await wake(jobType);
    clock.now = 1_001;
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
    const { wake } = stage.lambda({ now: 0 });
    await wake({ ...jobType, wake: { cluster: "jobs", service: "canary", recheckSeconds: 30 } }, 300);
    expect(ecs.desiredCount).toBe(1);
  });

  it("looks at each type's service", async () => {
    const { wake } = stage.lambda({ now: 0 });
    await wake(jobType);
    await wake({ ...jobType, name: `${jobType.name}-too` });
    expect(ecs.calls).toEqual(["DescribeServices", "UpdateService", "DescribeServices"]);
  });
});
