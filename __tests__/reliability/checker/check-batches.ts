import { isDeepStrictEqual } from "node:util";
import { batchCounts, isComplete, publicBatch, type StoredBatch } from "../../../domain/batch.ts";
import { type BatchLife, batchJobId, onCompleteJobId } from "../../../domain/batch-id.ts";
import { isTerminal } from "../../../domain/job.ts";
import type { Fact } from "../history/fact.ts";
import { endPublishedBefore, type Life, lifeAt, newestCommit, type RecordedRun } from "./recorded-run.ts";
import type { Demand, Tally } from "./tally.ts";

type Of<Kind extends Fact["kind"]> = Extract<Fact, { readonly kind: Kind }> & { readonly position: number };

/** What was recorded of one life of a batch. */
export interface RecordedBatch {
  readonly commits: Of<"batchCommitted">[];
  readonly published: Of<"batchPublished">[];
  readonly accepted: Of<"batchAnswered">[];
  followUp: Of<"followUpAsked"> | undefined;
}

/** Checks batches: all or nothing (30), and their completion (31). */
export function checkBatches(run: RecordedRun, tally: Tally): void {
  const batches = gatherBatches(run);
  for (const fact of run.facts) if (fact.kind === "batchAnswered") checkRefusal(run, fact, tally);
  for (const recorded of batches.values()) {
    const first = recorded.commits[0]?.batch;
    if (first === undefined) continue;
    const demand = tally.forJob(first.id);
    for (const commit of recorded.commits) checkCommit(run, commit, demand);
    for (const answer of recorded.accepted) checkAcceptance(run, first, answer, demand);
    checkEvents(recorded, demand);
    checkFollowUp(run, first, recorded, demand);
    if (run.settled) checkEnd(run, first, recorded, demand);
  }
}

/** By {@link keyOf}. */
export function gatherBatches({ facts }: RecordedRun): Map<string, RecordedBatch> {
  const batches = new Map<string, RecordedBatch>();
  const of = ({ id, createdAt }: BatchLife): RecordedBatch => {
    const key = keyOf({ id, createdAt });
    const recorded = batches.get(key) ?? { commits: [], published: [], accepted: [], followUp: undefined };
    batches.set(key, recorded);
    return recorded;
  };
  for (const [position, fact] of facts.entries()) {
    if (fact.kind === "batchCommitted") of(fact.batch).commits.push({ ...fact, position });
    else if (fact.kind === "batchPublished") of(fact.event).published.push({ ...fact, position });
    else if (fact.kind === "followUpAsked") of(fact.batch).followUp = { ...fact, position };
    else if (fact.kind === "batchAnswered" && fact.batch !== undefined) of(fact.batch).accepted.push({ ...fact, position });
  }
  return batches;
}

function keyOf({ id, createdAt }: BatchLife): string {
  return `${id} ${createdAt}`;
}

const numbersOf = ({ total }: StoredBatch): number[] => Array.from({ length: total }, (_, number) => number);

/** A number that is no longer pending stands for a job whose end was published; a complete batch has none, and counts each right. */
function checkCommit(run: RecordedRun, { batch, position, by }: Of<"batchCommitted">, demand: Demand): void {
  demand(31, isComplete(batch) === (batch.pending === undefined), () => `${by} made it ${shown(batch)}`);
  demand(31, batch.version === (isComplete(batch) ? 2 : 1), () => `${by} made version ${batch.version} of it, ${shown(batch)}`);
  for (const number of numbersOf(batch)) {
    if (batch.pending?.has(number)) continue;
    const job = run.jobs.get(batchJobId(batch.type, batch, number));
    const life = job && lifeAt(job, position);
    const isTold = life !== undefined && endPublishedBefore(life, position);
    demand(31, isTold, () => `at fact ${position} ${by} took out ${number}, whose job's end nobody had published`);
    if (life === undefined) continue;
    const [end] = [...life.published.values()].filter(({ event }) => isTerminal(event)).map(({ event }) => event.status);
    const counted = batch.failed?.has(number) ? "FAILED" : batch.cancelled?.has(number) ? "CANCELLED" : "SUCCEEDED";
    demand(31, end === undefined || end === counted, () => `${by} counted ${number} as ${counted}, which ended as ${end}`);
  }
}

/** Each of its jobs is stored when a caller hears that it was added. */
function checkAcceptance(run: RecordedRun, batch: StoredBatch, { position }: Of<"batchAnswered">, demand: Demand): void {
  for (const number of numbersOf(batch)) {
    const job = run.jobs.get(batchJobId(batch.type, batch, number));
    const isStored = job?.lives.some(({ commits }) => commits.some((commit) => commit.position < position)) ?? false;
    demand(30, isStored || (job?.unanswered ?? 0) > 0, () => `at fact ${position} it was accepted without its job ${number}`);
  }
}

/** Whoever is refused has changed nothing. */
function checkRefusal(
  { facts }: RecordedRun,
  { by, status }: Extract<Fact, { readonly kind: "batchAnswered" }>,
  tally: Tally,
): void {
  if (status < 400 || status >= 500) return;
  const done = facts.find((fact) => "by" in fact && fact.by === by && (fact.kind === "sent" || fact.kind.endsWith("ommitted")));
  tally.demand(30, done === undefined, undefined, () => `${by} answered ${status}, and yet: ${JSON.stringify(done)}`);
}

/** Its event is what was committed, and not before that. */
function checkEvents({ commits, published }: RecordedBatch, demand: Demand): void {
  for (const { event, position, by } of published) {
    const commit = commits.find(({ batch }) => isComplete(batch));
    const { onCompleteJobId: _, ...truth } = commit === undefined ? {} : publicBatch(commit.batch);
    demand(17, isDeepStrictEqual(event, truth), () => `${by} published ${JSON.stringify(event)}, which no commit made`);
    if (commit?.by === by) demand(17, commit.position < position, () => `${by} published it before it was committed`);
  }
}

/** The job that follows is added once it is complete, and is told its counts. */
function checkFollowUp(run: RecordedRun, first: StoredBatch, { commits, followUp }: RecordedBatch, demand: Demand): void {
  if (followUp === undefined) return;
  const job = run.jobs.get(onCompleteJobId(followUp.type, first));
  const complete = commits.find(({ batch }) => isComplete(batch));
  const created = job?.lives.flatMap(({ commits: all }) => all).filter(({ job: { version } }) => version === 1) ?? [];
  demand(31, created.length <= 1, () => `the job that follows it was added ${created.length} times`);
  for (const { position, job: added } of created) {
    demand(31, complete !== undefined && complete.position < position, () => `at fact ${position} a job followed before its end`);
    const { pending: _, ...counts } = batchCounts(complete?.batch ?? first);
    const told = (JSON.parse(added.input ?? "{}") as { readonly batch?: unknown }).batch;
    demand(
      31,
      isDeepStrictEqual(told, { id: first.id, ...counts }),
      () => `the job that follows it was told ${JSON.stringify(told)}`,
    );
  }
}

/** Once everything has settled, it is complete if its jobs have ended, was told to be, and has been followed. */
function checkEnd(
  run: RecordedRun,
  first: StoredBatch,
  { commits, published, accepted, followUp }: RecordedBatch,
  demand: Demand,
): void {
  const jobs = numbersOf(first).map((number) => run.jobs.get(batchJobId(first.type, first, number)));
  const ends = jobs.filter((job) => job !== undefined && isTerminal(newestCommit(job)?.job ?? { status: "QUEUED" })).length;
  const isDone = commits.some(({ batch }) => isComplete(batch));
  if ((run.jobs.get(first.id)?.unanswered ?? 0) > 0) return;
  demand(
    31,
    isDone === (ends === first.total),
    () => `${ends} of its ${first.total} jobs have ended, and it is ${isDone ? "" : "not "}complete`,
  );
  if (accepted.length > 0)
    demand(30, ends === first.total, () => `it was accepted, and ${ends} of its ${first.total} jobs have ended`);
  if (!isDone) return;
  demand(31, published.length > 0, () => "it is complete, and nobody published that");
  if (followUp === undefined) return;
  const next = run.jobs.get(onCompleteJobId(followUp.type, first));
  // Its end is told late where nobody worked for days: then nothing is left to follow, and the item was kept for that long.
  if (next === undefined && commits.some(({ batch }) => isComplete(batch) && batch.expiresAt < lastCommitSeconds(run))) return;
  demand(31, next !== undefined && newestCommit(next) !== undefined, () => "it is complete, and no job followed it");
}

/**
 * The message that a process went by goes only after its job's number, and a complete batch's event (12).
 *
 * @param which says which message.
 */
export function checkTold(
  run: RecordedRun,
  batches: ReadonlyMap<string, RecordedBatch>,
  { commits: [first] }: Life,
  { position, by, jobId }: Of<"deleted">,
  which: () => string,
  tally: Tally,
): void {
  const { batchId, batchItem } = first?.job ?? {};
  if (batchId === undefined || batchItem === undefined || (run.jobs.get(batchId)?.unanswered ?? 0) > 0) return;
  const { commits = [], published = [] } = batches.get(keyOf({ id: batchId, createdAt: batchItem.createdAt })) ?? {};
  const told = commits.find(({ batch, position: at }) => at < position && !batch.pending?.has(batchItem.number));
  tally.demand(12, told !== undefined, jobId, () => `${which()} before its batch was told`);
  if (told === undefined || !isComplete(told.batch) || told.by !== by) return;
  const isPublished = published.some(({ position: at }) => at < position);
  tally.demand(12, isPublished, jobId, () => `${which()} before its batch's event`);
}

/** The time that a history came to, in epoch seconds, as its commits tell it. */
function lastCommitSeconds({ facts }: RecordedRun): number {
  return Math.max(0, ...facts.map((fact) => (fact.kind === "committed" ? Date.parse(fact.job.updatedAt) / 1_000 : 0)));
}

function shown(batch: StoredBatch): string {
  return JSON.stringify(publicBatch(batch));
}
