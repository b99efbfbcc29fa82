import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import { scaleOutPolicy } from "../../step-policy.ts";
import { stepAt } from "../../step-scaling.ts";
import type { Policy, PolicyWorld } from "../world.ts";
import { followAlarms } from "./alarms.ts";

export interface FastPathSettings {
  /** Lambda instances among which adds are spread; each remembers for itself. */
  readonly lambdas: number;
  /** An instance does not look at a type again for a random part, a fifth at the least, of so many seconds. */
  readonly lookSeconds: number;
  /** `UpdateService` for the whole account, a second and at once (Amazon ECS: request throttling). */
  readonly updatesPerSecond: number;
  readonly updateBurst: number;
  /** Whether the type is paused: nothing is raised then. */
  readonly isPaused: (at: number) => boolean;
  /** Told of each call. */
  readonly observe?: (call: FastPathCall) => void;
}

export interface FastPathCall {
  readonly at: number;
  readonly call: "look" | "raise" | "throttled";
  readonly count: number;
}

const LEAST_SHARE = 0.2;

export const FAST_PATH: FastPathSettings = {
  lambdas: 20,
  lookSeconds: 5,
  updatesPerSecond: 5,
  updateBurst: 50,
  isPaused: () => false,
};

/** The tasks that the scale-out policy sets for a depth. */
export function tasksForDepth(settings: ScalingSettings, depth: number): number {
  if (depth < settings.scaleOutDepth) return 1;
  return stepAt(scaleOutPolicy(settings).stepAdjustments, depth - settings.scaleOutDepth)?.scalingAdjustment ?? 1;
}

/**
 * add-job raises the desired count to what the policy would set for the depth at hand. Each Lambda instance reads the queue's own attributes
 * and the service every few seconds at most, and raises only what is too low.
 */
export function raiseOnAdd(world: PolicyWorld, settings: ScalingSettings, fastPath: FastPathSettings): void {
  const { lambdas, lookSeconds, updatesPerSecond, updateBurst, isPaused, observe } = fastPath;
  const nextLook = Array.from({ length: lambdas }, () => Number.NEGATIVE_INFINITY);
  let tokens = updateBurst;
  let tokensAt = 0;
  const look = (): void => {
    const { now, queue, desiredCount } = world;
    observe?.({ at: now, call: "look", count: desiredCount });
    const wanted = tasksForDepth(settings, queue.visible + queue.inFlight);
    if (wanted <= desiredCount || isPaused(now)) return;
    tokens = Math.min(updateBurst, tokens + (now - tokensAt) * updatesPerSecond);
    tokensAt = now;
    if (tokens < 1) {
      observe?.({ at: now, call: "throttled", count: wanted });
      return;
    }
    tokens -= 1;
    observe?.({ at: now, call: "raise", count: wanted });
    world.setDesiredCount(wanted);
  };
  world.onAdd(() => {
    const lambda = Math.floor(world.random.uniform() * lambdas);
    if (world.now < (nextLook[lambda] ?? 0)) return;
    nextLook[lambda] = world.now + lookSeconds * (LEAST_SHARE + (1 - LEAST_SHARE) * world.random.uniform());
    look();
  });
}

/** This system: its alarms, and the fast path. */
export function ours(settings: ScalingSettings, fastPath: FastPathSettings = FAST_PATH): Policy {
  return {
    name: "this system",
    source: "scaling/, handlers/jobs/wake.ts",
    minTasks: 0,
    protectsBusyTasks: true,
    attach: (world) => {
      followAlarms(world, settings);
      raiseOnAdd(world, settings, fastPath);
    },
  };
}
