import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";
import { ENCLOSURE } from "@autoscaling-job-queues/domain/environment";
import { readProcess } from "@autoscaling-job-queues/domain/process-table";
import { controlGroup } from "./control-group.ts";
import { endDescendants } from "./descendants.ts";

/** Loaded before a task's program: the pipe of the fleet closes when its process is gone. See `task-process.ts`. */

const FLEET_PIPE = 3;

if (isMainThread) {
  const pipe = new Socket({ fd: FLEET_PIPE });
  pipe.on("error", () => undefined);
  pipe.on("close", () => {
    const group = controlGroup(process.env[ENCLOSURE.variable] ?? "");
    if (group.pids().has(process.pid)) group.kill();
    const self = readProcess(process.pid);
    if (self !== undefined) endDescendants(self);
    process.kill(process.pid, "SIGKILL");
  });
  pipe.resume();
  pipe.unref();
}
