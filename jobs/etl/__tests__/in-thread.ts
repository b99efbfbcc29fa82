import { Worker } from "node:worker_threads";
import etl from "../job.ts";

/** Of its container's memory, what a job's thread may fill at least: the worker takes the rest. */
const HEAP_SHARE = 0.4;

/** Runs the job in a thread with the heap that a worker gives it. @returns its result, or the code of its error. */
export async function inThread(csv: string, as: "text" | "file" = "text"): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const thread = new Worker(new URL("./etl-thread.ts", import.meta.url), {
    workerData: { csv, as },
    resourceLimits: { maxOldGenerationSizeMb: etl.jobType.container.memoryMiB * HEAP_SHARE },
  });
  thread.once("message", resolve).once("error", reject);
  return await promise;
}
