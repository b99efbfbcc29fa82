import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";
import { ENCLOSURE } from "@autoscaling-job-queues/domain/environment";
import { readProcess } from "@autoscaling-job-queues/domain/process-table";
import { controlGroup } from "./control-group.ts";
import { endDescendants } from "./descendants.ts";

/**
 * Loaded before a task's program: has the task enter its control group, before anything is started that would be left outside, and ends it
 * with the fleet, whose pipe closes when its process is gone. See `task-process.ts`.
 */

const FLEET_PIPE = 3;

if (isMainThread) {
  const { [ENCLOSURE.variable]: folder } = process.env;
  const group = folder === undefined ? undefined : controlGroup(folder);
  try {
    group?.add(process.pid);
  } catch {
    // This user may not: the worker looks whether it is in the group before it relies on it.
  }
  const pipe = new Socket({ fd: FLEET_PIPE });
  pipe.on("error", () => undefined);
  pipe.on("close", () => {
    if (group?.pids().has(process.pid)) group.kill();
    const self = readProcess(process.pid);
    if (self !== undefined) endDescendants(self);
    process.kill(process.pid, "SIGKILL");
  });
  pipe.resume();
  pipe.unref();
}
