import { stepAt } from "./step-adjustments.ts";
import type { StepPolicy } from "./step-policy.ts";

/** What a scalable target knows between two decisions. */
export interface CapacityState {
  /** The desired count. If something else changes it, as the wake call does, pass the changed number next time. */
  readonly capacity: number;
  /** The cooldown that the last scaling activity started. */
  readonly cooldown?: Cooldown;
}

export interface Cooldown {
  readonly direction: "out" | "in";
  /** Milliseconds on the clock of `now`. */
  readonly endsAt: number;
  /** The capacity before the scale-outs of this cooldown began. */
  readonly capacityBefore: number;
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

const AGGREGATE: Readonly<Record<StepPolicy["metricAggregationType"], (values: readonly number[]) => number>> = {
  Average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  Minimum: (values) => Math.min(...values),
  Maximum: (values) => Math.max(...values),
};

/**
 * Decides as Application Auto Scaling does when an alarm invokes a step scaling policy, which it does every period for as long
 * as it is in ALARM (Application Auto Scaling: step scaling policies).
 *
 * - No step covers the metric, or no datapoint is there: nothing changes.
 * - The result is brought within the target's bounds.
 * - Scale-out is never blocked. It ends a scale-in's cooldown, and starts its own.
 * - Scale-in waits for the end of a cooldown. AWS leaves open whether one policy's cooldown holds back another's scale-in; here
 *   it does, the later of the two readings. The alarm repeats its action, so this delays and never loses it.
 *
 * @param now milliseconds; a cooldown counts from the decision, as if tasks started at once.
 */
export function decideCapacity(action: ScalingAction, state: CapacityState, now: number): ScalingDecision {
  const { policy, threshold, bounds } = action;
  const metric = AGGREGATE[policy.metricAggregationType](action.datapoints);
  const step = action.datapoints.length === 0 ? undefined : stepAt(policy.stepAdjustments, metric - threshold);
  if (step === undefined) return { outcome: "no-step", state };
  const cooldown = state.cooldown !== undefined && now < state.cooldown.endsAt ? state.cooldown : undefined;
  const capacityBefore = cooldown?.direction === "out" ? cooldown.capacityBefore : state.capacity;
  const wanted =
    policy.adjustmentType === "ExactCapacity"
      ? step.scalingAdjustment
      : changed(state.capacity, capacityBefore, step.scalingAdjustment);
  const capacity = Math.min(bounds.maxCapacity, Math.max(bounds.minCapacity, wanted));
  if (capacity === state.capacity) return { outcome: "unchanged", state };
  const endsAt = now + policy.cooldown * 1_000;
  if (capacity > state.capacity) {
    return { outcome: "scaled-out", state: { capacity, cooldown: { direction: "out", endsAt, capacityBefore } } };
  }
  if (cooldown !== undefined) return { outcome: "blocked-by-cooldown", state };
  return { outcome: "scaled-in", state: { capacity, cooldown: { direction: "in", endsAt, capacityBefore } } };
}

/** What a scale-out's cooldown has already added is part of a further addition: after +2, +3 adds only 1 more. */
function changed(capacity: number, capacityBefore: number, change: number): number {
  return change > 0 ? Math.max(capacity, capacityBefore + change) : capacity + change;
}
