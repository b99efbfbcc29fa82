import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import type { Policy } from "../world.ts";
import { followAlarms } from "./alarms.ts";
import { FAST_PATH, type FastPathSettings, raiseOnAdd } from "./fast-path.ts";

/** This system: its alarms, and the fast path. */
export function ours(settings: ScalingSettings, fastPath: FastPathSettings = FAST_PATH): Policy {
  return {
    name: "this system",
    source: "scaling/, handlers/jobs/wake.ts",
    minTasks: 0,
    protectsBusyTasks: true,
    attach: (world) => {
      followAlarms(world, settings, fastPath.isPaused);
      raiseOnAdd(world, settings, fastPath);
    },
  };
}
