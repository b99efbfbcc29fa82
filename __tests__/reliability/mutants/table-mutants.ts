// biome-ignore-all lint/suspicious/noTemplateCurlyInString: mutants quote source.

import type { Edit, Mutant } from "./mutant.ts";

const UPDATE = "domain/transition-update.ts";
const TRANSITIONS = "domain/transitions.ts";
const STORE = "domain/job-store.ts";

/** The condition on the version. */
const ANY_VERSION: Edit = {
  file: UPDATE,
  find: '`${attribute("version")} = ${value("version", version)}`',
  replace: '`${attribute("version")} >= ${value("version", 0)}`',
};
/** The condition on the status. */
const ANY_STATUS: Edit = {
  file: UPDATE,
  find: '`${attribute("status")} = ${value("from", transition.from)}`',
  replace: '`${attribute("status")} <> ${value("from", "none")}`',
};

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
    killer: "crashes of retry-then-success",
  },
  {
    name: "transitions that check neither the attempt nor the version",
    edits: [
      ANY_VERSION,
      { file: UPDATE, find: '= ${value("heldAttempt", values.attempt)}`', replace: '>= ${value("heldAttempt", 0)}`' },
    ],
    breaks: [9, 7, 12, 17, 18, 19],
    killer: "crashes of lease-takeover",
  },
  {
    name: "transitions that do not check of which creation their job is",
    edits: [{ file: UPDATE, find: "...(createdAt === undefined ? [] :", replace: "...(createdAt !== type ? [] :" }],
    breaks: [9],
    killer: "a worker that wakes up when its job's key has been used again",
  },
  {
    name: "transitions that check neither the cancel request nor the version",
    edits: [
      ANY_VERSION,
      {
        file: TRANSITIONS,
        find: 'const notCancelled: Guard = { attribute: "cancelRequestedAt", is: "absent" };',
        replace: 'const notCancelled: Guard = { attribute: "status", is: "present" };',
      },
    ],
    breaks: [11, 7, 12, 17, 18, 19],
    killer: "a cancel just before a result",
  },
  {
    name: "a claim that checks neither the status nor the end of its job",
    edits: [
      ANY_STATUS,
      {
        file: "worker/message-decision.ts",
        find: "if (isTerminal(job)) return {",
        replace: "if (isTerminal(job) && job.version < 0) return {",
      },
    ],
    breaks: [11, 5, 6],
    killer: "crashes of cancel-while-queued",
  },
  {
    name: "a cancel that checks neither the status nor the end of its job",
    edits: [
      ANY_STATUS,
      {
        file: "handlers/request-cancel.ts",
        find: "    default:\n      throw",
        replace: '    default:\n      return { transition: "cancel", statusCode: 200 };\n      throw',
      },
    ],
    breaks: [6, 5, 10],
    killer: "a cancel of a job that has ended",
  },
  {
    name: "a takeover without the lease check",
    edits: [
      {
        file: TRANSITIONS,
        find: 'to: "RUNNING",\n    guards: [abandoned, notCancelled],',
        replace: 'to: "RUNNING",\n    guards: [notCancelled],',
      },
    ],
    breaks: [9],
    killer: "a lease renewed while another worker takes it over",
  },
  {
    name: "a claim that raises no attempt",
    edits: [{ file: TRANSITIONS, find: '  { increment: "attempt" },\n', replace: "" }],
    breaks: [8],
    killer: "crashes of success",
  },
  {
    name: "a release that counts no interruption",
    edits: [{ file: TRANSITIONS, find: '[...unlease, { increment: "interruptions" }]', replace: "[...unlease]" }],
    breaks: [8],
    killer: "crashes of shutdown",
  },
  {
    name: "an end that keeps the lease",
    edits: [{ file: TRANSITIONS, find: '[{ remove: "leaseOwner" }, { remove: "leaseExpiresAt" }, ', replace: "[" }],
    breaks: [5],
    killer: "crashes of success",
  },
  {
    name: "transitions that leave the version as it was",
    edits: [{ file: UPDATE, find: 'value("nextVersion", version + 1)', replace: 'value("nextVersion", version)' }],
    breaks: [7, 3, 9, 12, 17, 18, 19],
    killer: "crashes of success",
  },
  {
    name: "transitions that do not store the ID of their write",
    edits: [
      {
        file: UPDATE,
        find: '    `${attribute("lastWriteId")} = ${value("writeId", values.writeId)}`,\n',
        replace: "",
      },
    ],
    breaks: [7],
    killer: "crashes of success",
  },
  {
    name: "a first claim of another type's job",
    edits: [
      {
        file: UPDATE,
        find: '`${attribute("type")} = ${value("type", type)}`',
        replace: '`${attribute("type")} <> ${value("type", "none")}`',
      },
    ],
    breaks: [25, 4, 5],
    killer: "a message that names another type's job",
  },
  {
    name: "an unconditional put of a new job",
    edits: [
      { file: STORE, find: "attribute_not_exists(#id) OR", replace: "attribute_not_exists(#id) OR attribute_exists(#id) OR" },
    ],
    breaks: [3],
    killer: "crashes of idempotent-replay",
  },
  {
    name: "taking any refused write for one's own",
    edits: [{ file: STORE, find: "current?.lastWriteId === writeId ?", replace: "current !== undefined ?" }],
    breaks: [9],
    killer: "crashes of two-workers",
  },
  {
    name: "not recognising a retried write",
    edits: [{ file: STORE, find: "current?.lastWriteId === writeId ?", replace: "current === undefined && writeId === id ?" }],
    breaks: [7],
    killer: "a claim whose answer is lost",
  },
  {
    name: "extending a lease that another attempt holds",
    edits: [{ file: STORE, find: '"#attempt = :attempt AND #status', replace: '"#attempt >= :attempt AND #status' }],
    breaks: [9],
    killer: "a worker that wakes up after another took its job",
  },
  {
    name: "extending the lease of a job that took an expired one's place",
    edits: [{ file: STORE, find: ' AND #createdAt = :createdAt",', replace: ' AND #createdAt >= :createdAt",' }],
    breaks: [9],
    killer: "a worker that wakes up when its job's key has been used again",
  },
  {
    name: "reads that may be stale",
    edits: [{ file: STORE, find: "Key: { id }, ConsistentRead: true", replace: "Key: { id }, ConsistentRead: false" }],
    breaks: [19],
    killer: "reads from a replica that lags behind",
  },
];
