import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";
import { endDescendants } from "./descendants.ts";

/** Loaded before a task's program: the pipe of the fleet closes when its process is gone. See `task-process.ts`. */

const FLEET_PIPE = 3;

if (isMainThread) {
  const pipe = new Socket({ fd: FLEET_PIPE });
  pipe.on("error", () => undefined);
  pipe.on("close", () => {
    endDescendants(process.pid);
    process.kill(process.pid, "SIGKILL");
  });
  pipe.resume();
  pipe.unref();
}
