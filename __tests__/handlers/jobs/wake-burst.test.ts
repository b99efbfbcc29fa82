import { describe, expect, it } from "vitest";
import { wakeSuite } from "./wake-stage.ts";

const LAMBDAS = 200;

const suite = wakeSuite();

const updates = (): number => suite.ecs.calls.filter((operation) => operation === "UpdateService").length;

/** Every Lambda adds its message, and wakes at once; only one of them waits, and moves the clock of all. */
async function burst(): Promise<void> {
  const clock = { now: 0 };
  await Promise.all(
    Array.from({ length: LAMBDAS }, async () => {
      const { wake } = suite.stage.lambda(clock, { deadlineMs: 30_000 });
      await suite.stage.add(1);
      await wake(suite.jobType);
    }),
  );
}

describe("two hundred Lambdas that each add a job at once", () => {
  it("start as many tasks as all jobs need, by a few calls", async () => {
    await burst();
    expect(suite.ecs.desiredCount).toBe(20);
    expect(updates()).toBeLessThanOrEqual(4);
  });

  it("never ask for more than the type may run, nor for fewer than there were", async () => {
    const counts: number[] = [];
    suite.ecs.onUpdate = async () => void counts.push(suite.ecs.desiredCount ?? 0);
    await burst();
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(Math.max(...counts)).toBeLessThanOrEqual(suite.jobType.maxTasks);
  });

  it("leave a type asleep that is paused", async () => {
    await suite.stage.leases.hold(suite.jobType.name, AbortSignal.timeout(5_000));
    await burst();
    expect([suite.ecs.desiredCount, updates()]).toEqual([0, 0]);
  });

  it("make no further call where ECS refuses the one that has the lease", async () => {
    suite.ecs.refused = "UpdateService";
    await burst();
    // The one, and the second try of the SDK.
    expect(updates()).toBeLessThanOrEqual(2);
  });
});
