import type { Job } from "./define-job.ts";
import { failure } from "./handler-failure.ts";
import { callHandler } from "./job-context.ts";
import type { Runner } from "./runner.ts";

/**
 * Runs handlers in the worker's own thread: the least overhead, for light jobs that yield. One that ignores its signal
 * is left behind at the kill, and goes on unseen; one that blocks the thread past its timeout is ended, with the whole
 * worker, by the lease thread.
 */
export function inlineRunner(job: Job): Runner {
  return {
    run: async (run) => {
      const killed = Promise.withResolvers<ReturnType<typeof failure>>();
      const onKill = () => killed.resolve(failure("HandlerIgnoredAbort", "the handler did not stop within its grace"));
      run.kill.addEventListener("abort", onKill, { once: true });
      try {
        return await Promise.race([callHandler(job, run), killed.promise]);
      } finally {
        run.kill.removeEventListener("abort", onKill);
      }
    },
    close: async () => {},
  };
}
