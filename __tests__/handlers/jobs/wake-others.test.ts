import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWakeStage, type WakeStage, type WakeStageType } from "./wake-stage.ts";

const signal = AbortSignal.timeout(60_000);

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

describe("a wake call at a service that others raise", () => {
  const leased = { id: "another", until: 5_000, lookedAt: 0 };

  it("leaves it to them", async () => {
    await stage.leases.take({ ...leased, jobType: jobType.name, tasks: 1 }, signal);
    const { wake } = stage.lambda({ now: 1 });
    await wake(jobType);
    expect(ecs.calls).toEqual(["DescribeServices"]);
  });

  it("waits for them with a batch that needs more than they raise it to", async () => {
    await stage.leases.take({ ...leased, jobType: jobType.name, tasks: 1 }, signal);
    const waits = async () => {
      ecs.desiredCount = 1;
      await stage.leases.release({ id: "another", jobType: jobType.name, restsUntil: 1_000 }, signal);
    };
    const { wake } = stage.lambda({ now: 1 }, { waits });
    await wake(jobType, 25);
    expect(ecs).toMatchObject({ desiredCount: 3, calls: ["DescribeServices", "DescribeServices", "UpdateService"] });
  });

  it("raises it where they are gone and their lease is over", async () => {
    await stage.leases.take({ ...leased, jobType: jobType.name, tasks: 1 }, signal);
    const { wake } = stage.lambda({ now: 5_001 });
    await wake(jobType);
    expect(ecs.desiredCount).toBe(1);
  });

  it("raises it again, a second later, to what was added while it raised it", async () => {
    const clock = { now: 0 };
    const { wake } = stage.lambda(clock);
    ecs.onUpdate = async () => {
      ecs.onUpdate = undefined;
      await stage.add(95);
    };
    await wake(jobType);
    expect(ecs).toMatchObject({
      desiredCount: 10,
      calls: ["DescribeServices", "UpdateService", "DescribeServices", "UpdateService"],
    });
    expect(clock.now).toBeGreaterThan(1_000);
  });

  it("has the next job look at once where there was no time for that", async () => {
    const clock = { now: 0 };
    const { wake } = stage.lambda(clock, { deadlineMs: 1_500 });
    ecs.onUpdate = async () => await stage.add(95);
    await wake(jobType);
    expect(ecs.desiredCount).toBe(1);
    ecs.onUpdate = undefined;
    clock.now = 1_001;
    await wake(jobType);
    expect(ecs.desiredCount).toBe(10);
  });
});

describe("a wake call of a type that is paused", () => {
  it("leaves it asleep, and looks again after five seconds", async () => {
    await stage.leases.hold(jobType.name, signal);
    const clock = { now: 0 };
    const { wake, telemetry } = stage.lambda(clock);
    await wake(jobType);
    await wake(jobType, 100);
    clock.now = 4_999;
    await wake(jobType);
    expect(ecs).toMatchObject({ desiredCount: 0, calls: ["DescribeServices"] });
    expect(telemetry.counted).toEqual([]);
    await stage.leases.letGo(jobType.name, signal);
    clock.now = 5_000;
    await wake(jobType);
    expect(ecs.desiredCount).toBe(1);
  });
});

describe("a wake call that fails", () => {
  it("warns when ECS refuses, and tries again with the next look", async () => {
    const clock = { now: 0 };
    const { wake, telemetry } = stage.lambda(clock);
    ecs.mood = "throttles";
    await wake(jobType);
    expect(telemetry.lines).toEqual([
      {
        level: "warn",
        message: "service not woken; its alarm will start it",
        attributes: {
          jobType: jobType.name,
          ecsService: "canary",
          error: expect.objectContaining({ name: "ThrottlingException" }),
        },
      },
    ]);
    const refused = ecs.calls.length;
    ecs.mood = "answers";
    await wake(jobType);
    expect(ecs.calls).toHaveLength(refused);
    clock.now = 5_000;
    await wake(jobType);
    expect(ecs.desiredCount).toBe(1);
  });

  it("lets others raise the count once the lease is over that it got and did not use", async () => {
    const { wake } = stage.lambda({ now: 0 });
    ecs.refused = "UpdateService";
    await wake(jobType);
    ecs.refused = undefined;
    await stage.lambda({ now: 5_000 }).wake(jobType);
    expect(ecs.desiredCount).toBe(0);
    await stage.lambda({ now: 5_001 }).wake(jobType);
    expect(ecs.desiredCount).toBe(1);
  });

  it("wakes for the jobs that were added where the messages cannot be counted", async () => {
    const { wake, telemetry } = stage.lambda({ now: 0 }, { queueFails: true });
    await wake(jobType, 25);
    expect(ecs.desiredCount).toBe(3);
    expect(telemetry.lines[0]).toMatchObject({ level: "warn", message: "messages not counted" });
  });

  it("warns when there is no such service", async () => {
    ecs.desiredCount = undefined;
    const { wake, telemetry } = stage.lambda({ now: 0 });
    await wake(jobType);
    expect(telemetry.lines[0]).toMatchObject({
      level: "warn",
      attributes: { error: { message: expect.stringContaining("canary") } },
    });
  });

  it("gives up at its deadline when ECS does not answer", async () => {
    ecs.mood = "hangs";
    const { wake, telemetry } = stage.lambda({ now: 0 }, { deadlineMs: 100 });
    await wake(jobType);
    expect(telemetry.lines[0]?.attributes.error).toMatchObject({ name: "AbortError" });
  });
});
