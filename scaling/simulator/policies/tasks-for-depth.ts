import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import { capacityFor, scaleOutCapacities } from "@autoscaling-job-queues/domain/scale-out-capacities";

/** @returns the tasks that so many messages need by these settings, at least 1: what whoever adds jobs asks for. */
export function tasksForDepth(settings: ScalingSettings): (depth: number) => number {
  const { maxTasks, backlogPerTask } = settings;
  const rule = { maxTasks, wake: { backlogPerTask, capacities: scaleOutCapacities(settings) } };
  return (depth) => capacityFor(depth, rule);
}
