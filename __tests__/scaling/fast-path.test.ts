import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import { capacityFor, scaleOutCapacities } from "@autoscaling-job-queues/domain/scale-out-capacities";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateScaling, samplesNeeded } from "../../scaling/evaluate-scaling.ts";
import type { QueueSample } from "../../scaling/metrics.ts";
import { scalingFor } from "../../scaling/scaling-for.ts";
import type { CapacityState } from "../../scaling/step-scaling.ts";

const MINUTE_MS = 60_000;

const settingsOf = fc.record({
  scaleOutDepth: fc.constantFrom(1, 1, 5),
  maxTasks: fc.integer({ min: 1, max: 60 }),
  backlogPerTask: fc.integer({ min: 1, max: 20 }),
  idleMinutes: fc.integer({ min: 1, max: 5 }),
});

/** A minute at whose end somebody adds jobs where messages wait, and then the alarms are evaluated. */
interface Minute {
  readonly number: number;
  readonly raisedTo: number;
  readonly capacity: number;
  /** The newest messages that SQS has told of. */
  readonly reported: number | undefined;
  readonly byScaleOut: boolean;
}

/** @param lateMinutes that SQS reports a minute after its end. */
function play(settings: ScalingSettings, depths: readonly number[], lateMinutes: number): Minute[] {
  const scaling = scalingFor(settings);
  const rule = {
    maxTasks: settings.maxTasks,
    wake: { backlogPerTask: settings.backlogPerTask, capacities: scaleOutCapacities(settings) },
  };
  const samples: QueueSample[] = [];
  let state: CapacityState = { capacity: 0 };
  return depths.map((depth, number) => {
    const raisedTo = depth === 0 ? state.capacity : Math.max(state.capacity, capacityFor(depth, rule));
    samples.push({ visible: depth, ...(raisedTo > 0 && depth === 0 ? { emptyReceives: 3 } : {}) });
    const reported = samples.slice(0, samples.length - lateMinutes);
    const seen = [...reported, ...Array<QueueSample>(Math.min(lateMinutes, samples.length)).fill({})];
    const before = { ...state, capacity: raisedTo };
    const evaluated = evaluateScaling(scaling, seen.slice(-samplesNeeded(scaling)), before, number * MINUTE_MS);
    state = evaluated.state;
    const byScaleOut = evaluated.scaleOut.outcome === "scaled-in";
    return { number, raisedTo, capacity: state.capacity, reported: reported.at(-1)?.visible, byScaleOut };
  });
}

const courses = fc.tuple(
  settingsOf,
  fc.array(fc.oneof(fc.constant(0), fc.nat(20), fc.nat(1_500)), { minLength: 1, maxLength: 40 }),
  fc.integer({ min: 0, max: 3 }),
);

describe("the alarms, where whoever adds jobs raises the count", () => {
  it("lower it at most once in idleMinutes while messages wait, and not below what those need that SQS has told of", () => {
    fc.assert(
      fc.property(courses, ([settings, depths, late]) => {
        const lowered = play(settings, depths, late).filter(({ byScaleOut }) => byScaleOut);
        for (const [index, { number, capacity, reported = 0 }] of lowered.entries()) {
          const earlier = lowered[index - 1]?.number ?? Number.NEGATIVE_INFINITY;
          expect(number - earlier).toBeGreaterThanOrEqual(settings.idleMinutes);
          expect(capacity).toBeGreaterThanOrEqual(Math.min(settings.maxTasks, Math.ceil(reported / settings.backlogPerTask)));
        }
      }),
    );
  });

  it("never take it above maxTasks", () => {
    fc.assert(
      fc.property(courses, ([settings, depths, late]) => {
        for (const { capacity } of play(settings, depths, late)) expect(capacity).toBeLessThanOrEqual(settings.maxTasks);
      }),
    );
  });

  it("set 0 after new jobs came for no more minutes than SQS is late, and not once it has told of them", () => {
    fc.assert(
      fc.property(settingsOf, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 100 }), (settings, late, depth) => {
        const idle = settings.idleMinutes + late;
        // Somebody works, is idle until the alarm is about to fire, and from then on each minute finds jobs.
        const depths = [...Array<number>(3).fill(5), ...Array<number>(idle).fill(0), ...Array<number>(20).fill(depth)];
        const undone = play(settings, depths, late).filter(({ number, capacity }) => number >= 3 + idle && capacity === 0);
        expect(undone.length).toBeLessThanOrEqual(late);
        for (const { reported } of undone) expect(reported).toBe(0);
      }),
    );
  });

  it("leave alone what was raised for a burst that SQS tells of as it was", () => {
    const settings = { scaleOutDepth: 1, maxTasks: 100, backlogPerTask: 10, idleMinutes: 3 };
    const minutes = play(settings, [0, 1_000, 1_000, 900, 800], 1);
    expect(minutes.map(({ capacity }) => capacity)).toEqual([0, 100, 100, 100, 100]);
  });

  it("may lower what was raised for one that SQS saw half of, for one minute", () => {
    const settings = { scaleOutDepth: 1, maxTasks: 100, backlogPerTask: 10, idleMinutes: 3 };
    const minutes = play(settings, [200, 1_000, 1_000, 1_000, 1_000], 1);
    expect(minutes.map(({ raisedTo, capacity }) => [raisedTo, capacity])).toEqual([
      [20, 20],
      [100, 20],
      [100, 100],
      [100, 100],
      [100, 100],
    ]);
  });
});
