import type { StepAdjustment, StepPolicy } from "./step-policy.ts";

/** What a scalable target knows between two decisions. */
export interface CapacityState {
  /** The desired count. If something else changes it, as the wake call does, pass the changed number next time. */
  readonly capacity: number;
  /** When the cooldown ends that the last scaling activity started: milliseconds on the clock of `now`. */
  readonly cooldownEndsAt?: number;
}

/** The bounds of `aws_appautoscaling_target`: no policy leaves them. */
export interface CapacityBounds {
  readonly minCapacity: number;
  readonly maxCapacity: number;
}

export type ScalingOutcome = "scaled-out" | "scaled-in" | "blocked-by-cooldown" | "no-step" | "unchanged";

export interface ScalingDecision {
  readonly outcome: ScalingOutcome;
  readonly state: CapacityState;
}

/** One action of an alarm on its policy. */
export interface ScalingAction {
  readonly policy: StepPolicy;
  readonly bounds: CapacityBounds;
  /** The alarm's threshold, from which the steps' bounds are measured. */
  readonly threshold: number;
  /** The datapoints that the alarm evaluated, oldest first. */
  readonly datapoints: readonly number[];
}

/**
 * Decides as Application Auto Scaling does when an alarm invokes a step scaling policy, which it does every period for as long
 * as it is in ALARM (Application Auto Scaling: step scaling policies).
 *
 * - No step covers the metric, or no datapoint is there: nothing changes.
 * - The result is brought within the target's bounds.
 * - Scale-out is never blocked: an exact capacity above the present one applies at once. It starts a new cooldown.
 * - Scale-in waits for the end of a cooldown. AWS leaves open whether one policy's cooldown holds back another's scale-in; here
 *   it does, the later of the two readings. The alarm repeats its action, so this delays and never loses it.
 *
 * @param now milliseconds; a cooldown counts from the decision, as if tasks started at once.
 */
export function decideCapacity(action: ScalingAction, state: CapacityState, now: number): ScalingDecision {
  const { policy, threshold, bounds, datapoints } = action;
  const step = datapoints.length === 0 ? undefined : stepAt(policy.stepAdjustments, Math.max(...datapoints) - threshold);
  if (step === undefined) return { outcome: "no-step", state };
  const capacity = Math.min(bounds.maxCapacity, Math.max(bounds.minCapacity, step.scalingAdjustment));
  if (capacity === state.capacity) return { outcome: "unchanged", state };
  const isScaleOut = capacity > state.capacity;
  if (!isScaleOut && now < (state.cooldownEndsAt ?? 0)) return { outcome: "blocked-by-cooldown", state };
  return {
    outcome: isScaleOut ? "scaled-out" : "scaled-in",
    state: { capacity, cooldownEndsAt: now + policy.cooldown * 1_000 },
  };
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
