import type { Mutant } from "./mutant.ts";

const CLAIM = "worker/claim.ts";
const ATTEMPT = "worker/attempt.ts";
const END = "worker/attempt-end.ts";
const DECISION = "worker/message-decision.ts";
const PUT_BACK = "worker/put-back.ts";
const WORKER = "worker/job-worker.ts";
const HEARTBEAT = "worker/lease-heartbeat.ts";

/** Guards of the worker. */
export const WORKER_MUTANTS: readonly Mutant[] = [
  {
    name: "a claim that does not publish what it replaces",
    edits: [
      {
        file: CLAIM,
        find: "    await events.publish(job);\n",
        replace: '    if (decision.kind === "ended") await events.publish(job);\n',
      },
    ],
    breaks: [16],
    killer: "crashes of retry-then-success",
  },
  {
    name: "acknowledging a job that had ended without publishing its end",
    edits: [
      {
        file: CLAIM,
        find: "    await events.publish(job);\n",
        replace: '    if (decision.kind !== "ended") await events.publish(job);\n',
      },
    ],
    breaks: [12, 16, 18],
    killer: "crashes of success",
  },
  {
    name: "a claim that goes on after SIGTERM",
    edits: [{ file: CLAIM, find: '    if (stopping()) return { kind: "stopping" };\n', replace: "" }],
    breaks: [22],
    killer: "SIGTERM while a claim publishes what it replaces",
  },
  {
    name: "a message that is processed after SIGTERM",
    edits: [{ file: WORKER, find: "    if (this.#stopping) {", replace: "    if (this.#stopping && this.#interrupting) {" }],
    breaks: [22],
    killer: "SIGTERM while a message is on its way",
  },
  {
    name: "a worker that learns of a takeover, and ends the attempt all the same",
    edits: [
      {
        file: ATTEMPT,
        find: "&& claimKey(current) === claimKey(replaced)) this.#learn",
        replace: '&& claimKey(current) !== "") this.#learn',
      },
    ],
    breaks: [9, 10],
    killer: "a worker that wakes up after another took its job, and does not hear of it",
  },
  {
    name: "committing an end before its beginning was published",
    edits: [{ file: ATTEMPT, find: "      if (!this.#lost) await this.#published.ensure(replaced);\n", replace: "" }],
    breaks: [16],
    killer: "crashes of success",
  },
  {
    name: "acknowledging before publishing",
    edits: [
      {
        file: ATTEMPT,
        find: "    await this.#published.ensure(job);\n    try {\n      await this.#letGo(job, end);\n",
        replace: "    try {\n      await this.#letGo(job, end);\n      await this.#published.ensure(job);\n",
      },
    ],
    breaks: [12],
    killer: "crashes of success",
  },
  {
    name: "acknowledging the message of a job that is to be retried",
    edits: [
      {
        file: ATTEMPT,
        find: 'if (end.name === "retry") await queue.setVisibility(receiptHandle, seconds);',
        replace: 'if (end.name === "retry") await queue.delete(receiptHandle);',
      },
    ],
    breaks: [12, 13, 14],
    killer: "crashes of retry-then-success",
  },
  {
    name: "publishing only the first of an attempt's versions",
    edits: [
      {
        file: "worker/published-versions.ts",
        find: "this.#versions.get(job.version)",
        replace: "[...this.#versions.values()][0]",
      },
    ],
    breaks: [16, 12, 18],
    killer: "crashes of success",
  },
  {
    name: "keeping a released message hidden",
    edits: [
      {
        file: ATTEMPT,
        find: 'else if (end.name === "release") await queue.setVisibility(receiptHandle, 0);',
        replace: 'else if (end.name === "release") return;',
      },
    ],
    breaks: [22],
    killer: "SIGTERM while a handler runs",
  },
  {
    name: "hand-backs without end that cost nothing",
    edits: [{ file: END, find: "job.interruptions < MAX_INTERRUPTIONS", replace: "true" }],
    breaks: [8],
    killer: "a hand-back more than cost nothing",
  },
  {
    name: "retries past maxAttempts",
    edits: [
      { file: END, find: "failed.permanent || attempts >= job.maxAttempts", replace: "failed.permanent" },
      { file: DECISION, find: "if (countedAttempts(job) >= job.maxAttempts) {", replace: "if (job.maxAttempts < 0) {" },
    ],
    breaks: [8],
    killer: "more failures than attempts",
  },
  {
    name: "a takeover past maxAttempts",
    edits: [{ file: DECISION, find: "if (countedAttempts(job) >= job.maxAttempts) {", replace: "if (job.maxAttempts < 0) {" }],
    breaks: [8],
    killer: "the worker of the last attempt dies",
  },
  {
    name: "a cancel request that loses against a result",
    edits: [
      { file: END, find: '  if (job.cancelRequestedAt !== undefined) return { name: "stop" };\n', replace: "" },
      {
        file: "domain/transitions.ts",
        find: 'const notCancelled: Guard = { attribute: "cancelRequestedAt", is: "absent" };',
        replace: 'const notCancelled: Guard = { attribute: "status", is: "present" };',
      },
    ],
    breaks: [11],
    killer: "crashes of cancel-while-running",
  },
  {
    name: "running another type's job",
    edits: [{ file: DECISION, find: "job === undefined || job.type !== jobType.name", replace: "job === undefined" }],
    breaks: [25, 4],
    killer: "a message that names another type's job",
  },
  {
    name: "deleting a message without a job at once",
    edits: [{ file: PUT_BACK, find: "if (ageSeconds > ORPHAN_SECONDS) return undefined;", replace: "return undefined;" }],
    breaks: [4],
    killer: "crashes of success",
  },
  {
    name: "deleting a message without a job when it has come back often",
    edits: [{ file: PUT_BACK, find: "ageSeconds > ORPHAN_SECONDS", replace: "receiveCount > 3" }],
    breaks: [4],
    killer: "crashes of success",
  },
  {
    name: "deleting a duplicate of a leased job",
    edits: [
      {
        file: WORKER,
        find: "        await queue.setVisibility(receiptHandle, leasedDelaySeconds(",
        replace: "        await queue.delete(receiptHandle, leasedDelaySeconds(",
      },
    ],
    breaks: [12, 13],
    killer: "crashes of duplicate-delivery",
  },
  {
    name: "a retry whose message stays hidden",
    edits: [
      {
        file: ATTEMPT,
        find: "setVisibility(receiptHandle, seconds)",
        replace: "setVisibility(receiptHandle, 43_200 + 0 * seconds)",
      },
    ],
    breaks: [14],
    killer: "crashes of retry-then-success",
  },
  {
    name: "a claim that waits neither for a delay nor for a retry",
    edits: [
      { file: "domain/transitions.ts", find: "    guards: due,\n", replace: "    guards: [],\n" },
      { file: DECISION, find: "return due > now ?", replace: "return due < 0 ?" },
    ],
    breaks: [29],
    killer: "a retry whose message is delivered twice",
  },
  {
    name: "a first claim that does not wait for its job's delay",
    edits: [{ file: "domain/transitions.ts", find: "    guards: due,\n", replace: "    guards: [],\n" }],
    breaks: [29],
    killer: "a delayed job, and a message of an add with its key that came to nothing",
  },
  {
    name: "a retry that does not store when it is due",
    edits: [{ file: ATTEMPT, find: '...(end.name === "retry" ?', replace: '...(end.name === "fail" && "delaySeconds" in end ?' }],
    breaks: [29],
    killer: "a retry whose message is delivered twice",
  },
  {
    name: "a lease that is not renewed",
    edits: [{ file: HEARTBEAT, find: "        void this.#renew(held, now);\n", replace: "" }],
    breaks: [24],
    killer: "a job that outlives its lease",
  },
  {
    name: "a cancel request that is not looked for",
    edits: [{ file: HEARTBEAT, find: "      void this.#poll();\n", replace: "" }],
    breaks: [24],
    killer: "a cancel of a running job",
  },
  {
    name: "a handler without a timeout",
    edits: [{ file: ATTEMPT, find: 'this.#stopHandler("JobTimeout")', replace: "undefined" }],
    breaks: [24],
    killer: "a handler that takes too long",
  },
  {
    name: "a busy task without protection",
    edits: [{ file: WORKER, find: "    protection?.busyUntil(attempt.overdueAt);\n", replace: "" }],
    breaks: [21],
    killer: "a task with a job",
  },
  {
    name: "polling past the concurrency",
    edits: [
      {
        file: "worker/poller.ts",
        find: "Math.min(concurrency - this.#busySlots,",
        replace: "Math.min(concurrency + 1 - this.#busySlots,",
      },
    ],
    breaks: [23],
    killer: "more jobs than slots",
  },
  {
    name: "committing where a large result is without putting it there",
    edits: [
      {
        file: "worker/attempt-result.ts",
        find: 'await tryAgain(() => payloads.put(key, json, "application/json"), { giveUpMs })',
        replace: '{ bucket: "results", key, bytes: await tryAgain(async () => json.length, { giveUpMs }) }',
      },
    ],
    breaks: [10],
    killer: "crashes of large-result",
  },
];
