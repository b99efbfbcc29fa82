import { isTerminal } from "../../../domain/job.ts";
import { isJobId, typeOfJobId } from "../../../domain/job-id.ts";
import { LAMBDA_TIMEOUT_SECONDS } from "../../../domain/limits.ts";
import type { Fact } from "../history/fact.ts";
import { checkTold, gatherBatches } from "./check-batches.ts";
import { endPublishedBefore, type Life, lifeAt, type RecordedRun } from "./recorded-run.ts";
import type { Tally } from "./tally.ts";

type MessageFact = Extract<Fact, { readonly messageId: string }>;
type Deletion = Extract<Fact, { readonly kind: "deleted" }>;

interface Message {
  readonly jobId: string;
  /** Where it was sent, or first seen. */
  readonly queue: string;
  isDead: boolean;
  isDeleted: boolean;
  /** The latest receive of each process. */
  readonly receives: Map<string, { readonly position: number; readonly ageSeconds: number }>;
}

/** Checks that messages are deleted only when nothing depends on them (4, 12), and that each open job has one, or a schedule (13). */
export function checkMessages(run: RecordedRun, tally: Tally): void {
  const messages = new Messages();
  const batches = gatherBatches(run);
  for (const [position, fact] of run.facts.entries()) {
    if (fact.kind === "scheduled") messages.schedule(fact.jobId, true);
    if (fact.kind === "unscheduled") {
      messages.schedule(fact.jobId, false);
      checkReachable(run, messages, fact.jobId, position, tally);
    } else if (fact.kind === "committed") {
      checkReachable(run, messages, fact.job.id, position, tally);
    } else if ("messageId" in fact) {
      const message = messages.take(fact, position);
      if (fact.kind !== "deleted") continue;
      checkDeletion(run, messages, batches, message, fact, position, tally);
      checkReachable(run, messages, fact.jobId, position, tally);
    }
  }
}

/** What the queues hold, and what the scheduler will send, as far as facts have told. */
class Messages {
  readonly #schedules = new Map<string, number>();
  readonly #byId = new Map<string, Message>();
  readonly #live = new Map<string, number>();

  /** How many messages of a job were sent and not deleted. */
  live(jobId: string): number {
    return this.#live.get(jobId) ?? 0;
  }

  isScheduled(jobId: string): boolean {
    return (this.#schedules.get(jobId) ?? 0) > 0;
  }

  schedule(jobId: string, isThere: boolean): void {
    this.#schedules.set(jobId, (this.#schedules.get(jobId) ?? 0) + (isThere ? 1 : -1));
  }

  take(fact: MessageFact, position: number): Message {
    const { kind, messageId, jobId, queue } = fact;
    let message = this.#byId.get(messageId);
    if (message === undefined) {
      // Of a dead letter that was not seen before, nobody knows where it comes from.
      message = { jobId, queue: kind === "deadLettered" ? "" : queue, isDead: false, isDeleted: false, receives: new Map() };
      this.#byId.set(messageId, message);
      this.#live.set(jobId, this.live(jobId) + 1);
    }
    if (kind === "received") {
      message.isDead = queue !== message.queue;
      message.receives.set(fact.by, { position, ageSeconds: fact.ageSeconds });
    } else if (kind === "deadLettered") {
      message.isDead = true;
    } else if (kind === "deleted" && !message.isDeleted) {
      message.isDeleted = true;
      this.#live.set(jobId, this.live(jobId) - 1);
    }
    return message;
  }
}

/** See 13. An item whose creation was recorded late may have ended by then. */
function checkReachable(run: RecordedRun, messages: Messages, jobId: string, position: number, tally: Tally): void {
  const life = lifeAtPosition(run, jobId, position);
  if (life === undefined || hasEnded(life, position)) return;
  const isReachable = messages.live(jobId) > 0 || messages.isScheduled(jobId);
  tally.demand(13, isReachable, jobId, () => `at fact ${position} it has not ended, and has neither message nor schedule`);
}

function checkDeletion(
  run: RecordedRun,
  messages: Messages,
  batches: ReturnType<typeof gatherBatches>,
  message: Message,
  deletion: Deletion,
  position: number,
  tally: Tally,
): void {
  const { jobId, by, queue } = deletion;
  const receive = message.receives.get(by);
  const life = lifeGoneBy(run, jobId, receive?.position ?? position, position);
  const which = (): string => `at fact ${position} ${by} deleted message ${deletion.messageId} of ${queue}`;
  const type = run.typeOfQueue.get(queue);
  // Of another type's job no worker of this queue may know anything.
  if (type !== undefined && isJobId(jobId) && type !== typeOfJobId(jobId)) return;
  if (life === undefined) {
    if (message.isDead || (!isJobId(jobId) && !run.jobs.has(jobId))) return;
    // The add-job Lambda that sent it may be about to create its job, as long as it may run.
    const age = receive?.ageSeconds ?? 0;
    const reason = (): string => `${which()}, ${age} s old when it received it, while its job may be about to be created`;
    tally.demand(4, age > LAMBDA_TIMEOUT_SECONDS, jobId, reason);
    return;
  }
  // The dead-letter Lambda sends a message of a leased job back to its queue, before it lets go of it.
  const isSentBack = message.isDead && messages.live(jobId) > 0;
  const why = (): string =>
    hasEnded(life, position) ? "before anybody had published its job's end" : "of a job that had not ended";
  tally.demand(12, isSentBack || endPublishedBefore(life, position), jobId, () => `${which()} ${why()}`);
  if (isSentBack || isUnknownTo(life, by, receive?.position, position)) return;
  checkTold(run, batches, life, { ...deletion, position }, which, tally);
}

/** Whether a process that received a message at one position has done nothing, up to another, in a life that began in between. */
function isUnknownTo({ commits, published }: Life, process: string, receivedAt = 0, until = 0): boolean {
  const facts = [...commits, ...published.values()];
  return facts.every(({ by, position }) => position > receivedAt && (by !== process || position > until));
}

/**
 * The life that whoever deletes a message went by: the present one or, where that began only after the receive, what there
 * was then. Somebody else added the job again meanwhile, with a message of its own.
 */
function lifeGoneBy(run: RecordedRun, jobId: string, received: number, position: number): Life | undefined {
  const present = lifeAtPosition(run, jobId, position);
  return present === undefined || endPublishedBefore(present, position) ? present : lifeAtPosition(run, jobId, received);
}

function lifeAtPosition(run: RecordedRun, jobId: string, position: number): Life | undefined {
  const job = run.jobs.get(jobId);
  return job === undefined ? undefined : lifeAt(job, position);
}

/** Whether the job had ended: its end may be published before the commit's own answer is recorded. */
function hasEnded(life: Life, position: number): boolean {
  const last = life.commits.at(-1);
  const isCommitted = last !== undefined && last.position <= position && isTerminal(last.job);
  return isCommitted || endPublishedBefore(life, position);
}
