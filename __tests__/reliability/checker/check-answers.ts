import { isTerminal } from "../../../domain/job.ts";
import { type Answered, Reads } from "./reads.ts";
import type { RecordedJob, RecordedRun } from "./recorded-run.ts";
import type { Tally } from "./tally.ts";

/** What makes a job. */
export const ADDS: ReadonlySet<Answered["request"]["operation"]> = new Set(["add", "retry"]);

type AnsweredAdd = Answered & { readonly request: { readonly operation: "add" } };

/**
 * Checks what the API answered: acceptance (1, 2), idempotency (3), what was published by then (16), reads (19), and that a delay
 * that was accepted is one of the job (29).
 */
export function checkAnswers(run: RecordedRun, tally: Tally): void {
  const keys = new KeyedAdds(run, tally);
  const reads = new Reads(run, tally);
  const queues = new QueuesOfJobs();
  for (const [position, fact] of run.facts.entries()) {
    // A message whose sending got no answer is known by its receives.
    if (fact.kind === "sent" || fact.kind === "received") queues.add(fact.jobId, fact.queue);
    if (fact.kind === "scheduled") queues.add(fact.jobId, SCHEDULER);
    if (fact.kind === "committed") reads.time = Math.max(reads.time, Date.parse(fact.job.updatedAt));
    if (fact.kind !== "answered") continue;
    const { request, status } = fact;
    if (isAdd(fact)) keys.check(fact);
    if (ADDS.has(request.operation) && status === 202) checkAcceptance(run, fact, position, queues.of(fact.job?.id), tally);
    if (request.operation === "add" && status === 202) checkDelay(fact, request.delaySeconds ?? 0, tally);
    if (request.operation !== "get" && (status === 200 || status === 202)) checkAnnounced(run, fact, position, tally);
    if (request.operation === "cancel") checkCancelled(run.jobs.get(request.jobId), fact, position, tally);
    reads.check(fact, position);
  }
  keys.checkRefused();
}

function isAdd(answer: Answered): answer is AnsweredAdd {
  return answer.request.operation === "add";
}

function checkAcceptance(
  run: RecordedRun,
  { client, job }: Answered,
  position: number,
  queues: ReadonlySet<string>,
  tally: Tally,
): void {
  tally.demand(2, job !== undefined, undefined, () => `${client} was answered 202 without a job (fact ${position})`);
  if (job === undefined) return;
  const recorded = run.jobs.get(job.id);
  const isStored = recorded?.lives.some(({ commits }) => commits.some((commit) => commit.position < position)) === true;
  const isUnknown = recorded !== undefined && recorded.unanswered > 0;
  tally.demand(1, isStored || isUnknown, job.id, () => `${client} was answered 202 (fact ${position}), but nothing was stored`);
  tally.demand(
    2,
    queues.size > 0,
    job.id,
    () => `${client} was answered 202 (fact ${position}) without a message in any queue, or a schedule`,
  );
  if (queues.size === 0) return;
  // Whoever may send can send the job's ID to other queues as well, before its caller has heard of it.
  const types = [...queues].map((queue) => run.typeOfQueue.get(queue));
  const isInItsQueue = types.some((type) => type === undefined || type === job.type);
  const message = (): string => `a job of type ${job.type} was accepted into ${[...queues].join()}, of ${types.join()}`;
  tally.demand(2, isInItsQueue, job.id, message);
}

/** A job that was added with a delay says when that is over: by it goes who claims the job, whatever message brings it. */
function checkDelay({ client, job }: Answered, delaySeconds: number, tally: Tally): void {
  if (job === undefined || delaySeconds === 0) return;
  const earliest = new Date(Date.parse(job.createdAt) + 1_000 * delaySeconds).toISOString();
  const message = (): string => `${client} asked for a delay of ${delaySeconds} s, and the job is due at ${job.runAt}`;
  tally.demand(29, job.runAt !== undefined && job.runAt >= earliest, job.id, message);
}

/** A cancel is answered with 200 where the job is cancelled, with 202 where its worker was asked to stop, with 409 where it has ended. */
function checkCancelled(
  recorded: RecordedJob | undefined,
  { client, status, job }: Answered,
  position: number,
  tally: Tally,
): void {
  if (status === 409) {
    const commits = recorded?.lives.flatMap((life) => life.commits.filter((commit) => commit.position < position)) ?? [];
    const hasEnded = commits.some((commit) => isTerminal(commit.job) && commit.job.status !== "CANCELLED");
    const isKnown = hasEnded || (recorded?.unanswered ?? 0) > 0;
    tally.demand(11, isKnown, recorded?.id, () => `${client} was refused to cancel a job that had not ended otherwise`);
  }
  if (job === undefined || (status !== 200 && status !== 202)) return;
  const isAsked = job.status === "RUNNING" && job.cancelRequestedAt !== undefined;
  const isTrue = status === 200 ? job.status === "CANCELLED" : isAsked;
  tally.demand(11, isTrue, job.id, () => `${client} was answered ${status} to a cancel, and the job is ${job.status}`);
}

/** What an answer acknowledges has been published before. */
function checkAnnounced(run: RecordedRun, { client, request, status, job }: Answered, position: number, tally: Tally): void {
  if (job === undefined) return;
  const life = run.jobs.get(job.id)?.lives.find(({ createdAt }) => createdAt === job.createdAt);
  const publication = life?.published.get(job.version);
  tally.demand(
    16,
    publication !== undefined && publication.position < position,
    job.id,
    () => `${client} was answered ${status} to ${request.operation} with version ${job.version}, which nobody had published`,
  );
}

/** Which queue a schedule sends to is seen when it does. */
const SCHEDULER = "the scheduler";
const NO_QUEUE: ReadonlySet<string> = new Set();

/** Where messages of each job have been seen. */
class QueuesOfJobs {
  readonly #queues = new Map<string, Set<string>>();

  add(jobId: string, queue: string): void {
    const queues = this.#queues.get(jobId);
    if (queues === undefined) this.#queues.set(jobId, new Set([queue]));
    else queues.add(queue);
  }

  of(jobId: string | undefined): ReadonlySet<string> {
    return this.#queues.get(jobId ?? "") ?? NO_QUEUE;
  }
}

/** Adds with one idempotency key of one owner, for one type. */
class KeyedAdds {
  readonly #run: RecordedRun;
  readonly #tally: Tally;
  readonly #accepted = new Map<string, { readonly id: string; readonly payload: string }>();
  readonly #refused: { readonly name: string; readonly payload: string }[] = [];

  constructor(run: RecordedRun, tally: Tally) {
    this.#run = run;
    this.#tally = tally;
  }

  check({ request, status, job }: AnsweredAdd): void {
    const { owner, type, idempotencyKey, payload } = request;
    if (idempotencyKey === undefined) return;
    const name = JSON.stringify([owner, type, idempotencyKey]);
    const accepted = this.#accepted.get(name);
    // Once its job has expired, a key is free for another.
    if (accepted !== undefined && (this.#run.jobs.get(accepted.id)?.lives.length ?? 0) > 1) return;
    if (status === 409) this.#refused.push({ name, payload });
    if (status === 202 && job !== undefined) {
      if (accepted === undefined) {
        this.#accepted.set(name, { id: job.id, payload });
        return;
      }
      this.#tally.demand(3, accepted.payload === payload, job.id, () => `the key ${name} was accepted with two payloads`);
      this.#tally.demand(3, job.id === accepted.id, job.id, () => `the key ${name} made this job and ${accepted.id}`);
    }
  }

  /** What a key was accepted with may have been answered later, or never while the run had not settled. */
  checkRefused(): void {
    for (const { name, payload } of this.#refused) {
      const accepted = this.#accepted.get(name);
      if (accepted === undefined && !this.#run.settled) continue;
      const isOther = accepted !== undefined && accepted.payload !== payload;
      this.#tally.demand(3, isOther, accepted?.id, () => `the key ${name} was refused, and accepted with no other payload`);
    }
  }
}
