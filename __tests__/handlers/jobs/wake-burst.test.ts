import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWakeStage, type WakeStage, type WakeStageType } from "./wake-stage.ts";

const LAMBDAS = 200;

let stage: WakeStage;
let jobType: WakeStageType;
beforeAll(async () => {
  stage = await startWakeStage();
});
beforeEach(async () => {
  jobType = await stage.clear();
});
afterAll(async () => {
  await stage.stop();
});

const updates = (): number => stage.ecs.calls.filter((operation) => operation === "UpdateService").length;

/** Every Lambda adds its message, and wakes at once; only one of them waits, and moves the clock of all. */
async function burst(): Promise<void> {
  const clock = { now: 0 };
  await Promise.all(
    Array.from({ length: LAMBDAS }, async () => {
      const { wake } = stage.lambda(clock, { deadlineMs: 30_000 });
      await stage.add(1);
      await wake(jobType);
    }),
  );
}

describe("two hundred Lambdas that each add a job at once", () => {
  it("start as many tasks as all jobs need, by a few calls", async () => {
    await burst();
    expect(stage.ecs.desiredCount).toBe(20);
    expect(updates()).toBeLessThanOrEqual(4);
  });

  it("never ask for more than the type may run, nor for fewer than there were", async () => {
    const counts: number[] = [];
    stage.ecs.onUpdate = async () => void counts.push(stage.ecs.desiredCount ?? 0);
    await burst();
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(Math.max(...counts)).toBeLessThanOrEqual(jobType.maxTasks);
  });

  it("leave a type asleep that is paused", async () => {
    await stage.leases.hold(jobType.name, AbortSignal.timeout(5_000));
    await burst();
    expect([stage.ecs.desiredCount, updates()]).toEqual([0, 0]);
  });

  it("make no further call where ECS refuses the one that has the lease", async () => {
    stage.ecs.refused = "UpdateService";
    await burst();
    // The one, and the second try of the SDK.
    expect(updates()).toBeLessThanOrEqual(2);
  });
});
