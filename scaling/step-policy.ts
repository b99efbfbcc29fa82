import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import { scaleOutCapacities } from "@autoscaling-job-queues/domain/scale-out-capacities";

/** One step of a step scaling policy, under the argument names of `aws_appautoscaling_policy`. */
export interface StepAdjustment {
  /** Distance of the metric from the alarm's threshold from which the step applies; `null` is negative infinity. */
  readonly metricIntervalLowerBound: number | null;
  /** Distance of the metric from the alarm's threshold up to which the step applies; `null` is infinity. */
  readonly metricIntervalUpperBound: number | null;
  /** Tasks: the new capacity. */
  readonly scalingAdjustment: number;
}

/** A step scaling policy, under the argument names of `aws_appautoscaling_policy`. */
export interface StepPolicy {
  readonly adjustmentType: "ExactCapacity";
  /** Seconds. Application Auto Scaling's own default is 300 for ECS services. */
  readonly cooldown: number;
  /** The largest of the datapoints that the alarm evaluated picks the step. */
  readonly metricAggregationType: "Maximum";
  readonly stepAdjustments: readonly StepAdjustment[];
}

/**
 * The policy of the scale-out alarm: the capacity that the depth needs, one task for each `backlogPerTask` messages begun, at
 * least 1 and at most `maxTasks`. Where that takes more than 20 steps, the capacities are spread geometrically and a depth gets
 * the next one up, so a task never has more than `backlogPerTask` messages before it until `maxTasks` is reached.
 *
 * ExactCapacity sets the capacity whatever it was before, so this policy also scales in when the depth falls to a lower step
 * while the alarm lasts: CloudWatch repeats the action every period. It never goes below 1. Work survives because ECS stops
 * only tasks without task protection, and busy ones have it. The cooldown keeps tasks for `idleMinutes` after the last change;
 * it slows only scaling in, as an exact capacity above the present one applies at once. Being no longer than the empty alarm
 * takes to fire, it does not delay the way to 0 either.
 */
export function scaleOutPolicy(settings: ScalingSettings): StepPolicy {
  return {
    adjustmentType: "ExactCapacity",
    cooldown: settings.idleMinutes * 60,
    metricAggregationType: "Maximum",
    stepAdjustments: capacitySteps(settings),
  };
}

/**
 * The policy of the empty alarm: no task. Its one step covers the threshold, 0, and below; Maximum over the evaluated minutes
 * means that a message in any of them leaves no step that applies. No cooldown: there is nothing further to scale in.
 */
export function emptyPolicy(): StepPolicy {
  return {
    adjustmentType: "ExactCapacity",
    cooldown: 0,
    metricAggregationType: "Maximum",
    stepAdjustments: [{ metricIntervalLowerBound: null, metricIntervalUpperBound: 0, scalingAdjustment: 0 }],
  };
}

/** A capacity of c is enough for c · backlogPerTask messages, so the next step starts one message later. */
function capacitySteps(settings: ScalingSettings): StepAdjustment[] {
  const { scaleOutDepth, backlogPerTask } = settings;
  const capacities = scaleOutCapacities(settings);
  const starts = [0, ...capacities.slice(0, -1).map((capacity) => capacity * backlogPerTask + 1 - scaleOutDepth)];
  return capacities.map((scalingAdjustment, index) => ({
    metricIntervalLowerBound: starts[index] ?? null,
    metricIntervalUpperBound: starts[index + 1] ?? null,
    scalingAdjustment,
  }));
}
