import { describe, expect, it } from "vitest";
import { wakeSuite } from "./wake-stage.ts";

const signal = AbortSignal.timeout(60_000);

const suite = wakeSuite();

describe("a wake call at a service that others raise", () => {
  const leased = { id: "another", until: 5_000, lookedAt: 0 };

  it("leaves it to them", async () => {
    await suite.stage.leases.take({ ...leased, jobType: suite.jobType.name, tasks: 1 }, signal);
    const { wake } = suite.stage.lambda({ now: 1 });
    await wake(suite.jobType);
    expect(suite.ecs.calls).toEqual(["DescribeServices"]);
  });

  it("waits for them with a batch that needs more than they raise it to", async () => {
    await suite.stage.leases.take({ ...leased, jobType: suite.jobType.name, tasks: 1 }, signal);
    const waits = async () => {
      suite.ecs.desiredCount = 1;
      await suite.stage.leases.release({ id: "another", jobType: suite.jobType.name, restsUntil: 1_000 }, signal);
    };
    const { wake } = suite.stage.lambda({ now: 1 }, { waits });
    await wake(suite.jobType, 25);
    expect(suite.ecs).toMatchObject({ desiredCount: 3, calls: ["DescribeServices", "DescribeServices", "UpdateService"] });
  });

  it("raises it where they are gone and their lease is over", async () => {
    await suite.stage.leases.take({ ...leased, jobType: suite.jobType.name, tasks: 1 }, signal);
    const { wake } = suite.stage.lambda({ now: 5_001 });
    await wake(suite.jobType);
    expect(suite.ecs.desiredCount).toBe(1);
  });

  it("raises it again, a second later, to what was added while it raised it", async () => {
    const clock = { now: 0 };
    const { wake } = suite.stage.lambda(clock);
    suite.ecs.onUpdate = async () => {
      suite.ecs.onUpdate = undefined;
      await suite.stage.add(95);
    };
    await wake(suite.jobType);
    expect(suite.ecs).toMatchObject({
      desiredCount: 10,
      calls: ["DescribeServices", "UpdateService", "DescribeServices", "UpdateService"],
    });
    expect(clock.now).toBeGreaterThan(1_000);
  });

  it("has the next job look at once where there was no time for that", async () => {
    const clock = { now: 0 };
    const { wake } = suite.stage.lambda(clock, { deadlineMs: 1_500 });
    suite.ecs.onUpdate = async () => await suite.stage.add(95);
    await wake(suite.jobType);
    expect(suite.ecs.desiredCount).toBe(1);
    suite.ecs.onUpdate = undefined;
    clock.now = 1_001;
    await wake(suite.jobType);
    expect(suite.ecs.desiredCount).toBe(10);
  });
});

describe("a wake call of a type that is paused", () => {
  it("leaves it asleep, and looks again after five seconds", async () => {
    await suite.stage.leases.hold(suite.jobType.name, signal);
    const clock = { now: 0 };
    const { wake, telemetry } = suite.stage.lambda(clock);
    await wake(suite.jobType);
    await wake(suite.jobType, 100);
    clock.now = 4_999;
    await wake(suite.jobType);
    expect(suite.ecs).toMatchObject({ desiredCount: 0, calls: ["DescribeServices"] });
    expect(telemetry.counted).toEqual([]);
    await suite.stage.leases.letGo(suite.jobType.name, signal);
    clock.now = 5_000;
    await wake(suite.jobType);
    expect(suite.ecs.desiredCount).toBe(1);
  });
});

describe("a wake call that fails", () => {
  it("warns when ECS refuses, and tries again with the next look", async () => {
    const clock = { now: 0 };
    const { wake, telemetry } = suite.stage.lambda(clock);
    suite.ecs.mood = "throttles";
    await wake(suite.jobType);
    expect(telemetry.lines).toEqual([
      {
        level: "warn",
        message: "service not woken; its alarm will start it",
        attributes: {
          jobType: suite.jobType.name,
          ecsService: "canary",
          error: expect.objectContaining({ name: "ThrottlingException" }),
        },
      },
    ]);
    const refused = suite.ecs.calls.length;
    suite.ecs.mood = "answers";
    await wake(suite.jobType);
    expect(suite.ecs.calls).toHaveLength(refused);
    clock.now = 5_000;
    await wake(suite.jobType);
    expect(suite.ecs.desiredCount).toBe(1);
  });

  it("lets others raise the count once the lease is over that it got and did not use", async () => {
    const { wake } = suite.stage.lambda({ now: 0 });
    suite.ecs.refused = "UpdateService";
    await wake(suite.jobType);
    suite.ecs.refused = undefined;
    await suite.stage.lambda({ now: 5_000 }).wake(suite.jobType);
    expect(suite.ecs.desiredCount).toBe(0);
    await suite.stage.lambda({ now: 5_001 }).wake(suite.jobType);
    expect(suite.ecs.desiredCount).toBe(1);
  });

  it("wakes for the jobs that were added where the messages cannot be counted", async () => {
    const { wake, telemetry } = suite.stage.lambda({ now: 0 }, { refused: "backlog" });
    await wake(suite.jobType, 25);
    expect(suite.ecs.desiredCount).toBe(3);
    expect(telemetry.lines[0]).toMatchObject({ level: "warn", message: "messages not counted" });
  });

  it("tells that a service was woken, and no more than that, where its lease is not given back", async () => {
    const { wake, telemetry } = suite.stage.lambda({ now: 0 }, { refused: "release" });
    await wake(suite.jobType);
    expect(suite.ecs.desiredCount).toBe(1);
    expect(telemetry.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      "info service woken",
      "warn lease not given back; it ends by itself",
    ]);
    // What it saw is kept: the next job asks for nothing.
    await wake(suite.jobType);
    expect(suite.ecs.calls).toEqual(["DescribeServices", "UpdateService"]);
  });

  it("warns when there is no such service", async () => {
    suite.ecs.desiredCount = undefined;
    const { wake, telemetry } = suite.stage.lambda({ now: 0 });
    await wake(suite.jobType);
    expect(telemetry.lines[0]).toMatchObject({
      level: "warn",
      attributes: { error: { message: expect.stringContaining("canary") } },
    });
  });

  it("gives up at its deadline when ECS does not answer", async () => {
    suite.ecs.mood = "hangs";
    const { wake, telemetry } = suite.stage.lambda({ now: 0 }, { deadlineMs: 100 });
    await wake(suite.jobType);
    expect(telemetry.lines[0]?.attributes.error).toMatchObject({ name: "AbortError" });
  });
});
