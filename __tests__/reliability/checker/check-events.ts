import { isDeepStrictEqual } from "node:util";
import { isTerminal, type Job, type StoredJob } from "../../../domain/job.ts";
import { isNewerState } from "../../../domain/newer-state.ts";
import { publicEvent } from "../../support/public-job.ts";
import { commitOf, type Life, newestCommit, type RecordedJob, type RecordedRun } from "./recorded-run.ts";
import type { Demand, Tally } from "./tally.ts";

/**
 * Checks that events are complete (16), true (17), and converge (18).
 *
 * @param isNewer the rule of a subscriber that keeps, per ID, the newest event that it got. @default the documented one
 */
export function checkEvents(run: RecordedRun, tally: Tally, isNewer = isNewerState): void {
  const truth = new EventTruth(run);
  const newest = new Map<string, Job>();
  for (const [position, fact] of run.facts.entries()) {
    if (fact.kind !== "published" && fact.kind !== "delivered") continue;
    const { event } = fact;
    tally.demand(
      17,
      truth.tells(event),
      event.id,
      () => `an event of version ${event.version} tells what no commit made: ${shown(event)}`,
    );
    if (fact.kind === "published") {
      const commit = commitOf(run.jobs.get(event.id), event);
      // Others may hear of a commit before its own answer comes; who made it cannot.
      const isEarly = commit !== undefined && commit.by === fact.by && commit.position > position;
      tally.demand(17, !isEarly, event.id, () => `${fact.by} published version ${event.version} before it committed it`);
    } else {
      const known = newest.get(event.id);
      if (known === undefined || isNewer(event, known)) newest.set(event.id, event);
    }
  }
  for (const job of run.jobs.values()) {
    for (const life of job.lives) checkPublished(life, run.settled, tally.forJob(job.id));
  }
  if (run.settled && newest.size > 0) checkConvergence(run, newest, tally);
}

/** Knows what each version's event must say. */
class EventTruth {
  readonly #run: RecordedRun;
  readonly #events = new Map<StoredJob, Job>();

  constructor(run: RecordedRun) {
    this.#run = run;
  }

  tells(event: Job): boolean {
    const job = this.#run.jobs.get(event.id);
    const commit = commitOf(job, event);
    if (commit !== undefined) return isDeepStrictEqual(event, this.#eventOf(commit.job));
    if (job === undefined || job.unanswered === 0) return false;
    // The commit's answer was lost for good: its events must at least agree with each other.
    const first = job.lives.find(({ createdAt }) => createdAt === event.createdAt)?.published.get(event.version);
    return first === undefined || isDeepStrictEqual(event, first.event);
  }

  /** As it is after its way through JSON. */
  #eventOf(job: StoredJob): Job {
    let event = this.#events.get(job);
    if (event === undefined) {
      event = publicEvent(job);
      this.#events.set(job, event);
    }
    return event;
  }
}

/**
 * Whoever replaces a version has made sure that it was published (`docs/decisions/0002-publish-before-replace.md`), but for the
 * first, which the add-job Lambda publishes before it answers; see `check-answers.ts`.
 */
function checkPublished({ commits, published }: Life, settled: boolean, demand: Demand): void {
  for (const { before, by, job, position } of commits) {
    if (before === undefined || before.job.version < 2 || before.job.version !== job.version - 1) continue;
    const { version, status } = before.job;
    const publication = published.get(version);
    demand(
      16,
      publication !== undefined && publication.position < position,
      () => `${by} replaced version ${version} (${status}) before anybody published it`,
    );
  }
  const last = commits.at(-1);
  if (!settled || last === undefined || last.job.version < 2) return;
  const { version, status } = last.job;
  demand(16, published.has(version), () => `version ${version} (${status}), committed by ${last.by}, was never published`);
}

function checkConvergence(run: RecordedRun, newest: ReadonlyMap<string, Job>, tally: Tally): void {
  for (const job of run.final?.jobs ?? lastCommitted(run)) {
    const event = newest.get(job.id);
    // A job whose creation nobody was told of may have no event before its first claim.
    if (event === undefined && !isTerminal(job)) continue;
    tally.demand(
      18,
      event !== undefined && event.createdAt === job.createdAt && event.version === job.version && event.status === job.status,
      job.id,
      () => `a subscriber ends with ${event === undefined ? "nothing" : shown(event)}, the table with ${shown(job)}`,
    );
  }
}

function lastCommitted({ jobs }: RecordedRun): StoredJob[] {
  return [...jobs.values()].flatMap((job: RecordedJob) => newestCommit(job)?.job ?? []);
}

function shown({ status, version, attempt, createdAt, updatedAt }: Job): string {
  return JSON.stringify({ status, version, attempt, createdAt, updatedAt });
}
