import type { Policy } from "../world.ts";
import { trackTarget } from "./target-tracking.ts";

/** The period of a metric in CDK, where nobody sets another: five minutes. */
const PERIOD_SECONDS = 300;
/** `scalingSteps`, by default: changes of the capacity from so many visible messages on. */
const STEPS = [
  { from: 500, change: 5 },
  { from: 100, change: 1 },
] as const;
/** `cpuTargetUtilizationPercent`, by default. */
const CPU_TARGET = 0.5;
const COOLDOWN_SECONDS = 300;

/**
 * CDK's QueueProcessingFargateService as it is by default, but with as many tasks at most as the others have: its own default of two would say
 * nothing. Steps on the visible messages, and a CPU target that holds the tasks that work.
 */
export function queueProcessingService(): Policy {
  return {
    name: "CDK queue processing",
    source: "https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ecs_patterns.QueueProcessingFargateService.html",
    minTasks: 1,
    protectsBusyTasks: false,
    attach: (world) => {
      let quietUntil = Number.NEGATIVE_INFINITY;
      world.every(PERIOD_SECONDS, () => {
        const minutes = world.samples(PERIOD_SECONDS / 60).flatMap(({ visible }) => (visible === undefined ? [] : [visible]));
        if (minutes.length === 0) return;
        // The statistic of `metricApproximateNumberOfMessagesVisible`.
        const visible = Math.max(...minutes);
        const step = STEPS.find(({ from }) => visible >= from);
        if (step !== undefined) world.scaleTo(world.desiredCount + step.change);
        else if (visible <= 0 && world.now >= quietUntil && world.utilization <= CPU_TARGET)
          world.scaleTo(world.desiredCount - 1);
        else return;
        quietUntil = world.now + COOLDOWN_SECONDS;
      });
      trackTarget(world, {
        target: CPU_TARGET,
        scaleOutCooldown: COOLDOWN_SECONDS,
        scaleInCooldown: COOLDOWN_SECONDS,
        metric: () => (world.runningCount === 0 ? undefined : world.utilization),
      });
    },
  };
}
