import { markOf } from "@autoscaling-job-queues/domain/command-mark";
import { familyOf } from "@autoscaling-job-queues/domain/process-family";
import { type ProcessEntry, readProcessTable } from "@autoscaling-job-queues/domain/process-table";

/** The variable that marks the programs which a thread's handlers start: they have it from the thread, and hand it on. */
export const THREAD_MARK = "JOB_THREAD";

/** What the handlers of a thread have started and that still runs. A program that is given another environment is not found. */
export function programsOf(mark: string): readonly ProcessEntry[] {
  const isMarked = ({ pid }: ProcessEntry): boolean => markOf(pid, THREAD_MARK) === mark;
  const family = familyOf(readProcessTable(), new Map(), isMarked);
  return family.filter(({ pid, isZombie }) => !isZombie && pid !== process.pid);
}

export function endPrograms(mark: string): void {
  for (const { pid } of programsOf(mark)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has just ended.
    }
  }
}
