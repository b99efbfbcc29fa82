import { SettingsError } from "@autoscaling-job-queues/domain/errors";

/** How a step's adjustment is meant: as the new capacity, or as a change of it. */
export type AdjustmentType = "ExactCapacity" | "ChangeInCapacity";

/** One step of a step scaling policy, under the argument names of `aws_appautoscaling_policy`. */
export interface StepAdjustment {
  /** Distance of the metric from the alarm's threshold from which the step applies; `null` is negative infinity. */
  readonly metricIntervalLowerBound: number | null;
  /** Distance of the metric from the alarm's threshold up to which the step applies; `null` is infinity. */
  readonly metricIntervalUpperBound: number | null;
  /** Tasks: the new capacity, or the change of it. */
  readonly scalingAdjustment: number;
}

/** Application Auto Scaling: step adjustments per step scaling policy (a default quota). */
export const MAX_STEP_ADJUSTMENTS = 20;

/**
 * Checks a step list against the rules of Application Auto Scaling (API reference: StepAdjustment; quotas), whatever the
 * order of the steps.
 *
 * @throws SettingsError for the first rule that is broken.
 */
export function validateStepAdjustments(adjustmentType: AdjustmentType, steps: readonly StepAdjustment[]): void {
  const check = (valid: boolean, given: unknown, allowed: string): void => {
    if (!valid) throw new SettingsError("stepAdjustments", given, allowed);
  };
  check(steps.length >= 1 && steps.length <= MAX_STEP_ADJUSTMENTS, steps.length, `1 to ${MAX_STEP_ADJUSTMENTS} steps`);
  for (const step of steps) {
    const { scalingAdjustment, metricIntervalLowerBound, metricIntervalUpperBound } = step;
    check(Number.isInteger(scalingAdjustment), step, "a whole number as scalingAdjustment");
    check(adjustmentType !== "ExactCapacity" || scalingAdjustment >= 0, step, "a capacity of at least 0");
    check(
      metricIntervalLowerBound !== null || metricIntervalUpperBound !== null,
      step,
      "a lower bound, an upper bound or both in each step",
    );
    check(lowerOf(step) < upperOf(step), step, "a lower bound below the upper bound");
  }
  const ordered = steps.toSorted((one, other) => lowerOf(one) - lowerOf(other) || upperOf(one) - upperOf(other));
  for (const [index, step] of ordered.entries()) {
    const next = ordered[index + 1];
    check(
      next === undefined || lowerOf(next) === upperOf(step),
      [step, next],
      "steps without gap or overlap, with at most one open end on each side",
    );
  }
  check(
    steps.every((step) => lowerOf(step) >= 0) || steps.some((step) => step.metricIntervalLowerBound === null),
    steps,
    "a step without a lower bound where one has a negative lower bound",
  );
  check(
    steps.every((step) => upperOf(step) <= 0) || steps.some((step) => step.metricIntervalUpperBound === null),
    steps,
    "a step without an upper bound where one has a positive upper bound",
  );
}

/**
 * The step that applies at a distance of the metric from the alarm's threshold, if any does.
 *
 * From the threshold upwards the lower bound is inclusive and the upper exclusive, below it the other way round. Exactly at
 * the threshold both readings hold: a step that starts there goes before one that ends there.
 */
export function stepAt(steps: readonly StepAdjustment[], distance: number): StepAdjustment | undefined {
  const above = (step: StepAdjustment) => distance >= lowerOf(step) && distance < upperOf(step);
  const below = (step: StepAdjustment) => distance > lowerOf(step) && distance <= upperOf(step);
  return (distance >= 0 ? steps.find(above) : undefined) ?? (distance <= 0 ? steps.find(below) : undefined);
}

function lowerOf(step: StepAdjustment): number {
  return step.metricIntervalLowerBound ?? Number.NEGATIVE_INFINITY;
}

function upperOf(step: StepAdjustment): number {
  return step.metricIntervalUpperBound ?? Number.POSITIVE_INFINITY;
}
