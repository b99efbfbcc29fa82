import { expect } from "vitest";
import { MAX_STEP_ADJUSTMENTS } from "../../domain/scale-out-capacities.ts";
import type { StepAdjustment } from "../../scaling/step-policy.ts";

/**
 * Expects a list of steps that Application Auto Scaling takes for exact capacities (API reference: StepAdjustment; quotas), in
 * rising order.
 */
export function expectValidSteps(steps: readonly StepAdjustment[]): void {
  expect(steps.length).toBeGreaterThanOrEqual(1);
  expect(steps.length).toBeLessThanOrEqual(MAX_STEP_ADJUSTMENTS);
  for (const [index, step] of steps.entries()) {
    const { scalingAdjustment, metricIntervalLowerBound: lower, metricIntervalUpperBound: upper } = step;
    expect(Number.isInteger(scalingAdjustment) && scalingAdjustment >= 0, "a whole number of tasks").toBe(true);
    expect(lower !== null || upper !== null, "a bound in each step").toBe(true);
    expect(lower ?? Number.NEGATIVE_INFINITY).toBeLessThan(upper ?? Number.POSITIVE_INFINITY);
    const next = steps[index + 1];
    // No gap, no overlap, and an open end on each side at most.
    if (next !== undefined) expect(next.metricIntervalLowerBound).toBe(upper);
    if (next !== undefined) expect(upper).not.toBeNull();
  }
  const [first, last] = [steps.at(0), steps.at(-1)];
  // Where a bound is below the threshold, a step is open below; where one is above, a step is open above.
  if ((first?.metricIntervalLowerBound ?? 0) < 0) expect(first?.metricIntervalLowerBound).toBeNull();
  if ((last?.metricIntervalUpperBound ?? 0) > 0) expect(last?.metricIntervalUpperBound).toBeNull();
}
