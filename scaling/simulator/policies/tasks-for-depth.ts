import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import { capacityFor, scaleOutCapacities } from "@autoscaling-job-queues/domain/scale-out-capacities";

/** The tasks that so many messages need, at least 1: what whoever adds jobs asks for. */
export function tasksForDepth(settings: ScalingSettings, depth: number): number {
  const { maxTasks, backlogPerTask } = settings;
  return capacityFor(depth, { maxTasks, wake: { backlogPerTask, capacities: scaleOutCapacities(settings) } });
}
