import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import type { Policy } from "../world.ts";

/** `pollingInterval` and `cooldownPeriod` of a ScaledObject, by default, in seconds. */
const POLLING_SECONDS = 30;
const COOLDOWN_SECONDS = 300;
/** The horizontal pod autoscaler: every 15 s, double or four more, within a tenth of the target as it is, down to the most of five minutes. */
const SYNC_SECONDS = 15;
const STABLE_SECONDS = 300;
const TOLERANCE = 0.1;
const MOST_PODS_MORE = 4;

/**
 * KEDA's `aws-sqs-queue` scaler with `queueLength` as our `backlogPerTask`, in-flight messages counted as by default. KEDA goes from 0 to 1
 * and back, the horizontal pod autoscaler does the rest. Pods start as slowly as our tasks; nodes are taken for granted.
 */
export function keda({ backlogPerTask: queueLength }: ScalingSettings): Policy {
  return {
    name: "KEDA SQS scaler",
    source: "https://keda.sh/docs/latest/scalers/aws-sqs/",
    minTasks: 0,
    protectsBusyTasks: false,
    attach: (world) => {
      let activeAt = Number.NEGATIVE_INFINITY;
      const recommended: { readonly at: number; readonly count: number }[] = [];
      const messages = () => world.queue.visible + world.queue.inFlight;
      world.every(POLLING_SECONDS, () => {
        if (messages() > 0) {
          activeAt = world.now;
          if (world.desiredCount === 0) world.scaleTo(1);
        } else if (world.desiredCount > 0 && world.now - activeAt >= COOLDOWN_SECONDS) {
          world.scaleTo(0);
          recommended.length = 0;
        }
      });
      world.every(SYNC_SECONDS, () => {
        const now = world.desiredCount;
        if (now === 0) return;
        const ratio = messages() / (queueLength * now);
        const count = Math.abs(ratio - 1) <= TOLERANCE ? now : Math.max(1, Math.ceil(messages() / queueLength));
        recommended.push({ at: world.now, count });
        while ((recommended[0]?.at ?? world.now) < world.now - STABLE_SECONDS) recommended.shift();
        if (count > now) world.scaleTo(Math.min(count, Math.max(2 * now, now + MOST_PODS_MORE)));
        else world.scaleTo(Math.min(now, Math.max(...recommended.map((one) => one.count))));
      });
    },
  };
}
