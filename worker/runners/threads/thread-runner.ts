import { type JobError, JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { machineFailure } from "../machine-errors.ts";
import type { Run, Runner, RunOutcome } from "../runner.ts";
import type { HandlerThread } from "./handler-thread.ts";
import type { JobKeys } from "./job-scope.ts";
import { threadLimits } from "./thread-limits.ts";
import { ThreadPool } from "./thread-pool.ts";

export interface ThreadRunnerSettings {
  /** URL of the module whose default export is the job. */
  readonly handlerUrl: string;
  readonly concurrency: number;
  /** Memory of the whole container, in MiB. */
  readonly memoryMiB: number;
  readonly log: ThreadLog;
}

/** What is reported about threads between their jobs. */
export interface ThreadLog {
  /** An uncaught error of a job that had ended; the job is absent where it is unknown. */
  strayError(job: JobKeys | undefined, error: JobError & { readonly stack?: string }): void;
  /** What a job left in its thread, which was replaced for that reason. */
  threadReplaced(job: JobKeys, left: readonly string[]): void;
}

/** Threads that a run tries, at most: a second one where the first has ended before it began. */
const MAX_THREADS = 2;

/**
 * Runs each job in a thread: a handler that blocks, leaks or exhausts its heap harms no other job, and one that never yields is
 * killed with its thread. A thread serves the next job only where the last one has left nothing in it.
 */
export function threadRunner({ handlerUrl, concurrency, memoryMiB, log }: ThreadRunnerSettings): Runner {
  const pool = new ThreadPool({
    handlerUrl,
    concurrency,
    limits: threadLimits(concurrency, memoryMiB),
    stray: ({ job, failure }) => log.strayError(job, failure),
  });

  return {
    run: async (run) => {
      let outcome: RunOutcome;
      let thread: HandlerThread;
      let tries = 0;
      do {
        try {
          thread = await pool.take();
        } catch (error) {
          const code = error instanceof JobQueueError ? error.code : "ThreadNotStarted";
          return machineFailure(error) ?? { kind: "notBegun", code, message: (error as Error).message };
        }
        outcome = await thread.run(run);
        tries += 1;
        // An idle thread may end just as it is taken.
      } while (!thread.hasBegun && thread.isGone && tries < MAX_THREADS && !run.kill.aborted);
      void giveBack(thread, run);
      return outcome;
    },
    close: () => pool.close(),
  };

  async function giveBack(thread: HandlerThread, { id, type, attempt, traceparent }: Run): Promise<void> {
    // An end that was the job's outcome is told by it. Another may be known before the answer that the thread gave.
    if (thread.isGone && !thread.hasAnswered) return;
    const { left, mayLinger } = await thread.look();
    if (left.length === 0) {
      pool.keep(thread);
      return;
    }
    pool.retire(thread, { atOnce: !mayLinger });
    log.threadReplaced({ id, type, attempt, traceparent }, left);
  }
}
