// biome-ignore-all lint/suspicious/noTemplateCurlyInString: mutants quote source.

import { type Edit, edit, type Mutant } from "./mutant.ts";

const UPDATE = "domain/transition-update.ts";
const TRANSITIONS = "domain/transitions.ts";
const STORE = "domain/job-store.ts";

/** The condition on the version. */
const ANY_VERSION: Edit = edit(
  UPDATE,
  "transitionUpdate",
  '`${attribute("version")} = ${value("version", version)}`',
  '`${attribute("version")} >= ${value("version", 0)}`',
);
/** The condition on the status. */
const ANY_STATUS: Edit = edit(
  UPDATE,
  "transitionUpdate",
  '`${attribute("status")} = ${value("from", transition.from)}`',
  '`${attribute("status")} <> ${value("from", "none")}`',
);

/** The worker's look at the type in the ID of a message. */
export const ANY_MESSAGE: Edit = edit(
  "worker/job-worker.ts",
  "JobWorker.#process",
  "!isJobId(body) || typeOfJobId(body) !== jobType.name",
  "!isJobId(body)",
);

/**
 * Guards of the jobs table: the conditions of its writes, and what they change. A transition demands the version that it
 * replaces, and whoever has seen that version knows its attempt, its status and whether a cancel was requested. The conditions
 * on these are a second line, so their mutants take both away.
 */
export const TABLE_MUTANTS: readonly Mutant[] = [
  {
    name: "transitions that replace any version",
    edits: [ANY_VERSION],
    // Versions name states: where they do, nothing else that tells by them is true.
    breaks: [7, 8, 9, 12, 17, 18, 19],
    killer: "schedules of retry-then-success",
  },
  {
    name: "transitions that check neither the attempt nor the version",
    edits: [
      ANY_VERSION,
      edit(
        UPDATE,
        "condition",
        '`${attribute(guard.attribute)} = ${value("heldAttempt", values.attempt)}`',
        '`${attribute(guard.attribute)} >= ${value("heldAttempt", 0)}`',
      ),
    ],
    breaks: [9, 7, 12, 17, 18, 19],
    killer: "schedules of lease-takeover",
  },
  {
    name: "transitions that do not check of which creation their job is",
    edits: [edit(UPDATE, "transitionUpdate", "createdAt === undefined", "createdAt !== type")],
    breaks: [9],
    killer: "a worker that wakes up when its job's key has been used again",
  },
  {
    name: "transitions that check neither the cancel request nor the version",
    edits: [
      ANY_VERSION,
      edit(
        TRANSITIONS,
        "notCancelled",
        '{ attribute: "cancelRequestedAt", is: "absent" }',
        '{ attribute: "status", is: "present" }',
      ),
    ],
    breaks: [11, 7, 12, 17, 18, 19],
    killer: "a cancel just before a result",
  },
  {
    name: "a claim that checks neither the status nor the end of its job",
    edits: [
      ANY_STATUS,
      edit(
        "worker/message-decision.ts",
        "decideOnMessage",
        'if (isTerminal(job)) return { kind: "ended", ...(mayBeReplaced(job, now) ? { mayBeReplaced: true } : {}) };',
        'if (isTerminal(job) && job.version < 0) return { kind: "ended", ...(mayBeReplaced(job, now) ? { mayBeReplaced: true } : {}) };',
      ),
    ],
    breaks: [11, 5, 6],
    killer: "schedules of cancel-while-queued",
  },
  {
    name: "a cancel that checks neither the status nor the end of its job",
    edits: [
      ANY_STATUS,
      edit(
        "handlers/jobs/cancel-job.ts",
        "cancelStep",
        'throw new Problem("JobAlreadyEnded", `job ${job.id} ended as ${job.status}; it can no longer be cancelled`);',
        'return { transition: "cancel", statusCode: 200 };',
      ),
    ],
    breaks: [6, 5, 10],
    killer: "schedules of success",
  },
  {
    name: "a takeover without the lease check",
    edits: [edit(TRANSITIONS, "TRANSITIONS.takeOver", "[abandoned, notCancelled]", "[notCancelled]")],
    breaks: [9],
    killer: "a lease renewed while another worker takes it over",
  },
  {
    name: "a claim that raises no attempt",
    edits: [edit(TRANSITIONS, "lease", '{ increment: "attempt" }', "")],
    breaks: [8],
    killer: "schedules of success",
  },
  {
    name: "a release that counts no interruption",
    edits: [edit(TRANSITIONS, "TRANSITIONS", '[...unlease, { increment: "interruptions" }]', "[...unlease]")],
    breaks: [8],
    killer: "schedules of shutdown",
  },
  {
    name: "an end that keeps the lease",
    edits: [
      edit(
        TRANSITIONS,
        "unlease",
        '[{ remove: "leaseOwner" }, { remove: "leaseExpiresAt" }, { remove: "progress" }]',
        '[ { remove: "progress" }]',
      ),
    ],
    breaks: [5],
    killer: "schedules of success",
  },
  {
    name: "transitions that leave the version as it was",
    edits: [edit(UPDATE, "transitionUpdate", 'value("nextVersion", version + 1)', 'value("nextVersion", version)')],
    breaks: [7, 3, 9, 12, 17, 18, 19],
    killer: "schedules of success",
  },
  {
    name: "transitions that do not store the ID of their write",
    edits: [edit(UPDATE, "transitionUpdate", '`${attribute("lastWriteId")} = ${value("writeId", values.writeId)}`', "")],
    breaks: [7],
    killer: "schedules of success",
  },
  {
    name: "a first claim of another type's job",
    edits: [
      ANY_MESSAGE,
      edit(
        UPDATE,
        "transitionUpdate",
        '`${attribute("type")} = ${value("type", type)}`',
        '`${attribute("type")} <> ${value("type", "none")}`',
      ),
    ],
    breaks: [25, 4, 5],
    killer: "a message that names another type's job",
  },
  {
    name: "an unconditional put of a new job",
    edits: [
      edit(
        STORE,
        "JobStore.create",
        '"attribute_not_exists(#id) OR (#expiresAt < :now AND #createdAt < :createdAt)"',
        '"attribute_not_exists(#id) OR attribute_exists(#id) OR (#expiresAt < :now AND #createdAt < :createdAt)"',
      ),
    ],
    breaks: [3, 6, 7, 12, 13, 18],
    killer: "schedules of idempotent-replay",
  },
  {
    name: "taking any refused write for one's own",
    edits: [edit(STORE, "JobStore.#write", "current?.lastWriteId === writeId", "current !== undefined")],
    breaks: [9],
    killer: "schedules of duplicate-delivery",
  },
  {
    name: "not recognising a retried write",
    edits: [edit(STORE, "JobStore.#write", "current?.lastWriteId === writeId", "current === undefined && writeId === id")],
    breaks: [7],
    killer: "a claim whose answer is lost",
  },
  {
    name: "extending a lease that another attempt holds",
    edits: [
      edit(
        STORE,
        "JobStore.#whileHeld",
        '"#attempt = :attempt AND #status = :running AND #createdAt = :createdAt"',
        '"#attempt >= :attempt AND #status = :running AND #createdAt = :createdAt"',
      ),
    ],
    breaks: [9],
    killer: "schedules of lease-takeover",
  },
  {
    name: "extending the lease of a job that took an expired one's place",
    edits: [
      edit(
        STORE,
        "JobStore.#whileHeld",
        '"#attempt = :attempt AND #status = :running AND #createdAt = :createdAt"',
        '"#attempt = :attempt AND #status = :running AND #createdAt >= :createdAt"',
      ),
    ],
    breaks: [9],
    killer: "a worker that wakes up when its job's key has been used again",
  },
  {
    name: "reads that may be stale",
    edits: [edit(STORE, "JobStore.get", "ConsistentRead: true", "ConsistentRead: false")],
    breaks: [19],
    killer: "reads from a replica that lags behind",
  },
];
