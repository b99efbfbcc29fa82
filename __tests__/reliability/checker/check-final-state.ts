import { isDeepStrictEqual } from "node:util";
import { isTerminal, type StoredJob } from "../../../domain/job.ts";
import type { FinalState } from "../history/fact.ts";
import { ADDS } from "./check-answers.ts";
import { newestCommit, type RecordedJob, type RecordedRun } from "./recorded-run.ts";
import type { Demand, Tally } from "./tally.ts";

/** What never changes after a job's end. */
const END = ["status", "result", "resultLocation", "error", "finishedAt"] as const;

/** Checks what is left once everything has settled: ends (14, 20), objects (1, 10, 34), and what the table holds (1, 6, 7, 13). */
export function checkFinalState(run: RecordedRun, tally: Tally): void {
  if (!run.settled) return;
  const stored = run.final === undefined ? undefined : new Map(run.final.jobs.map((job) => [job.id, job]));
  const accepted = acceptedIds(run);
  const deadLettered = new Set(run.facts.flatMap((fact) => (fact.kind === "deadLettered" ? [fact.jobId] : [])));
  for (const id of accepted) {
    const last = stored === undefined ? lastCommitted(run, id) : stored.get(id);
    const demand = tally.forJob(id);
    demand(1, last !== undefined, () => "it was accepted, and is in no table in the end");
    if (last === undefined) continue;
    const end = (): string =>
      `everything has settled, and it is ${last.status} (version ${last.version}, attempt ${last.attempt})`;
    demand(14, isTerminal(last), end);
    if (deadLettered.has(id)) demand(20, isTerminal(last), () => `its message was dead-lettered, ${end()}`);
  }
  if (run.final === undefined) return;
  const withMessage = new Set(run.final.messages.map(({ jobId }) => jobId));
  for (const job of run.final.jobs) {
    const demand = tally.forJob(job.id);
    if (!isTerminal(job)) demand(13, withMessage.has(job.id), () => `in the end it is ${job.status}, without a message`);
    if (job.status === "SUCCEEDED") {
      demand(11, job.cancelRequestedAt === undefined, () => `it succeeded, and was to be cancelled at ${job.cancelRequestedAt}`);
    }
    checkObjects(job, run.final, demand);
    checkAgainstCommits(job, run.jobs.get(job.id), demand);
  }
}

/** Jobs that a caller was told of, or that the table took. */
function acceptedIds({ facts, jobs }: RecordedRun): Set<string> {
  const ids = facts.flatMap((fact) =>
    fact.kind === "answered" && ADDS.has(fact.request.operation) && fact.status === 202 && fact.job !== undefined
      ? [fact.job.id]
      : [],
  );
  const created = [...jobs.values()].filter((job) => newestCommit(job) !== undefined).map(({ id }) => id);
  return new Set([...created, ...ids]);
}

function lastCommitted({ jobs }: RecordedRun, id: string): StoredJob | undefined {
  const job = jobs.get(id);
  return job === undefined ? undefined : newestCommit(job)?.job;
}

function checkObjects({ inputLocation, resultLocation, files = {} }: StoredJob, { hasObject }: FinalState, demand: Demand): void {
  if (inputLocation !== undefined) {
    demand(1, hasObject(inputLocation.key), () => `its input, ${inputLocation.key}, cannot be read`);
  }
  for (const { key } of Object.values(files)) demand(34, hasObject(key), () => `its file, ${key}, cannot be read`);
  if (resultLocation !== undefined) {
    demand(10, hasObject(resultLocation.key), () => `its result, ${resultLocation.key}, cannot be read`);
  }
}

function checkAgainstCommits(job: StoredJob, recorded: RecordedJob | undefined, demand: Demand): void {
  const last = recorded === undefined ? undefined : newestCommit(recorded)?.job;
  if (recorded !== undefined && recorded.unanswered > 0 && job.version !== last?.version) return;
  demand(7, job.version === last?.version, () => `the table holds version ${job.version}, the last commit made ${last?.version}`);
  if (last === undefined || job.version !== last.version) return;
  const changed = END.filter((key) => !isDeepStrictEqual(job[key], last[key]));
  const which = (): string => `${changed.join(", ")} changed without a commit after version ${last.version} (${last.status})`;
  if (isTerminal(last)) demand(6, changed.length === 0, which);
  else demand(7, changed.length === 0, which);
}
