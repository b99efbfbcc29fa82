import { isTerminal } from "../../../domain/job.ts";
import { checkCommit } from "./commit-rules.ts";
import type { Commit, Life, RecordedJob, RecordedRun } from "./recorded-run.ts";
import type { Demand, Tally } from "./tally.ts";

/**
 * A key's job may be made anew once it has expired by the clock of who makes it; the time of creation is read shortly before
 * that (an add-job Lambda ends within 29 s).
 */
const RECREATION_SECONDS = 60;

/** Checks 5 to 11 and 29 on each job's commits, one after the other, and that a job is created once (3). */
export function checkCommits(run: RecordedRun, tally: Tally): void {
  for (const job of run.jobs.values()) {
    const demand = tally.forJob(job.id);
    for (const life of job.lives) checkLife(job, life, demand);
    for (const [index, life] of job.lives.entries()) {
      const former = job.lives[index - 1];
      if (former !== undefined) checkRecreation(former, life, demand);
    }
  }
}

function checkLife({ unanswered }: RecordedJob, { commits, leases, retryAfter }: Life, demand: Demand): void {
  const claimants = new Map<number, string>();
  for (const commit of commits) {
    const { before, job, by } = commit;
    // Of a version that nobody recorded nothing is known but that it was made.
    const isAfterGap = unanswered > 0 && job.version > 1 && before?.job.version !== job.version - 1;
    if (before?.job.version === job.version) {
      const message = (): string => `version ${job.version} was made twice: ${twice(before, commit)}`;
      demand(7, false, message);
      if (job.version === 1) demand(3, false, message);
      checkUsurper(commit, claimants.get(job.attempt), demand);
    } else if (!isAfterGap) {
      const attempt = before?.job.attempt ?? 0;
      const context = {
        by,
        claimedBy: claimants.get(attempt),
        leaseExpiresAt: leases.get(attempt),
        retryAfterSeconds: retryAfter.get(attempt),
      };
      checkCommit(before?.job, job, context, demand);
    }
    if (commit.isClaim) claimants.set(job.attempt, by);
  }
}

/** Of two writes of a version, the one that ends an attempt must be its claimant's. */
function checkUsurper({ job, by }: Commit, claimedBy: string | undefined, demand: Demand): void {
  if (claimedBy === undefined || (job.status !== "SUCCEEDED" && job.status !== "QUEUED")) return;
  demand(9, by === claimedBy, () => `${by} made attempt ${job.attempt} ${job.status}, which ${claimedBy} had claimed`);
}

function twice(first: Commit, second: Commit): string {
  return `${first.job.status} by ${first.by}, and ${second.job.status} by ${second.by}`;
}

function checkRecreation(former: Life, life: Life, demand: Demand): void {
  const [created] = life.commits;
  const last = former.commits.at(-1)?.job;
  if (created === undefined || last === undefined) return;
  const createdAt = Date.parse(created.job.createdAt) / 1_000;
  const isExpired = last.expiresAt !== undefined && last.expiresAt < createdAt + RECREATION_SECONDS;
  const message = (): string => `${created.by} created it again, over version ${last.version} (${last.status})`;
  demand(3, isExpired, message);
  if (isTerminal(last)) demand(6, isExpired, message);
}
