import type { WakeTarget } from "./job-type-registry.ts";

/** Application Auto Scaling: step adjustments per step scaling policy (a default quota). */
export const MAX_STEP_ADJUSTMENTS = 20;

/** The settings of a type that say how many tasks it gets for how many messages: see `ScalingSettings`. */
interface DepthSettings {
  readonly scaleOutDepth: number;
  readonly maxTasks: number;
  readonly backlogPerTask: number;
}

/**
 * The capacities that the scale-out policy of a type sets, rising: from what its first alarm needs up to `maxTasks`, each of them or, where that
 * takes more than 20 steps, so many in about equal ratios.
 */
export function scaleOutCapacities({ scaleOutDepth, maxTasks, backlogPerTask }: DepthSettings): number[] {
  const first = Math.min(maxTasks, Math.ceil(scaleOutDepth / backlogPerTask));
  const values = [first];
  for (let value = first; value < maxTasks; values.push(value)) {
    const inEqualRatios = Math.round(value * (maxTasks / value) ** (1 / (MAX_STEP_ADJUSTMENTS - values.length)));
    value = Math.max(value + 1, inEqualRatios);
  }
  return values;
}

/** What tells how many tasks of a type so many messages need. */
export interface CapacityRule {
  readonly maxTasks: number;
  readonly wake: Pick<WakeTarget, "backlogPerTask" | "capacities">;
}

/**
 * The tasks that messages need: those that the scale-out policy sets at that depth, or, below the depth at which it begins, one for each
 * `backlogPerTask` begun. At least 1 and at most `maxTasks`.
 *
 * @param messages visible and in flight, at least 1.
 */
export function capacityFor(messages: number, { maxTasks, wake }: CapacityRule): number {
  const { backlogPerTask = messages, capacities = [] } = wake;
  const exact = Math.max(1, Math.min(maxTasks, Math.ceil(messages / backlogPerTask)));
  const [first = exact] = capacities;
  return exact <= first ? exact : Math.min(maxTasks, capacities.find((capacity) => capacity >= exact) ?? exact);
}
