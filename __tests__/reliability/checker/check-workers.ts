import type { Fact } from "../history/fact.ts";
import type { Commit, RecordedJob, RecordedRun, Worker } from "./recorded-run.ts";
import { RunningHandlers } from "./running-handlers.ts";
import type { Tally } from "./tally.ts";

type HandlerFact = FactOf<"handlerStarted" | "handlerEnded">;
type FactOf<Kind extends Fact["kind"]> = Extract<Fact, { readonly kind: Kind }>;

/** Checks what processes do: run only what they claimed (4, 9), shut down (22), keep to their number (23) and type (25). */
export function checkWorkers(run: RecordedRun, tally: Tally): void {
  const workers = new Workers(run, tally);
  for (const [position, fact] of run.facts.entries()) workers.take(position, fact);
  if (run.settled) workers.checkGone();
}

class Workers {
  readonly #run: RecordedRun;
  readonly #tally: Tally;
  readonly #handlers = new RunningHandlers();
  readonly #started = new Map<string, Worker>();
  readonly #told = new Map<string, FactOf<"told">>();
  readonly #gone = new Set<string>();
  /** By process and job: it has received one of the job's messages, before it was told to shut down. */
  readonly #received = new Set<string>();

  constructor(run: RecordedRun, tally: Tally) {
    this.#run = run;
    this.#tally = tally;
  }

  take(position: number, fact: Fact): void {
    switch (fact.kind) {
      case "workerStarted":
        this.#started.set(fact.by, fact);
        return;
      case "received":
        this.#checkReceive(fact);
        return;
      case "committed":
        this.#checkClaim(position, fact);
        this.#handlers.committed(fact.job);
        return;
      case "leaseExtended":
        this.#checkHolder(position, fact, "extended the lease of");
        return;
      case "handlerStarted":
        this.#checkStart(position, fact);
        return;
      case "handlerEnded":
        this.#handlers.ended(fact.by, fact.jobId, fact.attempt);
        return;
      case "told":
        this.#told.set(fact.by, fact);
        return;
      case "gone":
        this.#checkExit(fact);
        return;
      case "scaled": {
        const { type, desired, messages } = fact;
        if (desired === 0)
          this.#tally.demand(21, messages === 0, undefined, () => `${type} was scaled to 0 with ${messages} messages`);
      }
    }
  }

  /** Whoever was told to shut down is gone in the end. */
  checkGone(): void {
    for (const by of this.#told.keys()) {
      this.#tally.demand(22, this.#gone.has(by), undefined, () => `${by} was told to shut down, and never did`);
    }
  }

  #checkReceive({ by, queue, jobId }: FactOf<"received">): void {
    const worker = this.#started.get(by);
    if (worker === undefined) return;
    this.#tally.demand(25, queue === worker.queue, jobId, () => `${by}, a worker of ${worker.queue}, received from ${queue}`);
    if (!this.#told.has(by)) this.#received.add(`${by} ${jobId}`);
  }

  #checkClaim(position: number, { by, job }: FactOf<"committed">): void {
    const isClaim = claimsOf(this.#run.jobs.get(job.id), job.attempt).some((commit) => commit.position === position);
    if (!isClaim) return;
    const worker = this.#started.get(by);
    if (worker !== undefined) {
      this.#tally.demand(
        25,
        job.type === worker.type,
        job.id,
        () => `${by}, a worker of ${worker.type}, claimed a job of ${job.type}`,
      );
    }
    const told = this.#told.get(by);
    if (told === undefined) return;
    // A claim that was under way may still commit: it began before by the worker's clock or, at least, after a receive before.
    const isUnderWay = told.at === undefined ? this.#received.has(`${by} ${job.id}`) : Date.parse(job.updatedAt) <= told.at;
    this.#tally.demand(22, isUnderWay, job.id, () => `${by} claimed attempt ${job.attempt} after it was told to shut down`);
  }

  #checkStart(position: number, fact: HandlerFact): void {
    const { by, jobId, attempt } = fact;
    const job = this.#run.jobs.get(jobId);
    const exists = job !== undefined && (job.unanswered > 0 || job.lives.some(({ commits }) => commits.length > 0));
    this.#tally.demand(4, exists, jobId, () => `${by} ran a handler for a job that nobody added`);
    if (exists) this.#checkHolder(position, fact, "ran a handler for");
    this.#handlers.started(by, jobId, attempt);
    const worker = this.#started.get(by);
    if (worker === undefined) return;
    const running = this.#handlers.running(by);
    const { concurrency } = worker;
    this.#tally.demand(
      23,
      running <= concurrency,
      jobId,
      () => `${by} ran ${running} handlers at once, with room for ${concurrency}`,
    );
  }

  /** An attempt is its claimant's. */
  #checkHolder(position: number, fact: HandlerFact | FactOf<"leaseExtended">, did: string): void {
    const { by, jobId, attempt } = fact;
    const job = this.#run.jobs.get(jobId);
    if ((job?.unanswered ?? 0) > 0) return;
    const claims = claimsOf(job, attempt, position);
    // A handler may start late; a lease that is extended is that of the job which is there.
    const holds = (fact.kind === "leaseExtended" ? claims.slice(-1) : claims).some((commit) => commit.by === by);
    this.#tally.demand(9, holds, jobId, () => `${by} ${did} attempt ${attempt}, which it had not claimed (fact ${position})`);
  }

  /** A process that shut down by itself has ended, or handed back, each attempt that it ran. */
  #checkExit({ by, how }: FactOf<"gone">): void {
    this.#gone.add(by);
    const open = this.#handlers.open(by);
    this.#handlers.gone(by);
    if (how === "killed" || !this.#told.has(by)) return;
    this.#tally.demand(
      22,
      open.length === 0,
      open[0]?.jobId,
      () => `${by} exited with ${open.length} attempts neither ended nor handed back`,
    );
  }
}

/** The claims that made an attempt before a fact: one for each job that has had the ID. */
function claimsOf(job: RecordedJob | undefined, attempt: number, before = Number.POSITIVE_INFINITY): Commit[] {
  if (job === undefined) return [];
  const isBefore = (commit: Commit): boolean => commit.isClaim && commit.job.attempt === attempt && commit.position < before;
  return job.lives.flatMap(({ commits }) => commits.filter(isBefore));
}
