import { isDeepStrictEqual } from "node:util";
import { isTerminal, type StoredJob } from "../../../domain/job.ts";
import type { Answered } from "./reads.ts";
import { type Life, lifeAt, type RecordedRun } from "./recorded-run.ts";
import type { Tally } from "./tally.ts";

type AnsweredRetry = Answered & { readonly request: { readonly operation: "retry" } };

/** What a retry has of the job that it retries, as it is. */
const KEPT = ["type", "owner", "groupId", "tags", "input"] as const satisfies readonly (keyof StoredJob)[];

/**
 * Checks retries (33): a job that has ended can be retried, and no other; that makes one new job, however often it is asked for, which
 * begins with what the first began with. That the first does not change is for the checks of commits.
 */
export function checkRetries(run: RecordedRun, tally: Tally): void {
  for (const [position, fact] of run.facts.entries()) if (isRetry(fact)) checkAnswer(run, fact, position, tally);
  for (const [firstId, ids] of retriesOf(run)) {
    const lives = run.jobs.get(firstId)?.lives.length ?? 1;
    tally.demand(33, ids.length <= lives, firstId, () => `its retry made ${ids.length} jobs: ${ids.join(", ")}`);
  }
}

function isRetry(fact: RecordedRun["facts"][number]): fact is AnsweredRetry {
  return fact.kind === "answered" && fact.request.operation === "retry";
}

/** The jobs that were made by retries, by the job that each names. */
function retriesOf({ jobs }: RecordedRun): ReadonlyMap<string, readonly string[]> {
  const retries = new Map<string, string[]>();
  for (const { id, lives } of jobs.values()) {
    const { retryOf } = lives.find(({ commits }) => commits.length > 0)?.commits[0]?.job ?? {};
    if (retryOf !== undefined) retries.set(retryOf, [...(retries.get(retryOf) ?? []), id]);
  }
  return retries;
}

function checkAnswer(
  run: RecordedRun,
  { client, request: { jobId }, status, job, asked = 0 }: AnsweredRetry,
  position: number,
  tally: Tally,
): void {
  const demand = tally.forJob(jobId);
  const first = run.jobs.get(jobId);
  const life = first && lifeAt(first, position);
  if (status === 409) {
    demand(33, !hasEnded(life, asked), () => `${client} was refused to retry it, though it had ended`);
    return;
  }
  if (job === undefined) return;
  demand(33, job.retryOf === jobId && job.id !== jobId, () => `${client} retried it, and got ${job.id}, of ${job.retryOf}`);
  // An end may be recorded later than it was read.
  const isEnded = hasEnded(life) || (first?.unanswered ?? 0) > 0;
  demand(33, isEnded, () => `${client} retried it as ${job.id}, though it had not ended`);
  const [before, after] = [life, run.jobs.get(job.id)?.lives[0]].map((of) => of?.commits[0]?.job);
  if (before === undefined || after === undefined) return;
  const isSame = isDeepStrictEqual(workOf(after), workOf(before));
  demand(33, isSame, () => `its retry ${job.id} has ${JSON.stringify(workOf(after))}, not ${JSON.stringify(workOf(before))}`);
}

function hasEnded(life: Life | undefined, by = Number.POSITIVE_INFINITY): boolean {
  return life?.commits.some(({ position, job }) => position < by && isTerminal(job)) === true;
}

/** Large inputs and files are copies, of as many bytes. */
function workOf(job: StoredJob) {
  const files = Object.entries(job.files ?? {}).map(([name, { bytes, contentType }]) => [name, bytes, contentType]);
  return { kept: KEPT.map((key) => job[key]), inputBytes: job.inputLocation?.bytes, files };
}
