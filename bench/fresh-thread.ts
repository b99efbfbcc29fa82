import { threadRunner } from "@autoscaling-job-queues/worker/runners/threads/thread-runner";
import { median } from "./median.ts";

const STARTS = 9;

/** Milliseconds from the start of a thread to the end of its first job, with the handler loaded on the way: the median of some. */
export async function freshThreadMs(): Promise<number> {
  const times: number[] = [];
  const never = new AbortController().signal;
  for (let start = 0; start < STARTS; start += 1) {
    const startedAt = performance.now();
    const runner = threadRunner({
      handlerUrl: new URL("./echo-job.ts", import.meta.url).href,
      concurrency: 1,
      memoryMiB: 1_024,
      log: { strayError: () => {}, threadReplaced: () => {} },
    });
    const outcome = await runner.run({
      ...{ id: "bench", type: "echo", attempt: 1, input: '{"op":"echo","value":1}', signal: never, kill: never },
      progress: () => {},
      log: () => {},
      checkpoint: () => Promise.reject(new Error("echo jobs have no checkpoints")),
      files: {},
      readFile: () => Promise.reject(new Error("echo jobs have no files")),
      saveFile: () => Promise.reject(new Error("echo jobs have no files")),
      putFile: () => Promise.reject(new Error("echo jobs store no files")),
    });
    times.push(performance.now() - startedAt);
    await runner.close();
    if (outcome.kind !== "returned") throw new Error(`an echo job ended otherwise: ${JSON.stringify(outcome)}`);
  }
  return median(times);
}
