import { once } from "node:events";
import { Worker as Thread } from "node:worker_threads";
import type { Runner, RunOutcome } from "@autoscaling-job-queues/worker/runners/runner";

/** Threads that are reused whatever their jobs have left: the least that a runner of threads can be, to compare ours with. */
export function plainThreads(): Runner {
  const idle: Thread[] = [];
  const all = new Set<Thread>();
  return {
    run: async ({ id, type, attempt, input }) => {
      const thread = idle.pop() ?? new Thread(new URL("./plain-job-thread.ts", import.meta.url), { execArgv: [] });
      all.add(thread);
      const answered = once(thread, "message");
      thread.postMessage({ id, type, attempt, input });
      const [outcome] = await answered;
      idle.push(thread);
      return outcome as RunOutcome;
    },
    close: async () => {
      await Promise.all([...all].map((thread) => thread.terminate()));
    },
  };
}
