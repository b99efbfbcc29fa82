import { describe, expect, it } from "vitest";
import type { StoredJob } from "../../../../domain/job.ts";
import type { LastWords } from "../../../../domain/last-words.ts";
import { CAUSES, type CauseCode } from "../../../../handlers/jobs/why/causes.ts";
import { type Evidence, MAX_TASKS_READ, type ServiceState } from "../../../../handlers/jobs/why/evidence.ts";
import { findCause } from "../../../../handlers/jobs/why/find-cause.ts";
import { ADDED_AT } from "../../../support/build-job.ts";
import { ago, buildEvidence, failedTask, iso, NOW, task } from "./build-evidence.ts";

type Row = readonly [code: CauseCode, when: string, overrides: Partial<Evidence>, job?: Partial<StoredJob>, facts?: object];

const EMPTY = { visible: 0, inFlight: 0, delayed: 0 };
const ONE = { visible: 1, inFlight: 0, delayed: 0 };
const asleep: ServiceState = { desired: 0, running: 0, pending: 0, events: [] };
const starting: ServiceState = { desired: 1, running: 0, pending: 1, events: [] };
const noTasks = { service: starting, runningTasks: [], recent: { running: 0 }, queue: ONE };
const noPlace = "(service canary) was unable to place a task. Reason: This machine has no free place for it.";
const words = (secondsAgo: number, said: Partial<LastWords> = {}): LastWords => ({
  ...{ kind: "claim", error: { code: "AccessDenied", message: "not authorized" }, worker: "task-1", at: iso(ago(secondsAgo)) },
  ...said,
});
const long = { createdAt: iso(ago(600)), updatedAt: iso(ago(600)) };
const held = { status: "RUNNING", leaseExpiresAt: NOW + 15_000, leaseOwner: "task-1" } as const;
const lost = { ...held, leaseExpiresAt: ago(4) };
const retrying = {
  attempt: 1,
  nextAttemptAt: iso(NOW + 8_000),
  error: { code: "HandlerError", message: "no luck" },
};

const ROWS: readonly Row[] = [
  ["Ended", "it succeeded", {}, { status: "SUCCEEDED" }, { status: "SUCCEEDED" }],
  ["Ended", "it failed", {}, { status: "FAILED" }, { errorCode: "PermanentError", errorMessage: "no" }],
  ["Ended", "it was cancelled", {}, { status: "CANCELLED" }],
  ["MessageDeadLettered", "it failed for that", {}, { status: "FAILED", error: { code: "DeadLettered", message: "100 times" } }],
  ["Running", "a worker holds it", {}, held, { worker: "task-1", attempt: 1 }],
  ["Running", "its type is paused: what runs goes on", { pause: { by: "iam:ada", at: iso(ago(60)) } }, held],
  ["Running", "its lease was renewed a moment ago", {}, { ...held, leaseExpiresAt: NOW + 29_000, heartbeatAt: iso(ago(1)) }],
  ["Running", "its worker shuts down", { stoppedTasks: [task("task-1")] }, held],
  ["CancelRequested", "somebody asked for its end", {}, { ...held, cancelRequestedAt: iso(ago(2)) }],
  ["WorkerLost", "its lease has ended", {}, lost, { leaseEndsAt: iso(ago(4)), worker: "task-1" }],
  [
    "WorkerLost",
    "its task stopped, and its lease goes on",
    { stoppedTasks: [failedTask(2, { id: "task-1", exitCode: 137 })] },
    held,
  ],
  ["WorkerLost", "two renewals did not come", {}, { ...held, leaseExpiresAt: NOW + 5_000, heartbeatAt: iso(ago(25)) }],
  [
    "WorkerLost",
    "its worker went before it was cancelled",
    {},
    { ...lost, cancelRequestedAt: iso(ago(9)) },
    { cancelRequestedAt: iso(ago(9)) },
  ],
  [
    "WorkerLost",
    "its worker was killed, and another starts",
    { ...noTasks, stoppedTasks: [failedTask(5, { exitCode: 137 })] },
    lost,
  ],
  ["TypePaused", "its worker went, and its type is paused", { pause: { by: "iam:ada", at: iso(ago(60)) } }, lost],
  ["WaitsForRetry", "its attempt failed", {}, retrying, { nextAttemptAt: iso(NOW + 8_000), errorCode: "HandlerError" }],
  [
    "WaitsForRetry",
    "and its type is paused as well",
    { pause: { by: "iam:ada", at: iso(ago(60)) } },
    retrying,
    { pausedBy: "iam:ada" },
  ],
  ["WaitsForDelay", "it is due in an hour", { queue: EMPTY, service: asleep }, { runAt: iso(NOW + 3_600_000) }],
  ["WaitsForDelay", "it is due, and the scheduler has a minute", { queue: EMPTY }, { ...long, runAt: iso(ago(30)) }],
  [
    "TypePaused",
    "somebody paused it",
    { pause: { by: "iam:ada", at: iso(ago(60)), reason: "deploy" }, service: asleep },
    {},
    { pausedBy: "iam:ada", pauseReason: "deploy" },
  ],
  ["NoWorkerAskedFor", "its type is gone", { type: null, queue: undefined, service: undefined }, {}, { registered: false }],
  ["NoWorkerAskedFor", "its service is gone", { service: null }, {}, { service: "canary" }],
  ["NoWorkerAskedFor", "the wake call failed", { service: asleep, runningTasks: [], queue: ONE }, {}, { desiredTasks: 0 }],
  ["NoWorkerAskedFor", "the last worker is about to stop", { service: { ...asleep, running: 1 }, runningTasks: [], queue: ONE }],
  ["NoWorkerAskedFor", "its queue was purged", { queue: EMPTY }, long, { visible: 0, deadLetters: 0 }],
  ["NoWorkerAskedFor", "its schedule did nothing", { queue: EMPTY }, { ...long, runAt: iso(ago(300)) }],
  [
    "MessageDeadLettered",
    "for minutes only the dead-letter queue has messages",
    { queue: EMPTY, deadLetters: 1 },
    long,
    { deadLetters: 1 },
  ],
  [
    "TasksDoNotStart",
    "ECS cannot pull the image",
    {
      ...noTasks,
      stoppedTasks: [failedTask(30, { stopCode: "TaskFailedToStart", stoppedReason: "CannotPullContainerError: no such tag" })],
    },
    {},
    { stoppedReason: "CannotPullContainerError: no such tag" },
  ],
  [
    "TasksDoNotStart",
    "two in a row ended at once",
    { ...noTasks, stoppedTasks: [failedTask(9), failedTask(3)] },
    {},
    { exitCode: 1 },
  ],
  [
    "TasksDoNotStart",
    "the first ended at once, and its worker said so",
    {
      ...noTasks,
      stoppedTasks: [failedTask(3)],
      words: words(3, { kind: "start", worker: "task-3", error: { code: "SettingsError", message: "JOB_TYPE" } }),
    },
    {},
    { workerError: "SettingsError: JOB_TYPE" },
  ],
  [
    "TasksDoNotStart",
    "ECS may not take the role",
    {
      ...noTasks,
      service: {
        ...starting,
        events: [{ at: ago(5), message: "(service canary) failed to launch a task with (error ECS was unable to assume role)." }],
      },
    },
  ],
  ["WorkersStarting", "the last worker was killed", { ...noTasks, stoppedTasks: [failedTask(3, { exitCode: 137 })] }],
  [
    "WorkersStarting",
    "one task ended with an error, which may be a job's",
    { ...noTasks, stoppedTasks: [failedTask(3)] },
    {},
    { stoppedReason: expect.stringContaining("exit code 1") },
  ],
  [
    "WorkersStarting",
    "two did, after a worker took a job up",
    { ...noTasks, stoppedTasks: [failedTask(9), failedTask(3)], recent: { running: 0, claimedAt: ago(3.2) } },
  ],
  ["WorkersStarting", "tasks ended at once an hour ago", { ...noTasks, stoppedTasks: [failedTask(3_600), failedTask(3_500)] }],
  ["WorkersStarting", "a worker was asked for", noTasks, {}, { desiredTasks: 1, runningTasks: 0 }],
  ["WorkersStarting", "its message is not counted yet, and another's is dead", { ...noTasks, queue: EMPTY, deadLetters: 1 }],
  ["WorkersStarting", "ECS has started no container yet", { ...noTasks, runningTasks: [{ id: "task-1" }] }],
  [
    "WorkersStarting",
    "no place is free",
    { ...noTasks, service: { ...starting, events: [{ at: ago(5), message: noPlace }] } },
    {},
    { placement: noPlace },
  ],
  ["WorkersStarting", "it was added a moment ago", { queue: ONE, recent: { running: 0, claimedAt: ago(5) } }],
  [
    "WorkersStarting",
    "a worker has its message in hand",
    { queue: { visible: 0, inFlight: 1, delayed: 0 }, type: { ...buildEvidence().type!, concurrency: 2 } },
  ],
  ["WorkersStarting", "a worker says since long that it cannot", { queue: ONE, words: words(120), recent: { running: 0 } }],
  [
    "WorkersStarting",
    "a worker said so, and took a job up since",
    { queue: ONE, words: words(8), recent: { running: 0, claimedAt: ago(5) } },
  ],
  [
    "WorkersCannotClaim",
    "they may not write the table",
    { queue: ONE, words: words(4), recent: { running: 0 } },
    {},
    { workerError: "AccessDenied: not authorized" },
  ],
  ["WorkersCannotClaim", "they said so shortly before", { queue: ONE, words: words(60), recent: { running: 0 } }],
  [
    "WorkersCannotClaim",
    "threads do not start",
    {
      ...noTasks,
      words: words(4, { kind: "start", error: { code: "ThreadNotStarted", message: "EAGAIN" } }),
      stoppedTasks: [failedTask(4), failedTask(9)],
    },
    { attempt: 2, updatedAt: iso(ago(4.2)) },
  ],
  [
    "WorkersCannotClaim",
    "they hang",
    { queue: ONE, recent: { running: 0, claimedAt: ago(500) } },
    long,
    { visible: 1, runningTasks: 1 },
  ],
  [
    "WorkersStarting",
    "they have just started",
    { queue: ONE, recent: { running: 0, claimedAt: ago(500) }, runningTasks: [task("task-1", { startedAt: ago(20) })] },
    long,
  ],
  ["AllWorkersBusy", "they have all places taken", {}, {}, { jobsAhead: 2, runningTasks: 1, maxTasks: 10, runningJobs: 1 }],
  ["AllWorkersBusy", "with the words of another day", { words: words(7_200), recent: { running: 1 } }],
  [
    "AllWorkersBusy",
    "and no place for another",
    { service: { desired: 3, running: 1, pending: 2, events: [{ at: ago(9), message: noPlace }] } },
    {},
    { placement: noPlace },
  ],
  ["AllWorkersBusy", "counts lag, and others are taken up before it", { queue: ONE }, long],
  [
    "AllWorkersBusy",
    "there are more tasks than are read",
    {
      type: { ...buildEvidence().type!, maxTasks: 300 },
      service: { desired: 300, running: 300, pending: 0, events: [] },
      runningTasks: Array.from({ length: MAX_TASKS_READ }, (_, index) => task(`task-${index}`)),
      recent: { running: 300, claimedAt: ago(5) },
    },
    {},
    { runningTasks: 300, maxTasks: 300 },
  ],
];

describe("the cause of where a job is", () => {
  it.each(ROWS.map((row) => [...row.slice(0, 2), row] as [CauseCode, string, Row]))("is %s where %s", (code, _, row) => {
    const [, , overrides, job, facts = {}] = row;
    const cause = findCause(buildEvidence(overrides, job));
    expect([cause.code, cause.summary]).toEqual([code, expect.stringMatching(/^[A-Z].{10,}/)]);
    expect(cause.facts).toMatchObject(facts);
    expect(cause.nextStep).toMatch(/\.$/);
    for (const fact of Object.values(cause.facts)) expect(["string", "number", "boolean"]).toContain(typeof fact);
  });

  it("is named by some row, each of them", () => {
    const named = new Set(ROWS.map(([code]) => code));
    expect(Object.keys(CAUSES).filter((code) => !named.has(code as CauseCode))).toEqual(["Unknown"]);
  });
});

describe("a source that could not be read", () => {
  const sources = [
    "type",
    "pause",
    "queue",
    "deadLetters",
    "service",
    "runningTasks",
    "stoppedTasks",
    "words",
    "recent",
  ] as const;
  /** What is true as well where the source that would show more is unread. */
  const ALSO: Partial<Record<CauseCode, readonly CauseCode[]>> = {
    // The lease goes on.
    WorkerLost: ["Running"],
    // Its worker is lost all the same.
    TypePaused: ["WorkerLost"],
  };

  it.each(ROWS.map((row) => [...row.slice(0, 2), row] as [CauseCode, string, Row]))(
    "makes no false cause of %s where %s",
    (code, _, row) => {
      const [, , overrides, job] = row;
      for (const source of sources) {
        const found = findCause({ ...buildEvidence(overrides, job), [source]: undefined, unread: [source] });
        expect({ source, possible: [code, "Unknown", ...(ALSO[code] ?? [])] }).toEqual({
          source,
          possible: expect.arrayContaining([found.code]),
        });
      }
    },
  );

  it("leaves the cause unknown where nothing else shows it", () => {
    const none = Object.fromEntries(sources.map((source) => [source, undefined]));
    const cause = findCause({ ...buildEvidence(), ...none, unread: [...sources] });
    expect(cause).toMatchObject({ code: "Unknown", summary: expect.stringContaining("service") });
  });
});

it("says how long a job has waited since it could run, and not since it was added", () => {
  const { facts } = findCause(buildEvidence({}, { ...long, runAt: iso(ADDED_AT) }));
  expect(facts).toMatchObject({ waitedSeconds: 10 });
});
