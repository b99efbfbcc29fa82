import { commandFolderPrefix, markOf } from "@autoscaling-job-queues/domain/command-mark";
import { familyOf } from "@autoscaling-job-queues/domain/process-family";
import { ownerOf } from "@autoscaling-job-queues/domain/process-owner";
import type { ProcessEntry } from "@autoscaling-job-queues/domain/process-table";

/**
 * Which processes of a table belong to the task of a worker: what it started and these started, as far as that is still known, and
 * its commands, whose folders have its name.
 */
export function taskMembers(worker: ProcessEntry, table: readonly ProcessEntry[]): readonly ProcessEntry[] {
  const itsFolders = `/${commandFolderPrefix(ownerOf(worker))}`;
  const isMarked = ({ pid, startedAt }: ProcessEntry): boolean =>
    startedAt >= worker.startedAt && markOf(pid)?.includes(itsFolders) === true;
  return familyOf(table, new Map([[worker.pid, worker.startedAt]]), isMarked);
}
