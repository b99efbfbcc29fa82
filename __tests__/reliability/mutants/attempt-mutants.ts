import { edit, type Mutant } from "./mutant.ts";

const ATTEMPT = "worker/attempt.ts";
const END = "worker/attempt-end.ts";
const DECISION = "worker/message-decision.ts";
const HEARTBEAT = "worker/leases/heartbeat.ts";

/** Guards of an attempt: its lease, its handler, and its end. */
export const ATTEMPT_MUTANTS: readonly Mutant[] = [
  {
    name: "a worker that learns of a takeover, and ends the attempt all the same",
    edits: [edit(ATTEMPT, "Attempt.#commit", "claimKey(current) === claimKey(replaced)", 'claimKey(current) !== ""')],
    breaks: [9, 10],
    killer: "a worker that wakes up after another took its job, and does not hear of it",
  },
  {
    name: "committing an end before its beginning was published",
    edits: [edit(ATTEMPT, "Attempt.#commit", "if (!this.#lost) await this.#published.ensure(replaced);", "")],
    breaks: [16],
    killer: "schedules of success",
  },
  {
    name: "publishing an end before it is committed",
    edits: [
      edit(
        ATTEMPT,
        "Attempt.#commit",
        "const values = this.#values(end, resultValues);",
        'const values = this.#values(end, resultValues); await this.#published.ensure({ ...replaced, version: replaced.version + 1, status: "SUCCEEDED" });',
      ),
    ],
    breaks: [17],
    killer: "schedules of success",
  },
  {
    name: "acknowledging before publishing",
    edits: [
      edit(ATTEMPT, "Attempt.#finish", "await this.#published.ensure(job);", ""),
      edit(
        ATTEMPT,
        "Attempt.#finish",
        "await this.#letGo(job, end);",
        "await this.#letGo(job, end); await this.#published.ensure(job);",
      ),
    ],
    breaks: [12],
    killer: "schedules of success",
  },
  {
    name: "acknowledging the message of a job that is to be retried",
    edits: [edit(ATTEMPT, "Attempt.#letGo", "queue.setVisibility(receiptHandle, seconds)", "queue.delete(receiptHandle)")],
    breaks: [12, 13, 14],
    killer: "schedules of retry-then-success",
  },
  {
    name: "publishing only the first of an attempt's versions",
    edits: [
      edit(
        "worker/published-versions.ts",
        "PublishedVersions.ensure",
        "this.#versions.get(job.version)",
        "[...this.#versions.values()][0]",
      ),
    ],
    breaks: [16, 12, 18],
    killer: "schedules of success",
  },
  {
    name: "keeping a released message hidden",
    edits: [edit(ATTEMPT, "Attempt.#letGo", "await queue.setVisibility(receiptHandle, 0);", "return;")],
    breaks: [22],
    killer: "SIGTERM while a handler runs",
  },
  {
    name: "hand-backs without end that cost nothing",
    edits: [edit(END, "attemptEnd", "job.interruptions < MAX_INTERRUPTIONS", "true")],
    breaks: [8],
    killer: "a hand-back more than cost nothing",
  },
  {
    name: "retries past maxAttempts",
    edits: [
      edit(END, "attemptEnd", "failed.permanent || attempts >= job.maxAttempts", "failed.permanent"),
      edit(DECISION, "decideOnMessage", "countedAttempts(job) >= job.maxAttempts", "job.maxAttempts < 0"),
    ],
    breaks: [8],
    killer: "more failures than attempts",
  },
  {
    name: "a cancel request that loses against a result",
    edits: [
      edit(END, "attemptEnd", 'if (job.cancelRequestedAt !== undefined) return { name: "stop" };', ""),
      edit(
        "domain/transitions.ts",
        "notCancelled",
        '{ attribute: "cancelRequestedAt", is: "absent" }',
        '{ attribute: "status", is: "present" }',
      ),
    ],
    breaks: [11],
    killer: "schedules of cancel-while-running",
  },
  {
    name: "an end that overlooks the cancel request which the table heeds",
    edits: [edit(END, "attemptEnd", 'if (job.cancelRequestedAt !== undefined) return { name: "stop" };', "")],
    breaks: [14],
    killer: "schedules of cancel-while-running",
  },
  {
    name: "a retry whose message stays hidden",
    edits: [
      edit(
        ATTEMPT,
        "Attempt.#letGo",
        "queue.setVisibility(receiptHandle, seconds)",
        "queue.setVisibility(receiptHandle, 43_200 + 0 * seconds)",
      ),
    ],
    breaks: [14],
    killer: "schedules of retry-then-success",
  },
  {
    name: "a retry that does not store when it is due",
    edits: [
      edit(
        ATTEMPT,
        "Attempt.#values",
        'end.name === "retry" ? { nextAttemptAt: new Date(Math.ceil(at + 1_000 * end.delaySeconds)).toISOString() } : {}',
        'end.name === "fail" && "delaySeconds" in end ? { nextAttemptAt: new Date(Math.ceil(at + 1_000 * end.delaySeconds)).toISOString() } : {}',
      ),
    ],
    breaks: [29],
    killer: "schedules of retry-delivered-twice",
  },
  {
    name: "a hand-back that waits as a retry does",
    edits: [
      edit(
        "domain/transitions.ts",
        "TRANSITIONS",
        '[...unlease, { increment: "interruptions" }]',
        '[...unlease, { increment: "interruptions" }, { set: "nextAttemptAt", from: "nextAttemptAt" }]',
      ),
      edit(
        ATTEMPT,
        "Attempt.#values",
        '...(end.name === "retry" ? { nextAttemptAt: new Date(Math.ceil(at + 1_000 * end.delaySeconds)).toISOString() } : {})',
        '...(end.name === "release" ? { nextAttemptAt: new Date(at + 20_000).toISOString() } : {}), ...(end.name === "retry" ? { nextAttemptAt: new Date(Math.ceil(at + 1_000 * end.delaySeconds)).toISOString() } : {})',
      ),
    ],
    breaks: [29],
    killer: "schedules of shutdown",
  },
  {
    name: "a lease that is not renewed",
    edits: [edit(HEARTBEAT, "LeaseHeartbeat.tick", "void this.#renew(held, now);", "")],
    breaks: [24],
    killer: "a job that outlives its lease",
  },
  {
    name: "a cancel request that is not looked for",
    edits: [edit(HEARTBEAT, "LeaseHeartbeat.tick", "void this.#poll();", "")],
    breaks: [24],
    killer: "a cancel of a running job",
  },
  {
    name: "a handler without a timeout",
    edits: [edit(ATTEMPT, "Attempt.#runHandler", 'this.#stopHandler("JobTimeout")', "undefined")],
    breaks: [24],
    killer: "a handler that takes too long",
  },
  {
    name: "committing where a large result is without putting it there",
    edits: [
      edit(
        "worker/attempt-result.ts",
        "storeResult",
        'await tryAgain(() => payloads.put(key, json, "application/json"), { giveUpMs })',
        '{ bucket: "results", key, bytes: await tryAgain(async () => json.length, { giveUpMs }) }',
      ),
    ],
    breaks: [10],
    killer: "schedules of large-result",
  },
];
