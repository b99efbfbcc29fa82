import { isTerminal, type StoredJob } from "../../domain/job.ts";
import { jobIdForKey } from "../../domain/job-id.ts";
import { listPartitionIn, typeStatusKey } from "../../domain/list-partitions.ts";
import { newJob } from "../../domain/new-job.ts";

/** When built jobs were added, in epoch milliseconds. */
export const ADDED_AT = Date.parse("2026-11-02T09:00:00.000Z");

let built = 0;

/**
 * A stored job that could exist: by default a new one, and with a `status` what that status brings with it (a lease,
 * a time of finish). Each has an ID of its own.
 *
 * @param listPartitions over how many its type spreads jobs.
 */
export function buildJob(overrides: Partial<StoredJob> = {}, listPartitions = 1): StoredJob {
  built += 1;
  const { type = "canary" } = overrides;
  const added = newJob({
    id: jobIdForKey(type, "build-job", String(built)),
    type,
    maxAttempts: 3,
    input: JSON.stringify({ op: "echo", value: built }),
    owner: "local",
    listPartitions,
    requestHash: "a".repeat(64),
    writeId: `added-${built}`,
    now: ADDED_AT,
  });
  const job: StoredJob = { ...added, ...attributesOf(overrides.status ?? "QUEUED"), ...overrides };
  return {
    ...job,
    typeStatus: typeStatusKey(job.type, job.status, listPartitionIn(job.typeStatus)),
    createdAtId: `${job.createdAt}#${job.id}`,
  };
}

function attributesOf(status: StoredJob["status"]): Partial<StoredJob> {
  if (status === "QUEUED") return {};
  const claimed = { attempt: 1, version: 2, startedAt: new Date(ADDED_AT + 1_000).toISOString() };
  if (!isTerminal({ status })) return { ...claimed, leaseOwner: "worker-1", leaseExpiresAt: ADDED_AT + 31_000 };
  return {
    ...claimed,
    version: 3,
    finishedAt: new Date(ADDED_AT + 2_000).toISOString(),
    expiresAt: ADDED_AT / 1_000 + 604_800,
    ...(status === "FAILED" ? { error: { code: "PermanentError", message: "no" } } : {}),
  };
}
