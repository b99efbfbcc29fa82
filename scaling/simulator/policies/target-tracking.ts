import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import type { Policy, PolicyWorld } from "../world.ts";

export interface TargetTracking {
  readonly target: number;
  readonly scaleOutCooldown: number;
  readonly scaleInCooldown: number;
  /** The metric of the minute that has just ended; undefined for none. */
  readonly metric: () => number | undefined;
}

const PERIOD_SECONDS = 60;
/** The alarms that Application Auto Scaling makes: three minutes above the target, or 15 below nine tenths of it. */
const HIGH_MINUTES = 3;
const LOW_MINUTES = 15;
const LOW_SHARE = 0.9;

/**
 * A target tracking policy of Application Auto Scaling: the capacity in proportion to how far the metric is from its target, out at once where
 * no cooldown runs (and further within one), in when no cooldown does. Minutes without a datapoint change nothing.
 */
export function trackTarget(world: PolicyWorld, { target, scaleOutCooldown, scaleInCooldown, metric }: TargetTracking): void {
  const values: number[] = [];
  let quietUntil = Number.NEGATIVE_INFINITY;
  world.every(PERIOD_SECONDS, () => {
    const value = metric();
    if (value === undefined) return;
    values.push(value);
    const wanted = Math.ceil((Math.max(1, world.desiredCount) * value) / target);
    const last = (minutes: number) => (values.length < minutes ? [] : values.slice(-minutes));
    const isHigh = last(HIGH_MINUTES).length > 0 && last(HIGH_MINUTES).every((one) => one > target);
    const isLow = last(LOW_MINUTES).length > 0 && last(LOW_MINUTES).every((one) => one < target * LOW_SHARE);
    // Tasks of the last activity that are still starting are not counted twice: until it is over, the capacity is as it was made.
    if (isHigh && wanted > world.desiredCount && world.now >= quietUntil) {
      world.scaleTo(wanted);
      quietUntil = world.now + scaleOutCooldown;
    } else if (isLow && wanted < world.desiredCount && world.now >= quietUntil) {
      world.scaleTo(wanted);
      quietUntil = world.now + scaleInCooldown;
    }
  });
}

/** AWS's own advice for workers of a queue: target tracking on its backlog per running task, by metric math. */
export function backlogPerTask({ backlogPerTask: target }: ScalingSettings): Policy {
  return {
    name: "backlog per task",
    source:
      "https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html",
    // Without a task there is no backlog per task: at 0 it would stay there.
    minTasks: 1,
    protectsBusyTasks: false,
    attach: (world) =>
      trackTarget(world, {
        target,
        scaleOutCooldown: 300,
        scaleInCooldown: 300,
        metric: () => {
          const visible = newest(world);
          return visible === undefined || world.runningCount === 0 ? undefined : visible / world.runningCount;
        },
      }),
  };
}

/** Copilot's worker service: a Lambda writes the backlog per task once a minute, rounded up, from the queue's own attributes. */
export function copilot({ backlogPerTask: target }: ScalingSettings): Policy {
  return {
    name: "Copilot worker",
    source: "https://aws.github.io/copilot-cli/docs/manifest/worker-service/",
    minTasks: 1,
    protectsBusyTasks: false,
    attach: (world) =>
      trackTarget(world, {
        target,
        scaleOutCooldown: 60,
        scaleInCooldown: 120,
        metric: () => Math.ceil(world.queue.visible / Math.max(1, world.runningCount)),
      }),
  };
}

/** The visible messages that CloudWatch has of the last minutes. */
function newest(world: PolicyWorld): number | undefined {
  return world.samples(3).findLast(({ visible }) => visible !== undefined)?.visible;
}
