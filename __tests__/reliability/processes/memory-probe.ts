import { createServer } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";
import { PROBES_VARIABLE, type ReachableMemory, socketOf } from "./reachable-memory.ts";

/** Loaded before the program of a process that is sampled: tells whoever connects what is left after a garbage collection. */

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

async function reachableMemory(): Promise<ReachableMemory> {
  collect();
  // What the first collection finalizes is let go of in the turn after it.
  await turn();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return { heapBytes: heapUsed, externalBytes: external };
}

const folder = process.env[PROBES_VARIABLE];
if (isMainThread && folder !== undefined) {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    void reachableMemory().then((memory) => socket.end(JSON.stringify(memory)));
  });
  server.listen(socketOf(folder, process.pid));
  server.unref();
}
