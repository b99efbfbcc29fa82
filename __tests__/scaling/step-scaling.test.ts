import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StepAdjustment, StepPolicy } from "../../scaling/step-policy.ts";
import { type CapacityState, decideCapacity, type ScalingAction, stepAt } from "../../scaling/step-scaling.ts";

const SECOND = 1_000;

/** Steps of 10 above a threshold of 0, the last one open. */
const exact: StepPolicy = {
  adjustmentType: "ExactCapacity",
  cooldown: 60,
  metricAggregationType: "Maximum",
  stepAdjustments: [step(0, 10, 2), step(10, 20, 5), step(20, null, 9)],
};

function step(lower: number | null, upper: number | null, scalingAdjustment: number): StepAdjustment {
  return { metricIntervalLowerBound: lower, metricIntervalUpperBound: upper, scalingAdjustment };
}

function action(...datapoints: number[]): ScalingAction {
  return { policy: exact, bounds: { minCapacity: 0, maxCapacity: 20 }, threshold: 0, datapoints };
}

describe("a step scaling policy", () => {
  it("sets an exact capacity, whatever it was before", () => {
    expect(decideCapacity(action(10), { capacity: 3 }, 0)).toMatchObject({ outcome: "scaled-out", state: { capacity: 5 } });
    expect(decideCapacity(action(10), { capacity: 8 }, 0)).toMatchObject({ outcome: "scaled-in", state: { capacity: 5 } });
  });

  it("measures the step from the threshold", () => {
    const at100 = (metric: number) => ({ ...action(metric), threshold: 100 });
    expect(decideCapacity(at100(109), { capacity: 0 }, 0).state.capacity).toBe(2);
    expect(decideCapacity(at100(110), { capacity: 0 }, 0).state.capacity).toBe(5);
  });

  it("takes the largest of the datapoints", () => {
    expect(decideCapacity(action(3, 25, 8), { capacity: 0 }, 0).state.capacity).toBe(9);
  });

  it("does nothing where no step applies, or without a datapoint", () => {
    expect(decideCapacity(action(-1), { capacity: 3 }, 0)).toEqual({ outcome: "no-step", state: { capacity: 3 } });
    expect(decideCapacity(action(), { capacity: 3 }, 0)).toEqual({ outcome: "no-step", state: { capacity: 3 } });
  });

  it("stays within the bounds of its target", () => {
    const within = (minCapacity: number, maxCapacity: number) => ({ ...action(10), bounds: { minCapacity, maxCapacity } });
    expect(decideCapacity(within(0, 4), { capacity: 3 }, 0).state.capacity).toBe(4);
    expect(decideCapacity(within(0, 4), { capacity: 4 }, 0).outcome).toBe("unchanged");
    expect(decideCapacity(within(6, 20), { capacity: 8 }, 0).state.capacity).toBe(6);
  });

  it("starts no cooldown when nothing changes", () => {
    expect(decideCapacity(action(10), { capacity: 5 }, 0)).toEqual({ outcome: "unchanged", state: { capacity: 5 } });
  });
});

describe("a cooldown", () => {
  const scaledOut = decideCapacity(action(10), { capacity: 0 }, 0).state;

  it("does not hold back a larger capacity, which starts another one", () => {
    const larger = decideCapacity(action(20), scaledOut, SECOND);
    expect(larger).toEqual({ outcome: "scaled-out", state: { capacity: 9, cooldownEndsAt: 61 * SECOND } });
  });

  it.each([
    ["scale-out", scaledOut],
    ["scale-in", decideCapacity(action(10), { capacity: 8 }, 0).state],
  ])("blocks scale-in until it ends, after a %s", (_, state) => {
    expect(decideCapacity(action(0), state, 60 * SECOND - 1)).toEqual({ outcome: "blocked-by-cooldown", state });
    expect(decideCapacity(action(0), state, 60 * SECOND)).toMatchObject({ outcome: "scaled-in", state: { capacity: 2 } });
  });

  it("blocks another policy's scale-in too", () => {
    const policy: StepPolicy = { ...exact, cooldown: 0, stepAdjustments: [step(null, 0, 0)] };
    expect(decideCapacity({ ...action(0), policy }, scaledOut, 60 * SECOND - 1).outcome).toBe("blocked-by-cooldown");
    expect(decideCapacity({ ...action(0), policy }, scaledOut, 60 * SECOND).state.capacity).toBe(0);
  });
});

describe("whatever the history of alarms", () => {
  const anyAction = fc.record({ metric: fc.integer({ min: -5, max: 40 }), afterSeconds: fc.nat(90) });

  it("capacity falls only where no cooldown is left", () => {
    fc.assert(
      fc.property(fc.array(anyAction, { maxLength: 30 }), (actions) => {
        let state: CapacityState = { capacity: 0 };
        let now = 0;
        for (const { metric, afterSeconds } of actions) {
          now += afterSeconds * SECOND;
          const next = decideCapacity(action(metric), state, now).state;
          if (next.capacity < state.capacity) expect(now).toBeGreaterThanOrEqual(state.cooldownEndsAt ?? 0);
          state = next;
        }
      }),
    );
  });
});

describe("the step for a metric", () => {
  // AWS's own example, with a threshold of 50: 0 to 10 is from 50 to below 60, -10 to 0 is above 40 to 50.
  const above = [step(0, 10, 3), step(10, null, 4)];
  const below = [step(null, -10, 1), step(-10, 0, 2)];

  it("includes the lower and excludes the upper bound above the threshold", () => {
    expect([0, 9.9, 10, 1e9].map((distance) => stepAt(above, distance)?.scalingAdjustment)).toEqual([3, 3, 4, 4]);
  });

  it("excludes the lower and includes the upper bound below the threshold", () => {
    expect([0, -9.9, -10, -1e9].map((distance) => stepAt(below, distance)?.scalingAdjustment)).toEqual([2, 2, 1, 1]);
  });

  it("is none where the list does not reach", () => {
    expect(stepAt(above, -1)).toBeUndefined();
    expect(stepAt(below, 1)).toBeUndefined();
  });

  it("exactly at the threshold is the one that starts there, where there are two", () => {
    expect(stepAt([...below, ...above], 0)?.scalingAdjustment).toBe(3);
  });
});
