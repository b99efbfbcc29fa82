import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateScaling, type ScalingEvaluation, samplesNeeded } from "../../scaling/evaluate-scaling.ts";
import type { QueueSample } from "../../scaling/metrics.ts";
import { scalingFor } from "../../scaling/scaling-for.ts";
import type { CapacityState } from "../../scaling/step-scaling.ts";

const MINUTE = 60_000;
const SETTINGS: ScalingSettings = { scaleOutDepth: 1, maxTasks: 10, backlogPerTask: 10, idleMinutes: 3 };
/** A minute in which workers polled and got nothing. */
const EMPTY: QueueSample = { visible: 0, emptyReceives: 3 };

/** What happens minute by minute, each with one more sample. */
function run(settings: ScalingSettings, samples: readonly QueueSample[], start: CapacityState): ScalingEvaluation[] {
  let state = start;
  return samples.map((_, index) => {
    const evaluation = evaluateScaling(scalingFor(settings), samples.slice(0, index + 1), state, (index + 1) * MINUTE);
    state = evaluation.state;
    return evaluation;
  });
}

function capacities(settings: ScalingSettings, samples: readonly QueueSample[], start = 0): number[] {
  return run(settings, samples, { capacity: start }).map((evaluation) => evaluation.state.capacity);
}

describe("scaling with the depth of a queue", () => {
  it("goes from 0 to what the backlog needs and back to 0 after idleMinutes of nothing", () => {
    const samples = [EMPTY, { visible: 45 }, { visible: 75, inFlight: 5 }, { visible: 0, inFlight: 5 }, EMPTY, EMPTY, EMPTY];
    expect(capacities(SETTINGS, samples)).toEqual([0, 5, 8, 8, 8, 8, 0]);
  });

  it("keeps every task for idleMinutes after a scale-out, then follows a falling backlog, never below 1", () => {
    const samples = [{ visible: 95 }, ...Array.from({ length: 4 }, () => ({ visible: 2, inFlight: 3 }))];
    expect(capacities(SETTINGS, samples)).toEqual([10, 10, 10, 1, 1]);
  });

  it("keeps the tasks while only in-flight or only delayed messages are left", () => {
    for (const left of [
      { visible: 0, inFlight: 1, emptyReceives: 3 },
      { visible: 0, delayed: 1, emptyReceives: 3 },
    ]) {
      expect(
        capacities(
          SETTINGS,
          Array.from({ length: 12 }, () => left),
          1,
        ),
      ).toEqual(Array.from({ length: 12 }, () => 1));
    }
  });

  it("starts nothing for delayed messages alone", () => {
    expect(capacities(SETTINGS, [{ visible: 0, delayed: 50 }])).toEqual([0]);
  });

  it("leaves a task alone that the wake call has started, though the metrics of the resting queue still say empty", () => {
    const resting: QueueSample = { visible: 0, emptyReceives: 0 };
    expect(capacities(SETTINGS, [EMPTY, EMPTY, EMPTY, resting, resting, resting], 1)).toEqual([1, 1, 0, 0, 0, 0]);
    expect(capacities(SETTINGS, [resting, resting, resting, { visible: 0 }, resting], 1)).toEqual([1, 1, 1, 1, 1]);
  });

  it("changes nothing while SQS reports nothing, so a task that was woken lives to receive its job", () => {
    expect(capacities(SETTINGS, [{}, {}, {}, {}, {}, {}], 1)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it("changes nothing below scaleOutDepth", () => {
    const settings = { ...SETTINGS, scaleOutDepth: 5 };
    expect(capacities(settings, [{ visible: 4 }, { visible: 4, inFlight: 1 }])).toEqual([0, 1]);
    expect(capacities(settings, [{ visible: 4 }, { visible: 4 }], 2)).toEqual([2, 2]);
  });

  it("invokes the policy again in every minute of an alarm, after somebody else changed the capacity", () => {
    const [first] = run(SETTINGS, [{ visible: 15 }], { capacity: 0 });
    expect(first?.scaleOut).toEqual({ alarm: "ALARM", outcome: "scaled-out" });
    const changed = { ...first?.state, capacity: 1 };
    const again = evaluateScaling(scalingFor(SETTINGS), [{ visible: 15 }, { visible: 15 }], changed, 2 * MINUTE);
    expect(again.scaleOut).toEqual({ alarm: "ALARM", outcome: "scaled-out" });
    expect(again.state.capacity).toBe(2);
  });

  it("says which alarm is in which state, and what its policy did", () => {
    const [evaluation] = run({ ...SETTINGS, idleMinutes: 1 }, [EMPTY], { capacity: 2 });
    expect(evaluation).toMatchObject({ scaleOut: { alarm: "OK" }, empty: { alarm: "ALARM", outcome: "scaled-in" } });
    expect(evaluation?.scaleOut).not.toHaveProperty("outcome");
  });
});

/**
 * What becomes of a service whose metrics come so many minutes late: its capacity minute by minute. A job is added in minute
 * `addedAt` and wakes it; a task that has lived for a minute takes the job, in minute `takenAt`, and is done with it.
 */
function withLateMetrics(lateMinutes: number, addedAt: number, minutes: number): { seen: number[]; takenAt: number } {
  const scaling = scalingFor(SETTINGS);
  const samples: QueueSample[] = [];
  const seen: number[] = [];
  let state: CapacityState = { capacity: 1 };
  let waiting = 0;
  let takenAt = -1;
  for (let minute = 0; minute < minutes; minute += 1) {
    if (minute === addedAt) {
      waiting = 1;
      state = { ...state, capacity: Math.max(1, state.capacity) };
    }
    const isPolled = state.capacity > 0 && (seen.at(-1) ?? 1) > 0;
    if (isPolled && waiting > 0) takenAt = minute;
    if (isPolled) waiting = 0;
    samples.push({ visible: waiting, ...(isPolled ? { emptyReceives: 3 } : {}) });
    const reported = samples.map((sample, index) => (index > minute - lateMinutes ? {} : sample));
    state = evaluateScaling(scaling, reported, state, minute * MINUTE).state;
    seen.push(state.capacity);
  }
  return { seen, takenAt };
}

describe("a queue whose metrics come late", () => {
  it.each([0, 1, 2])("is still scaled to zero, by as many minutes later (%i)", (lateMinutes) => {
    const { seen } = withLateMetrics(lateMinutes, 99, 20);
    expect(seen.indexOf(0)).toBe(SETTINGS.idleMinutes - 1 + lateMinutes);
    expect(seen.slice(seen.indexOf(0))).not.toContain(1);
  });

  it.each([0, 1, 2])(
    "gets a task for a job that comes at any time, though old metrics say empty (%i min late)",
    (lateMinutes) => {
      for (let addedAt = 0; addedAt < 20; addedAt += 1) {
        const { seen, takenAt } = withLateMetrics(lateMinutes, addedAt, 60);
        expect(takenAt, `added in minute ${addedAt}: ${seen}`).toBeGreaterThanOrEqual(addedAt);
        expect(takenAt - addedAt, `added in minute ${addedAt}: ${seen}`).toBeLessThanOrEqual(lateMinutes + 2);
        expect(seen.at(-1)).toBe(0);
      }
    },
  );
});

describe("whatever a queue reports", () => {
  const count = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(300) });
  const unreported = { weight: 1, arbitrary: fc.constant<QueueSample>({}) };
  const reported = fc.record(
    { visible: count, inFlight: count, delayed: count, emptyReceives: fc.nat(3) },
    { requiredKeys: ["visible"] },
  );
  const anySamples = fc.array(fc.oneof({ weight: 5, arbitrary: reported as fc.Arbitrary<QueueSample> }, unreported), {
    minLength: 1,
    maxLength: 40,
  });
  const anySettings: fc.Arbitrary<ScalingSettings> = fc.record({
    scaleOutDepth: fc.integer({ min: 1, max: 30 }),
    maxTasks: fc.integer({ min: 1, max: 60 }),
    backlogPerTask: fc.integer({ min: 1, max: 20 }),
    idleMinutes: fc.integer({ min: 1, max: 6 }),
  });
  const anyStart = fc.nat(1);

  it("capacity stays within 0 and maxTasks", () => {
    fc.assert(
      fc.property(anySettings, anySamples, anyStart, (settings, samples, start) => {
        for (const capacity of capacities(settings, samples, start)) {
          expect(capacity).toBeGreaterThanOrEqual(0);
          expect(capacity).toBeLessThanOrEqual(settings.maxTasks);
        }
      }),
    );
  });

  it("capacity never goes to 0 while anything is reported visible, in flight or delayed", () => {
    fc.assert(
      fc.property(anySettings, anySamples, (settings, samples) => {
        const seen = capacities(settings, samples, 1);
        for (const [index, { visible = 0, inFlight = 0, delayed = 0 }] of samples.entries()) {
          if (visible + inFlight + delayed > 0 && (seen[index - 1] ?? 1) > 0) expect(seen[index]).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("capacity goes to 0 only after idleMinutes reports of nothing", () => {
    fc.assert(
      fc.property(anySettings, anySamples, (settings, samples) => {
        const seen = capacities(settings, samples, 1);
        for (const [index, capacity] of seen.entries()) {
          if (capacity > 0 || (seen[index - 1] ?? 1) === 0) continue;
          const reports = samples.slice(0, index + 1).filter(({ visible }) => visible !== undefined);
          const latest = reports.slice(-settings.idleMinutes);
          expect(latest).toHaveLength(settings.idleMinutes);
          for (const { visible = 0, inFlight = 0, delayed = 0, emptyReceives = 0 } of latest) {
            expect(visible + inFlight + delayed).toBe(0);
            expect(emptyReceives).toBeGreaterThan(0);
          }
        }
      }),
    );
  });

  it("the tasks are gone idleMinutes after the last message, whatever came before: no cooldown delays it", () => {
    fc.assert(
      fc.property(anySettings, anySamples, anyStart, (settings, samples, start) => {
        const rest = Array.from({ length: settings.idleMinutes }, () => EMPTY);
        expect(capacities(settings, [...samples, ...rest], start).at(-1)).toBe(0);
      }),
    );
  });

  it("there is capacity for the reported backlog as soon as the scale-out alarm sees it", () => {
    fc.assert(
      fc.property(anySettings, anySamples, anyStart, (settings, samples, start) => {
        const seen = capacities(settings, samples, start);
        for (const [index, { visible, inFlight = 0 }] of samples.entries()) {
          if (visible === undefined || visible + inFlight < settings.scaleOutDepth) continue;
          const needed = Math.min(settings.maxTasks, Math.ceil((visible + inFlight) / settings.backlogPerTask));
          expect(seen[index]).toBeGreaterThanOrEqual(needed);
        }
      }),
    );
  });

  it("the two alarms are never in ALARM together", () => {
    fc.assert(
      fc.property(anySettings, anySamples, (settings, samples) => {
        for (const { scaleOut, empty } of run(settings, samples, { capacity: 0 })) {
          expect([scaleOut.alarm, empty.alarm]).not.toEqual(["ALARM", "ALARM"]);
        }
      }),
    );
  });

  it("samples older than samplesNeeded make no difference", () => {
    fc.assert(
      fc.property(anySettings, anySamples, anyStart, (settings, samples, capacity) => {
        const scaling = scalingFor(settings);
        const latest = samples.slice(-samplesNeeded(scaling));
        expect(evaluateScaling(scaling, latest, { capacity }, 0)).toEqual(evaluateScaling(scaling, samples, { capacity }, 0));
      }),
    );
  });
});
