import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import { describe, expect, it } from "vitest";
import { type StepAdjustment, stepAt, validateStepAdjustments } from "../../scaling/step-adjustments.ts";

function step(lower: number | null, upper: number | null, scalingAdjustment = 1): StepAdjustment {
  return { metricIntervalLowerBound: lower, metricIntervalUpperBound: upper, scalingAdjustment };
}

describe("a step list", () => {
  it("may start at the threshold and be open above, or end at it and be open below", () => {
    expect(() => validateStepAdjustments("ExactCapacity", [step(0, 10), step(10, null)])).not.toThrow();
    expect(() => validateStepAdjustments("ExactCapacity", [step(null, -10), step(-10, 0)])).not.toThrow();
    expect(() => validateStepAdjustments("ChangeInCapacity", [step(10, null, 3), step(null, 10, -1)])).not.toThrow();
  });

  it("has 20 steps at most, and one at least", () => {
    const steps = Array.from({ length: 21 }, (_, index) => step(index, index === 20 ? null : index + 1));
    expect(() => validateStepAdjustments("ExactCapacity", steps)).toThrow("stepAdjustments is 21; allowed: 1 to 20 steps");
    expect(() => validateStepAdjustments("ExactCapacity", [step(1, null), ...steps.slice(0, 1)])).not.toThrow();
    expect(() => validateStepAdjustments("ExactCapacity", [])).toThrow(SettingsError);
  });

  it.each([
    ["a gap", [step(0, 10), step(11, null)], "gap"],
    ["an overlap", [step(0, 10), step(9, null)], "overlap"],
    ["two steps without an upper bound", [step(0, null), step(10, null)], "overlap"],
    ["two steps without a lower bound", [step(null, -10), step(null, 0)], "overlap"],
    ["a step without any bound", [step(null, null)], "a lower bound, an upper bound or both"],
    ["an empty step", [step(0, 0), step(0, null)], "below the upper bound"],
    ["a positive end that is closed", [step(0, 10)], "without an upper bound"],
    ["a negative end that is closed", [step(-10, 0)], "without a lower bound"],
    ["a fraction of a task", [step(0, null, 1.5)], "a whole number"],
    ["a negative capacity", [step(null, 0, -1)], "at least 0"],
  ])("is refused with %s", (_, steps, reason) => {
    expect(() => validateStepAdjustments("ExactCapacity", steps)).toThrow(SettingsError);
    expect(() => validateStepAdjustments("ExactCapacity", steps)).toThrow(reason);
  });

  it("may take tasks away only as a change", () => {
    expect(() => validateStepAdjustments("ChangeInCapacity", [step(null, 0, -1)])).not.toThrow();
  });
});

describe("the step for a metric", () => {
  // AWS's own example, with a threshold of 50: 0 to 10 is from 50 to below 60, -10 to 0 is above 40 to 50.
  const out = [step(0, 10, 1), step(10, null, 2)];
  const back = [step(null, -10, -2), step(-10, 0, -1)];

  it("includes the lower and excludes the upper bound above the threshold", () => {
    expect([0, 9.9, 10, 1e9].map((distance) => stepAt(out, distance)?.scalingAdjustment)).toEqual([1, 1, 2, 2]);
  });

  it("excludes the lower and includes the upper bound below the threshold", () => {
    expect([0, -9.9, -10, -1e9].map((distance) => stepAt(back, distance)?.scalingAdjustment)).toEqual([-1, -1, -2, -2]);
  });

  it("is none where the list does not reach", () => {
    expect(stepAt(out, -1)).toBeUndefined();
    expect(stepAt(back, 1)).toBeUndefined();
  });

  it("exactly at the threshold is the one that starts there, where there are two", () => {
    expect(stepAt([...back, ...out], 0)?.scalingAdjustment).toBe(1);
  });
});
