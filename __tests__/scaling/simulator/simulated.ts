import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import type { Arrival } from "../../../scaling/simulator/arrivals.ts";
import { ours } from "../../../scaling/simulator/policies/ours.ts";
import { type Course, type Simulation, simulate } from "../../../scaling/simulator/simulate.ts";
import type { WorldSettings } from "../../../scaling/simulator/world.ts";

export const SCALING: ScalingSettings = { scaleOutDepth: 1, maxTasks: 50, backlogPerTask: 10, idleMinutes: 1 };

export const WORLD: WorldSettings = {
  concurrency: 2,
  maxTasks: 50,
  startSeconds: 40,
  timeoutSeconds: 600,
  spotInterruptionsPerHour: 0,
};

/** Jobs of 30 s, so many seconds apart, from one minute on. */
export function jobs(count: number, apart = 0, seconds = 30): readonly Arrival[] {
  return Array.from({ length: count }, (_, index) => ({ at: 60 + index * apart, seconds }));
}

/** A course of this system, unless another policy is given. */
export function course(given: Partial<Simulation> & Pick<Simulation, "arrivals">): Course {
  return simulate({ until: 3_600, afterRest: false, settings: WORLD, policy: ours(SCALING), seed: 1, ...given });
}
