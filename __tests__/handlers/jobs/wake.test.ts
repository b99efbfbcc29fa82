import { describe, expect, it } from "vitest";
import { wakeSuite } from "./wake-stage.ts";

const suite = wakeSuite();

describe("the wake call", () => {
  it("starts the first task of a service that is at zero", async () => {
    const { wake, telemetry } = suite.stage.lambda({ now: 0 });
    await wake(suite.jobType);
    expect(suite.ecs).toMatchObject({ desiredCount: 1, calls: ["DescribeServices", "UpdateService"] });
    expect(telemetry.counted).toEqual([["ServicesWoken", { jobType: suite.jobType.name }]]);
  });

  it("leaves a service alone that has tasks", async () => {
    suite.ecs.desiredCount = 3;
    const { wake } = suite.stage.lambda({ now: 0 });
    await wake(suite.jobType);
    expect(suite.ecs).toMatchObject({ desiredCount: 3, calls: ["DescribeServices"] });
  });

  it("starts as many tasks as the messages of the queue need, whoever added them", async () => {
    await suite.stage.add(45);
    const { wake } = suite.stage.lambda({ now: 0 });
    await wake(suite.jobType);
    expect(suite.ecs.desiredCount).toBe(5);
  });

  it.each([
    [45, [2, 8, 20], 8],
    [15, [2, 8, 20], 2],
    [5, [2, 8, 20], 1],
    [999, [2, 8, 20], 20],
  ])("starts what the policy sets for %i messages by its steps %j", async (messages, capacities, tasks) => {
    const { wake } = suite.stage.lambda({ now: 0 });
    await wake({ ...suite.jobType, wake: { ...suite.jobType.wake, capacities } }, messages);
    expect(suite.ecs.desiredCount).toBe(tasks);
  });

  it("looks at the queue at most once in some seconds, and at ECS only where more is needed than it saw", async () => {
    const clock = { now: 0 };
    const { wake } = suite.stage.lambda(clock);
    await wake(suite.jobType);
    expect(suite.stage.looks()).toBe(2);
    for (clock.now = 1_000; clock.now < 5_000; clock.now += 1_000) await wake(suite.jobType);
    expect(suite.stage.looks()).toBe(2);
    await wake(suite.jobType);
    expect(suite.stage.looks()).toBe(3);
    expect(suite.ecs.calls).toEqual(["DescribeServices", "UpdateService"]);
    await suite.stage.add(45);
    clock.now = 10_000;
    await wake(suite.jobType);
    expect(suite.ecs).toMatchObject({
      desiredCount: 5,
      calls: ["DescribeServices", "UpdateService", "DescribeServices", "UpdateService"],
    });
  });

  it("looks sooner or later by chance, so that of many instances some look at the end of a burst", async () => {
    const clock = { now: 0 };
    const { wake } = suite.stage.lambda(clock, { jitter: 0 });
    await wake(suite.jobType);
    clock.now = 1_000;
    await wake(suite.jobType);
    expect(suite.stage.looks()).toBe(3);
  });

  it("looks at nothing while all tasks of the type are wanted", async () => {
    const clock = { now: 0 };
    suite.ecs.desiredCount = 20;
    const { wake } = suite.stage.lambda(clock);
    await wake(suite.jobType);
    clock.now = 29_999;
    await wake(suite.jobType, 300);
    expect(suite.stage.looks()).toBe(1);
    clock.now = 30_000;
    await wake(suite.jobType);
    expect(suite.stage.looks()).toBe(2);
    expect(suite.ecs.calls).toEqual(["DescribeServices", "DescribeServices"]);
  });

  it("looks at the service again once recheckSeconds are over", async () => {
    const clock = { now: 0 };
    const { wake } = suite.stage.lambda(clock);
    await wake(suite.jobType);
    suite.ecs.desiredCount = 0;
    clock.now = 29_999;
    await wake(suite.jobType);
    expect(suite.ecs.desiredCount).toBe(0);
    clock.now = 35_000;
    await wake(suite.jobType);
    expect(suite.ecs.desiredCount).toBe(1);
  });

  it("looks once for concurrent jobs of one type", async () => {
    const { wake } = suite.stage.lambda({ now: 0 });
    await Promise.all([wake(suite.jobType), wake(suite.jobType), wake(suite.jobType)]);
    expect(suite.ecs.calls).toEqual(["DescribeServices", "UpdateService"]);
  });

  it.each([
    [25, 0, 3],
    [300, 0, 20],
    [25, 2, 3],
    [25, 4, 4],
    [1, 0, 1],
  ])("starts as many tasks as %i jobs at once need, where %i are wanted", async (jobs, before, after) => {
    suite.ecs.desiredCount = before;
    const { wake } = suite.stage.lambda({ now: 0 });
    await wake(suite.jobType, jobs);
    expect(suite.ecs.desiredCount).toBe(after);
  });

  it("looks again at once for a batch that needs more than it asked for", async () => {
    const clock = { now: 0 };
    const { wake } = suite.stage.lambda(clock);
    await wake(suite.jobType);
    clock.now = 1_001;
    await wake(suite.jobType, 5);
    expect(suite.ecs.calls).toHaveLength(2);
    await wake(suite.jobType, 25);
    expect(suite.ecs).toMatchObject({
      desiredCount: 3,
      calls: ["DescribeServices", "UpdateService", "DescribeServices", "UpdateService"],
    });
    await wake(suite.jobType, 30);
    expect(suite.ecs.calls).toHaveLength(4);
  });

  it("starts one task for a batch of a type whose entry is of before there were batches", async () => {
    const { wake } = suite.stage.lambda({ now: 0 });
    await wake({ ...suite.jobType, wake: { cluster: "jobs", service: "canary", recheckSeconds: 30 } }, 300);
    expect(suite.ecs.desiredCount).toBe(1);
  });

  it("looks at each type's service", async () => {
    const { wake } = suite.stage.lambda({ now: 0 });
    await wake(suite.jobType);
    await wake({ ...suite.jobType, name: `${suite.jobType.name}-too` });
    expect(suite.ecs.calls).toEqual(["DescribeServices", "UpdateService", "DescribeServices"]);
  });
});
