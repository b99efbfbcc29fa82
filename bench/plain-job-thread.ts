import { parentPort } from "node:worker_threads";
import { callHandler } from "@autoscaling-job-queues/worker/job-context";
import job from "./echo-job.ts";

/** A thread that runs one echo job after the other and looks at nothing between them: what `plain-threads.ts` starts. */
parentPort?.on(
  "message",
  async (task: { readonly id: string; readonly type: string; readonly attempt: number; readonly input: string }) => {
    const signal = new AbortController().signal;
    const none = async (): Promise<never> => {
      throw new Error("echo jobs store and read no files");
    };
    const files = { files: {}, putFile: none, readFile: none, saveFile: none };
    parentPort?.postMessage(
      await callHandler(job, { ...task, ...files, signal, progress: () => {}, log: () => {}, checkpoint: async () => {} }),
    );
  },
);
