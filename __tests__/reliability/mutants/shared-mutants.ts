// biome-ignore-all lint/suspicious/noTemplateCurlyInString: mutants quote source.

import { edit, type Mutant } from "./mutant.ts";

const ALARMS = "scaling/alarm-definitions.ts";

/** Guards of what all processes share: events, batches, clients; and of the scaling. */
export const SHARED_MUTANTS: readonly Mutant[] = [
  {
    name: "jobs that show their lease",
    edits: [
      edit("domain/job-json.ts", "jobJson", "{ ...members, ...more }", "{ ...members, leaseOwner: stored.leaseOwner, ...more }"),
    ],
    breaks: [17],
    killer: "schedules of success",
  },
  {
    name: "answers that show the whole item",
    edits: [
      edit(
        "handlers/jobs/add-job.ts",
        "accepted",
        "return jsonResponse(202, jobJson(job), { location: `/jobs/${job.id}`, ...headers });",
        "return jsonResponse(202, jobJson(job, job), { location: `/jobs/${job.id}`, ...headers });",
      ),
    ],
    breaks: ["an answer is as described"],
    killer: "hostile requests",
  },
  {
    name: "events with progress",
    edits: [
      edit("domain/job-events.ts", "jobEvent", "jobJson(job).replace", "jobJson({ ...job, ...(_ && { progress: _ }) }).replace"),
    ],
    breaks: [17],
    killer: "a cancel of a job that has told its progress",
  },
  {
    name: "subscribers that keep the highest version alone",
    edits: [
      edit(
        "domain/newer-state.ts",
        "isNewerState",
        "state.createdAt === other.createdAt ? state.version > other.version : state.createdAt > other.createdAt",
        "state.version > other.version",
      ),
      edit(
        "local/job-board.ts",
        "JobBoard.apply",
        "known === undefined || event.createdAt > known.newest.createdAt",
        "known === undefined ",
      ),
      edit("local/job-board.ts", "JobBoard.apply", "event.createdAt === known.newest.createdAt", "true"),
    ],
    breaks: [18],
    killer: "a key that is used again after its job expired",
  },
  {
    name: "taking a half-failed batch of sends for a success",
    edits: [edit("domain/batcher.ts", "Batcher.#send", "failure === undefined", "failure !== null")],
    breaks: [13, 14, 2],
    killer: "a batch of sends of which an entry fails",
  },
  {
    name: "taking a half-failed batch of events for a success",
    edits: [edit("domain/batcher.ts", "Batcher.#send", "failure === undefined", "failure !== null")],
    breaks: [16],
    killer: "a batch of events of which an entry fails",
  },
  {
    name: "calls without a deadline",
    edits: [
      edit("domain/clients.ts", "callSettings", "throwOnRequestTimeout: true", ""),
      edit("domain/clients.ts", "callSettings", "socketTimeout: requestTimeoutMs", ""),
    ],
    breaks: [23],
    killer: "a call to a server that stands still",
  },
  {
    name: "an alarm for empty queues that overlooks messages in flight",
    edits: [edit(ALARMS, "emptyAlarm", '["inFlight", "delayed"]', '["delayed"]')],
    breaks: [21],
    killer: "the scaling of queues",
  },
  {
    name: "an alarm for empty queues that overlooks delayed messages",
    edits: [edit(ALARMS, "emptyAlarm", '["inFlight", "delayed"]', '["inFlight"]')],
    breaks: [21],
    killer: "the scaling of queues",
  },
];
