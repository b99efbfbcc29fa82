import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import { evaluateScaling, samplesNeeded } from "../../evaluate-scaling.ts";
import { scalingFor } from "../../scaling-for.ts";
import type { CapacityState } from "../../step-scaling.ts";
import type { Policy, PolicyWorld } from "../world.ts";

const PERIOD_SECONDS = 60;

/**
 * Follows the alarms and policies that Terraform creates, on the very functions that it is generated from.
 *
 * @param isSuspended whether scaling is, as while the type is paused. @default never
 */
export function followAlarms(
  world: PolicyWorld,
  settings: ScalingSettings,
  isSuspended: (at: number) => boolean = () => false,
): void {
  const scaling = scalingFor({ ...settings, maxTasks: world.settings.maxTasks });
  let state: CapacityState = { capacity: 0 };
  world.every(PERIOD_SECONDS, () => {
    if (isSuspended(world.now)) return;
    const before: CapacityState = { ...state, capacity: world.desiredCount };
    const { state: after } = evaluateScaling(scaling, world.samples(samplesNeeded(scaling)), before, world.now * 1_000);
    if (after.capacity !== before.capacity) world.scaleTo(after.capacity);
    // What a deployment held back has started no cooldown.
    if (after.capacity === world.desiredCount) state = after;
  });
}

/** The alarms, and a wake call that starts the first task: what there was before the fast path. */
export function alarmsAndWakeCall(settings: ScalingSettings): Policy {
  return {
    name: "without fast path",
    source: "scaling/",
    minTasks: 0,
    protectsBusyTasks: true,
    attach: (world) => {
      followAlarms(world, settings);
      world.onAdd(() => {
        if (world.desiredCount === 0) world.setDesiredCount(1);
      });
    },
  };
}
