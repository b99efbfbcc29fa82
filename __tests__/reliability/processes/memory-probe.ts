import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";
import { PROBE_VARIABLE, type ReachableMemory } from "./reachable-memory.ts";
import { sampleProcess } from "./resource-samples.ts";

/** Loaded before the program of a process that is sampled: tells whoever connects what is left after a garbage collection. */

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

async function reachableMemory(): Promise<ReachableMemory> {
  collect();
  // What the first collection finalizes is let go of in the turn after it.
  await turn();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  // Not all that the heap has reserved is in memory.
  const { total_physical_size: heapInMemory } = getHeapStatistics();
  const { anonymousBytes = Number.NaN, threads = Number.NaN } = sampleProcess(process.pid) ?? {};
  const outsideBytes = anonymousBytes - heapInMemory - external;
  return { pid: process.pid, heapBytes: heapUsed, externalBytes: external, outsideBytes, threads };
}

const socket = process.env[PROBE_VARIABLE];
if (isMainThread && socket !== undefined) {
  // The process before may have left it behind. What this one starts is not to have a probe.
  rmSync(socket, { force: true });
  delete process.env[PROBE_VARIABLE];
  const server = createServer((connection) => {
    connection.on("error", () => {});
    void reachableMemory().then((memory) => connection.end(JSON.stringify(memory)));
  });
  server.listen(socket);
  server.unref();
}
