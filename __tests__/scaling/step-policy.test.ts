import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import { capacityFor, scaleOutCapacities } from "@autoscaling-job-queues/domain/scale-out-capacities";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyPolicy, scaleOutPolicy } from "../../scaling/step-policy.ts";
import { stepAt } from "../../scaling/step-scaling.ts";
import { expectValidSteps } from "./step-rules.ts";

const DEFAULTS: ScalingSettings = { scaleOutDepth: 1, maxTasks: 10, backlogPerTask: 10, idleMinutes: 3 };

const anySettings: fc.Arbitrary<ScalingSettings> = fc.record({
  scaleOutDepth: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1_000_000 })),
  maxTasks: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5_000 })),
  backlogPerTask: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 1_000_000 })),
  idleMinutes: fc.integer({ min: 1, max: 1_440 }),
});

function capacityAt(settings: ScalingSettings, depth: number): number | undefined {
  return stepAt(scaleOutPolicy(settings).stepAdjustments, depth - settings.scaleOutDepth)?.scalingAdjustment;
}

function needed({ backlogPerTask, maxTasks }: ScalingSettings, depth: number): number {
  return Math.min(maxTasks, Math.ceil(depth / backlogPerTask));
}

/** A depth at or above the threshold, often next to where a step begins. */
function anyDepth(settings: ScalingSettings): fc.Arbitrary<number> {
  const { scaleOutDepth, backlogPerTask, maxTasks } = settings;
  const edges = fc
    .tuple(fc.integer({ min: 1, max: maxTasks }), fc.integer({ min: -1, max: 1 }))
    .map(([tasks, offset]) => tasks * backlogPerTask + offset);
  return fc.oneof(fc.nat(2 * backlogPerTask * maxTasks), edges).map((depth) => Math.max(scaleOutDepth, depth));
}

const settingsAndDepth = anySettings.chain((settings) => fc.tuple(fc.constant(settings), anyDepth(settings)));

describe("the scale-out policy", () => {
  it("gives one task for each backlogPerTask messages begun, up to maxTasks", () => {
    expect([1, 10, 11, 20, 21, 90, 91, 100, 101, 5_000].map((depth) => capacityAt(DEFAULTS, depth))).toEqual([
      1, 1, 2, 2, 3, 9, 10, 10, 10, 10,
    ]);
  });

  it("measures its steps from the threshold", () => {
    const settings = { ...DEFAULTS, scaleOutDepth: 5, maxTasks: 3 };
    expect(scaleOutPolicy(settings).stepAdjustments).toEqual([
      { metricIntervalLowerBound: 0, metricIntervalUpperBound: 6, scalingAdjustment: 1 },
      { metricIntervalLowerBound: 6, metricIntervalUpperBound: 16, scalingAdjustment: 2 },
      { metricIntervalLowerBound: 16, metricIntervalUpperBound: null, scalingAdjustment: 3 },
    ]);
  });

  it("is a single step for one task, and where the threshold already needs every task", () => {
    const open = (scalingAdjustment: number) => [
      { metricIntervalLowerBound: 0, metricIntervalUpperBound: null, scalingAdjustment },
    ];
    expect(scaleOutPolicy({ ...DEFAULTS, maxTasks: 1 }).stepAdjustments).toEqual(open(1));
    expect(scaleOutPolicy({ ...DEFAULTS, scaleOutDepth: 1_000 }).stepAdjustments).toEqual(open(10));
  });

  it("spreads the capacities geometrically where they are more than 20", () => {
    const capacities = scaleOutPolicy({ ...DEFAULTS, maxTasks: 5_000 }).stepAdjustments.map((step) => step.scalingAdjustment);
    expect(capacities).toHaveLength(20);
    expect([capacities[0], capacities[19]]).toEqual([1, 5_000]);
    const ratios = capacities.slice(1).map((capacity, index) => capacity / (capacities[index] ?? 0));
    expect(Math.max(...ratios)).toBeLessThanOrEqual(2);
  });

  it("uses every capacity while 20 steps are enough", () => {
    const capacities = scaleOutPolicy({ ...DEFAULTS, maxTasks: 20 }).stepAdjustments.map((step) => step.scalingAdjustment);
    expect(capacities).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it("keeps tasks for idleMinutes after the last change", () => {
    expect(scaleOutPolicy(DEFAULTS)).toMatchObject({
      adjustmentType: "ExactCapacity",
      cooldown: 180,
      metricAggregationType: "Maximum",
    });
  });

  it("is a valid step list, starts at the threshold and is open above, for any settings", () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const { stepAdjustments } = scaleOutPolicy(settings);
        expectValidSteps(stepAdjustments);
        expect(stepAdjustments.at(0)?.metricIntervalLowerBound).toBe(0);
        expect(stepAdjustments.at(-1)?.metricIntervalUpperBound).toBeNull();
      }),
    );
  });

  it("has rising capacities from what the threshold needs to maxTasks, and wastes no step, for any settings", () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const capacities = scaleOutPolicy(settings).stepAdjustments.map((step) => step.scalingAdjustment);
        const first = needed(settings, settings.scaleOutDepth);
        expect(capacities.at(0)).toBe(first);
        expect(capacities.at(-1)).toBe(settings.maxTasks);
        expect(capacities).toHaveLength(Math.min(20, settings.maxTasks - first + 1));
        for (const [index, capacity] of capacities.slice(1).entries()) expect(capacity).toBeGreaterThan(capacities[index] ?? 0);
      }),
    );
  });

  it("never gives less than the depth needs, nor more than the next of its capacities, for any depth", () => {
    fc.assert(
      fc.property(settingsAndDepth, ([settings, depth]) => {
        const capacities = scaleOutPolicy(settings).stepAdjustments.map((step) => step.scalingAdjustment);
        expect(capacityAt(settings, depth)).toBe(capacities.find((capacity) => capacity >= needed(settings, depth)));
      }),
    );
  });

  it("gives exactly what the depth needs while 20 steps are enough", () => {
    fc.assert(
      fc.property(settingsAndDepth, ([settings, depth]) => {
        fc.pre(settings.maxTasks <= 20);
        expect(capacityAt(settings, depth)).toBe(needed(settings, depth));
      }),
    );
  });

  it("never gives less for more messages", () => {
    fc.assert(
      fc.property(settingsAndDepth, fc.nat(1_000_000), ([settings, depth], more) => {
        expect(capacityAt(settings, depth + more)).toBeGreaterThanOrEqual(capacityAt(settings, depth) ?? Number.NaN);
      }),
    );
  });

  it("starts one task for one message when scaleOutDepth is 1", () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(capacityAt({ ...settings, scaleOutDepth: 1 }, 1)).toBe(1);
      }),
    );
  });
});

describe("the empty policy", () => {
  it("sets 0 at depth 0 and does nothing above it", () => {
    const { stepAdjustments } = emptyPolicy();
    expectValidSteps(stepAdjustments);
    expect(stepAt(stepAdjustments, 0)?.scalingAdjustment).toBe(0);
    expect(stepAt(stepAdjustments, 1)).toBeUndefined();
  });
});

describe("the tasks that the wake call asks for", () => {
  const ruleOf = (settings: ScalingSettings) => ({
    maxTasks: settings.maxTasks,
    wake: { backlogPerTask: settings.backlogPerTask, capacities: scaleOutCapacities(settings) },
  });

  it("are those that the policy sets at the same depth, from where its alarm fires", () => {
    fc.assert(
      fc.property(settingsAndDepth, ([settings, depth]) => {
        expect(capacityFor(depth, ruleOf(settings))).toBe(capacityAt(settings, depth));
      }),
    );
  });

  it("are at least one and as many as the depth needs below that, and never more than maxTasks", () => {
    fc.assert(
      fc.property(anySettings, fc.integer({ min: 1, max: 2_000_000 }), (settings, depth) => {
        const tasks = capacityFor(depth, ruleOf(settings));
        expect(tasks).toBeGreaterThanOrEqual(needed(settings, depth));
        expect(tasks).toBeLessThanOrEqual(settings.maxTasks);
        if (depth < settings.scaleOutDepth) expect(tasks).toBe(needed(settings, depth));
      }),
    );
  });
});
