import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import { type AlarmDefinition, emptyAlarm, scaleOutAlarm } from "./alarm-definitions.ts";
import { emptyPolicy, type StepPolicy, scaleOutPolicy } from "./step-policy.ts";
import type { CapacityBounds } from "./step-scaling.ts";

/** An alarm, and the policy that it invokes. */
export interface ScalingRule {
  readonly alarm: AlarmDefinition;
  readonly policy: StepPolicy;
}

/** Everything that scales one job type: plain values, for Terraform to create and for the local autoscaler to follow. */
export interface Scaling {
  readonly bounds: CapacityBounds;
  readonly scaleOut: ScalingRule;
  readonly empty: ScalingRule;
}

/**
 * The scaling of a job type.
 *
 * @param settings checked before, by `defineJobType`.
 * @param minTasks that always run.
 */
export function scalingFor(settings: ScalingSettings, minTasks = 0): Scaling {
  return {
    bounds: { minCapacity: minTasks, maxCapacity: settings.maxTasks },
    scaleOut: { alarm: scaleOutAlarm(settings), policy: scaleOutPolicy(settings) },
    empty: { alarm: emptyAlarm(settings), policy: emptyPolicy() },
  };
}
