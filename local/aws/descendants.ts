import { type ProcessEntry, readProcess, readProcessTable } from "@autoscaling-job-queues/domain/process-table";
import { taskMembers } from "./task-members.ts";

/** Rounds, at most: each ends what the processes of the round before had started meanwhile. */
const MOST_LOOKS = 20;

/**
 * Ends what a worker started, such as the commands of `process` jobs, but not the worker itself: SIGKILL. A container takes every
 * process with it; here, only what no longer bears a mark of its command lives on, where the system has no control groups.
 */
export function endDescendants(worker: ProcessEntry): void {
  const killed = new Set<string>();
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const left = taskMembers(worker, readProcessTable()).filter(
      (entry) => entry.pid !== worker.pid && !entry.isZombie && !killed.has(nameOf(entry)),
    );
    if (left.length === 0) return;
    for (const entry of left) {
      killed.add(nameOf(entry));
      end(entry);
    }
  }
}

function nameOf({ pid, startedAt }: ProcessEntry): string {
  return `${pid}.${startedAt}`;
}

function end({ pid, startedAt }: ProcessEntry): void {
  try {
    if (readProcess(pid)?.startedAt === startedAt) process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}
