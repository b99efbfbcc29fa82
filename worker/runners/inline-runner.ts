import type { Job } from "../define-job.ts";
import { callHandler } from "../job-context.ts";
import { JobLog } from "../job-log.ts";
import type { WorkerLog } from "../log.ts";
import { crash, failure, handlerFailure } from "./handler-failure.ts";
import type { Runner, RunOutcome } from "./runner.ts";
import { type JobScope, jobScope, MAX_STRAYS } from "./threads/job-scope.ts";

/**
 * Runs handlers in the worker's own thread: the least overhead, for light jobs that yield. One that ignores its signal is left
 * behind at the kill, and so is one that an uncaught error has failed: it goes on unseen. One that blocks the thread past its timeout
 * is ended, with the whole worker, by the lease thread. What a handler leaves behind stays: jobs share the thread's globals, memory
 * and connections.
 */
export function inlineRunner(job: Job, log: Pick<WorkerLog, "strayError">): Runner {
  return {
    run: async (run) => {
      const { id, type, attempt, traceparent } = run;
      const ended = Promise.withResolvers<RunOutcome>();
      const lines = new JobLog(({ level, message, details }) => {
        run.log(level, message, details === undefined ? undefined : JSON.parse(details));
        return true;
      });
      let isOver = false;
      let late = 0;
      const stray = (thrown: unknown): void => {
        if (!isOver) {
          ended.resolve(crash(thrown));
          return;
        }
        late += 1;
        if (late <= MAX_STRAYS) log.strayError({ id, type, attempt, traceparent }, handlerFailure(thrown));
      };
      const scope: JobScope = { id, type, attempt, traceparent, stray };
      const onKill = () => ended.resolve(failure("HandlerIgnoredAbort", "the handler did not stop within its grace"));
      run.kill.addEventListener("abort", onKill, { once: true });
      try {
        const called = jobScope.run(scope, () =>
          callHandler(job, { ...run, log: (level, message, details) => lines.log(level, message, details) }, () => isOver),
        );
        return await Promise.race([called, ended.promise]);
      } finally {
        isOver = true;
        lines.end();
        run.kill.removeEventListener("abort", onKill);
      }
    },
    close: async () => {},
  };
}
