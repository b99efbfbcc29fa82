import type { Mutant } from "./mutant.ts";

const ALARMS = "scaling/alarm-definitions.ts";
const EMPTY = '["inFlight", "delayed"]';

/** Guards of what all processes share: events, batches, clients; and of the scaling. */
export const SHARED_MUTANTS: readonly Mutant[] = [
  {
    name: "jobs that show their lease",
    edits: [
      { file: "domain/job-json.ts", find: "...members, ...more", replace: "...members, leaseOwner: stored.leaseOwner, ...more" },
    ],
    breaks: [17],
    killer: "crashes of success",
  },
  {
    name: "answers that show the whole item",
    edits: [
      {
        file: "handlers/accept-job.ts",
        find: "return jsonResponse(202, jobJson(job), {",
        replace: "return jsonResponse(202, jobJson(job, job), {",
      },
    ],
    breaks: ["an answer is as described"],
    killer: "hostile requests",
  },
  {
    name: "events with progress",
    edits: [
      {
        file: "domain/job-events.ts",
        find: "return jobJson(job)",
        replace: "return jobJson({ ...job, ...(_ && { progress: _ }) })",
      },
    ],
    breaks: [17],
    killer: "a cancel of a job that has told its progress",
  },
  {
    name: "subscribers that keep the highest version alone",
    edits: [
      {
        file: "domain/newer-state.ts",
        find: "state.createdAt === other.createdAt ? state.version > other.version : state.createdAt > other.createdAt",
        replace: "state.version > other.version",
      },
      { file: "local/job-board.ts", find: "|| event.createdAt > known.newest.createdAt", replace: "" },
      { file: "local/job-board.ts", find: "if (event.createdAt === known.newest.createdAt) {", replace: "{" },
    ],
    breaks: [18],
    killer: "a key that is used again after its job expired",
  },
  {
    name: "taking a half-failed batch of sends for a success",
    edits: [
      {
        file: "domain/batcher.ts",
        find: "if (failure === undefined) waiting.resolve();",
        replace: "if (failure !== null) waiting.resolve();",
      },
    ],
    breaks: [13, 14, 2],
    killer: "a batch of sends of which an entry fails",
  },
  {
    name: "taking a half-failed batch of events for a success",
    edits: [
      {
        file: "domain/batcher.ts",
        find: "if (failure === undefined) waiting.resolve();",
        replace: "if (failure !== null) waiting.resolve();",
      },
    ],
    breaks: [16],
    killer: "a batch of events of which an entry fails",
  },
  {
    name: "calls without a deadline",
    edits: [
      { file: "domain/clients.ts", find: "      throwOnRequestTimeout: true,\n", replace: "" },
      { file: "domain/clients.ts", find: "      socketTimeout: requestTimeoutMs,\n", replace: "" },
    ],
    breaks: [23],
    killer: "a call to a server that stands still",
  },
  {
    name: "an alarm for empty queues that overlooks messages in flight",
    edits: [{ file: ALARMS, find: EMPTY, replace: '["delayed"]' }],
    breaks: [21],
    killer: "the scaling of queues",
  },
  {
    name: "an alarm for empty queues that overlooks delayed messages",
    edits: [{ file: ALARMS, find: EMPTY, replace: '["inFlight"]' }],
    breaks: [21],
    killer: "the scaling of queues",
  },
];
