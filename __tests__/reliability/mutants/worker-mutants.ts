import { edit, type Mutant } from "./mutant.ts";
import { ANY_MESSAGE } from "./table-mutants.ts";

const CLAIM = "worker/claim.ts";
const DECISION = "worker/message-decision.ts";
const PUT_BACK = "worker/put-back.ts";
const WORKER = "worker/job-worker.ts";

/** Guards of what a worker does with a message until an attempt begins. */
export const WORKER_MUTANTS: readonly Mutant[] = [
  {
    name: "a claim that does not publish what it replaces",
    edits: [edit(CLAIM, "claim", "await events.publish(job);", 'if (decision.kind === "ended") await events.publish(job);')],
    breaks: [16],
    killer: "schedules of retry-then-success",
  },
  {
    name: "acknowledging a job that had ended without publishing its end",
    edits: [edit(CLAIM, "claim", "await events.publish(job);", 'if (decision.kind !== "ended") await events.publish(job);')],
    breaks: [12, 16, 18],
    killer: "schedules of success",
  },
  {
    name: "a claim that goes on after SIGTERM",
    edits: [edit(CLAIM, "claim", 'if (stopping()) return { kind: "stopping" };', "")],
    breaks: [22],
    killer: "schedules of retry-then-success",
  },
  {
    name: "a message that is processed after SIGTERM",
    edits: [
      edit(
        WORKER,
        "JobWorker.#process",
        "if (this.#stopping) { await queue.setVisibility(receiptHandle, 0); return; }",
        "if (this.#stopping && this.#interrupting) { await queue.setVisibility(receiptHandle, 0); return; }",
      ),
    ],
    breaks: [22],
    killer: "schedules of success",
  },
  {
    name: "a takeover past maxAttempts",
    edits: [edit(DECISION, "decideOnMessage", "countedAttempts(job) >= job.maxAttempts", "job.maxAttempts < 0")],
    breaks: [8],
    killer: "the worker of the last attempt dies",
  },
  {
    name: "a cancelled job that nobody stops when its worker has died",
    edits: [
      edit(
        DECISION,
        "decideOnMessage",
        'if (abandoned && job.cancelRequestedAt !== undefined) return { kind: "transition", name: "stopAbandoned" };',
        "",
      ),
      // Else its message becomes a dead letter, which stops it.
      edit(
        "handlers/jobs/close-dead-letter.ts",
        "closeDeadLetter",
        "store.transition(job, closing(job), { now: now(), writeId: newWriteId(), error: deadLettered(job) })",
        "store.transition(job, closing({ ...job, cancelRequestedAt: undefined }), { now: now(), writeId: newWriteId(), error: deadLettered(job) })",
      ),
    ],
    breaks: [14],
    killer: "schedules of cancel-while-running",
  },
  {
    name: "running another type's job",
    edits: [
      ANY_MESSAGE,
      edit(DECISION, "decideOnMessage", "job === undefined || job.type !== jobType.name", "job === undefined"),
    ],
    breaks: [25, 4],
    killer: "a message that names another type's job",
  },
  {
    name: "deleting a message without a job at once",
    edits: [edit(PUT_BACK, "missingDelaySeconds", "if (ageSeconds > ORPHAN_SECONDS) return undefined;", "return undefined;")],
    breaks: [4],
    killer: "schedules of success",
  },
  {
    name: "deleting a message without a job when it has come back often",
    edits: [edit(PUT_BACK, "missingDelaySeconds", "ageSeconds > ORPHAN_SECONDS", "receiveCount > 3")],
    breaks: [4],
    killer: "schedules of success",
  },
  {
    name: "asking for the age of a message after its job was looked for",
    edits: [
      edit(
        WORKER,
        "JobWorker.#process",
        "const claimed = await claim(this.#claims, message)",
        "const askedAt = now(); const claimed = await claim(this.#claims, message)",
      ),
      edit(
        WORKER,
        "JobWorker.#process",
        "missingDelaySeconds(message)",
        "missingDelaySeconds({ ...message, ageSeconds: message.ageSeconds + (now() - askedAt) / 1_000 })",
      ),
    ],
    breaks: [4],
    killer: "pairs in schedules of success",
  },
  {
    name: "deleting a duplicate of a leased job",
    edits: [
      edit(
        WORKER,
        "JobWorker.#process",
        "queue.setVisibility(receiptHandle, leasedDelaySeconds(claimed, now(), jobType.leaseSeconds))",
        "queue.delete(receiptHandle, leasedDelaySeconds(claimed, now(), jobType.leaseSeconds))",
      ),
    ],
    breaks: [12, 13],
    killer: "schedules of duplicate-delivery",
  },
  {
    name: "a claim that waits neither for a delay nor for a retry",
    edits: [
      edit(
        "domain/transitions.ts",
        "TRANSITIONS",
        '{ from: "QUEUED", to: "RUNNING", guards: due, changes: [...lease, endWait], when: "a worker receives the message", }',
        '{ from: "QUEUED", to: "RUNNING", guards: [], changes: [...lease, endWait], when: "a worker receives the message", }',
      ),
      edit(
        DECISION,
        "decideOnMessage",
        'due > now ? { kind: "early", due } : { kind: "transition", name: "claim" }',
        'due < 0 ? { kind: "early", due } : { kind: "transition", name: "claim" }',
      ),
    ],
    breaks: [29],
    killer: "schedules of retry-delivered-twice",
  },
  {
    name: "a first claim that does not wait for its job's delay",
    edits: [
      edit(
        "domain/transitions.ts",
        "TRANSITIONS",
        '{ from: "QUEUED", to: "RUNNING", guards: due, changes: [...lease, endWait], when: "a worker receives the message", }',
        '{ from: "QUEUED", to: "RUNNING", guards: [], changes: [...lease, endWait], when: "a worker receives the message", }',
      ),
    ],
    breaks: [29],
    killer: "schedules of delayed-add",
  },
  {
    name: "a busy task without protection",
    edits: [edit(WORKER, "JobWorker.#run", "protection?.busyUntil(attempt.overdueAt);", "")],
    breaks: [21],
    killer: "a task with a job",
  },
  {
    name: "polling past the concurrency",
    edits: [
      edit(
        "worker/poller.ts",
        "Poller.#free",
        "Math.min(concurrency - this.#busySlots, concurrency * (1 + TAILS_PER_SLOT) - this.#inHand.size)",
        "Math.min(concurrency + 1 - this.#busySlots, concurrency * (1 + TAILS_PER_SLOT) - this.#inHand.size)",
      ),
    ],
    breaks: [23],
    killer: "more jobs than slots",
  },
];
