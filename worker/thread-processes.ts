import { markOf } from "@autoscaling-job-queues/domain/command-mark";
import { familyOf } from "@autoscaling-job-queues/domain/process-family";
import { readProcessTable } from "@autoscaling-job-queues/domain/process-table";

/** The variable that marks the programs which a thread's handlers start: they have it from the thread, and hand it on. */
export const THREAD_MARK = "JOB_THREAD";

/** Ends what the handlers of a thread have started and that still runs. A program that is given another environment is not found. */
export function endProcesses(mark: string): void {
  const isMarked = ({ pid }: { readonly pid: number }): boolean => markOf(pid, THREAD_MARK) === mark;
  for (const { pid, isZombie } of familyOf(readProcessTable(), new Map(), isMarked)) {
    try {
      if (!isZombie && pid !== process.pid) process.kill(pid, "SIGKILL");
    } catch {
      // It has just ended.
    }
  }
}
