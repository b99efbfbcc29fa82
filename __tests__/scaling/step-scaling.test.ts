import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AdjustmentType, StepAdjustment } from "../../scaling/step-adjustments.ts";
import type { StepPolicy } from "../../scaling/step-policy.ts";
import { type CapacityState, decideCapacity, type ScalingAction } from "../../scaling/step-scaling.ts";

const SECOND = 1_000;

/** Steps of 10 above a threshold of 0, the last one open. */
function policy(adjustmentType: AdjustmentType, adjustments: readonly number[], overrides: Partial<StepPolicy> = {}): StepPolicy {
  const stepAdjustments: StepAdjustment[] = adjustments.map((scalingAdjustment, index) => ({
    metricIntervalLowerBound: index * 10,
    metricIntervalUpperBound: index === adjustments.length - 1 ? null : (index + 1) * 10,
    scalingAdjustment,
  }));
  return { adjustmentType, cooldown: 60, metricAggregationType: "Maximum", stepAdjustments, ...overrides };
}

function action(stepPolicy: StepPolicy, ...datapoints: number[]): ScalingAction {
  return { policy: stepPolicy, bounds: { minCapacity: 0, maxCapacity: 20 }, threshold: 0, datapoints };
}

const exact = policy("ExactCapacity", [2, 5, 9]);
const change = policy("ChangeInCapacity", [2, 3, 5]);
const remove = policy("ChangeInCapacity", [-1, -2]);

/** A target at 12 that the change policy has just brought there from 10. */
const justScaledOut: CapacityState = decideCapacity(action(change, 0), { capacity: 10 }, 0).state;

describe("a step scaling policy", () => {
  it("sets an exact capacity, whatever it was before", () => {
    expect(decideCapacity(action(exact, 10), { capacity: 3 }, 0)).toMatchObject({
      outcome: "scaled-out",
      state: { capacity: 5 },
    });
    expect(decideCapacity(action(exact, 10), { capacity: 8 }, 0)).toMatchObject({ outcome: "scaled-in", state: { capacity: 5 } });
  });

  it("adds a change to the capacity", () => {
    expect(decideCapacity(action(change, 10), { capacity: 3 }, 0).state.capacity).toBe(6);
    expect(decideCapacity(action(remove, 10), { capacity: 3 }, 0).state.capacity).toBe(1);
  });

  it("measures the step from the threshold", () => {
    const at100 = (metric: number) => ({ ...action(exact, metric), threshold: 100 });
    expect(decideCapacity(at100(109), { capacity: 0 }, 0).state.capacity).toBe(2);
    expect(decideCapacity(at100(110), { capacity: 0 }, 0).state.capacity).toBe(5);
  });

  it("aggregates the datapoints as the policy says", () => {
    const capacities = (["Minimum", "Average", "Maximum"] as const).map(
      (metricAggregationType) =>
        decideCapacity(action({ ...exact, metricAggregationType }, 3, 8, 25), { capacity: 0 }, 0).state.capacity,
    );
    expect(capacities).toEqual([2, 5, 9]);
  });

  it("does nothing where no step applies, or without a datapoint", () => {
    expect(decideCapacity(action(exact, -1), { capacity: 3 }, 0)).toEqual({ outcome: "no-step", state: { capacity: 3 } });
    expect(decideCapacity(action(exact), { capacity: 3 }, 0)).toEqual({ outcome: "no-step", state: { capacity: 3 } });
  });

  it("stays within the bounds of its target", () => {
    expect(decideCapacity(action(change, 20), { capacity: 18 }, 0).state.capacity).toBe(20);
    expect(decideCapacity(action(change, 20), { capacity: 20 }, 0).outcome).toBe("unchanged");
    const atLeast2 = { ...action(remove, 10), bounds: { minCapacity: 2, maxCapacity: 20 } };
    expect(decideCapacity(atLeast2, { capacity: 3 }, 0).state.capacity).toBe(2);
  });

  it("starts no cooldown when nothing changes", () => {
    expect(decideCapacity(action(exact, 10), { capacity: 5 }, 0)).toEqual({ outcome: "unchanged", state: { capacity: 5 } });
  });
});

describe("the cooldown after a scale-out", () => {
  it("makes earlier additions part of the next: after +2, +3 adds 1", () => {
    expect(justScaledOut.capacity).toBe(12);
    expect(decideCapacity(action(change, 10), justScaledOut, 30 * SECOND).state.capacity).toBe(13);
  });

  it("keeps the same step from adding again until it ends", () => {
    expect(decideCapacity(action(change, 0), justScaledOut, 60 * SECOND - 1).outcome).toBe("unchanged");
    expect(decideCapacity(action(change, 0), justScaledOut, 60 * SECOND).state.capacity).toBe(14);
  });

  it("leaves the capacity alone at a smaller step", () => {
    const scaled = decideCapacity(action(change, 20), { capacity: 10 }, 0).state;
    expect(decideCapacity(action(change, 0), scaled, 30 * SECOND)).toEqual({ outcome: "unchanged", state: scaled });
  });

  it("counts from the first capacity while scale-outs follow each other", () => {
    const larger = decideCapacity(action(change, 10), justScaledOut, 30 * SECOND).state;
    expect(decideCapacity(action(change, 10), larger, 80 * SECOND).outcome).toBe("unchanged");
    expect(decideCapacity(action(change, 20), larger, 80 * SECOND).state.capacity).toBe(15);
  });

  it("does not hold back a larger exact capacity", () => {
    const scaled = decideCapacity(action(exact, 0), { capacity: 0 }, 0).state;
    expect(decideCapacity(action(exact, 20), scaled, SECOND).state.capacity).toBe(9);
  });

  it("blocks scale-in until it ends, also by a lower exact capacity and by another policy", () => {
    const scaled = decideCapacity(action(exact, 20), { capacity: 0 }, 0).state;
    for (const lower of [action(exact, 0), action(remove, 0)]) {
      expect(decideCapacity(lower, scaled, 60 * SECOND - 1)).toEqual({ outcome: "blocked-by-cooldown", state: scaled });
      expect(decideCapacity(lower, scaled, 60 * SECOND).outcome).toBe("scaled-in");
    }
  });
});

describe("the cooldown after a scale-in", () => {
  const scaledIn = decideCapacity(action(remove, 0), { capacity: 10 }, 0).state;

  it("blocks the next scale-in until it ends", () => {
    expect(decideCapacity(action(remove, 0), scaledIn, 30 * SECOND).outcome).toBe("blocked-by-cooldown");
    expect(decideCapacity(action(remove, 0), scaledIn, 60 * SECOND).state.capacity).toBe(8);
  });

  it("is ended by a scale-out, which happens at once", () => {
    const out = decideCapacity(action(change, 0), scaledIn, SECOND);
    expect(out).toEqual({
      outcome: "scaled-out",
      state: { capacity: 11, cooldown: { direction: "out", endsAt: 61 * SECOND, capacityBefore: 9 } },
    });
  });
});

describe("whatever the history of alarms", () => {
  const anyAction = fc.record({
    of: fc.constantFrom(exact, change, remove),
    metric: fc.integer({ min: -5, max: 40 }),
    afterSeconds: fc.nat(90),
  });

  it("capacity stays within bounds, and falls only where no cooldown is left", () => {
    fc.assert(
      fc.property(fc.array(anyAction, { maxLength: 30 }), (actions) => {
        let state: CapacityState = { capacity: 0 };
        let now = 0;
        for (const { of, metric, afterSeconds } of actions) {
          now += afterSeconds * SECOND;
          const next = decideCapacity(action(of, metric), state, now).state;
          expect(next.capacity).toBeGreaterThanOrEqual(0);
          expect(next.capacity).toBeLessThanOrEqual(20);
          if (next.capacity < state.capacity) expect(now).toBeGreaterThanOrEqual(state.cooldown?.endsAt ?? 0);
          state = next;
        }
      }),
    );
  });
});
