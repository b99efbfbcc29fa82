import { GROUP_ID } from "@autoscaling-job-queues/domain/group-id";
import { JOB_STATUSES, type StoredJob } from "@autoscaling-job-queues/domain/job";
import { isListable } from "@autoscaling-job-queues/domain/listable-job";

const TIMES = ["createdAt", "updatedAt", "startedAt", "runAt", "nextAttemptAt", "finishedAt"] as const;

/**
 * Whether an item is a job as this system writes it, as far as putting it back and sending its message depends on it. A worker of its type that was
 * broken into may have written anything; one such item must not keep an operator from all others.
 */
export function isSound(job: StoredJob): boolean {
  const { status, version, groupId, typeStatus, claimedTypeStatus, createdAtId } = job;
  return (
    isListable(job) &&
    JOB_STATUSES.includes(status) &&
    Number.isSafeInteger(version) &&
    typeof job.createdAt === "string" &&
    TIMES.every((name) => job[name] === undefined || !Number.isNaN(Date.parse(job[name]))) &&
    (groupId === undefined || GROUP_ID.test(groupId)) &&
    typeof typeStatus === "string" &&
    (claimedTypeStatus === undefined || typeof claimedTypeStatus === "string") &&
    typeof createdAtId === "string"
  );
}
