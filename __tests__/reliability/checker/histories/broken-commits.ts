import { ADDED_AT } from "../../../support/build-job.ts";
import type { BrokenHistory } from "./broken-history.ts";
import {
  ADDED,
  CLAIMED,
  committed,
  factOf,
  handler,
  lifeUntil,
  lifeWith,
  published,
  SUCCEEDED,
  settled,
  soFar,
  step,
} from "./sample-life.ts";

const error = { code: "Error", message: "no" };
const large = { bucket: "results", key: `results/document/${ADDED.id}/1/result.json`, bytes: 5_000 };
const retried = step(CLAIMED, "retry", 2, { error });
const claimedAgain = step(retried, "claim", 3);
const cancelRequested = step(CLAIMED, "requestCancel", 2);
const cancelled = step(ADDED, "cancel", 1);
const failedByOther = step(CLAIMED, "fail", 2, { error });
const takenOver = step(CLAIMED, "takeOver", 40);
const lateTakeOver = { ...takenOver, updatedAt: new Date(ADDED_AT + 20_000).toISOString() };
const running = lifeUntil("read");

export const BROKEN_COMMITS: readonly BrokenHistory[] = [
  {
    breaks: 5,
    when: "a job succeeds that nobody claimed",
    history: soFar(
      lifeWith({ claimed: [], claimPublished: [], ended: [committed("worker-1", { ...SUCCEEDED, version: 2, attempt: 0 })] }),
    ),
  },
  {
    breaks: 5,
    when: "a job that waits keeps its lease",
    history: soFar([...running, committed("worker-1", { ...retried, leaseOwner: "worker-1" })]),
  },
  {
    breaks: 5,
    when: "a job gets another input",
    history: soFar(lifeWith({ ended: [committed("worker-1", { ...SUCCEEDED, input: '"another"' })] })),
  },
  {
    breaks: 5,
    when: "a claim leaves the job as it was",
    history: soFar([...running, committed("worker-1", { ...CLAIMED, version: 3, lastWriteId: "again" })]),
  },
  {
    breaks: 6,
    when: "a job that succeeded fails",
    history: soFar([...lifeWith(), committed("worker-1", { ...failedByOther, version: 4, lastWriteId: "late" })]),
  },
  {
    breaks: 6,
    when: "a result changes without a commit",
    history: settled(lifeWith(), { jobs: [{ ...SUCCEEDED, result: '"another"' }] }),
  },
  {
    breaks: 6,
    when: "a job that ended and has not expired is made anew",
    history: soFar([...lifeWith(), committed("api", { ...ADDED, createdAt: new Date(ADDED_AT + 60_000).toISOString() })]),
  },
  {
    breaks: 7,
    when: "a version is left out",
    history: soFar(lifeWith({ ended: [committed("worker-1", { ...SUCCEEDED, version: 4 })], endPublished: [], deleted: [] })),
  },
  {
    breaks: 7,
    when: "two commits make the same version",
    history: soFar(lifeWith({ ended: [factOf("ended"), committed("worker-2", { ...SUCCEEDED, lastWriteId: "other" })] })),
  },
  {
    breaks: 7,
    when: "a retried write raises the version twice",
    history: soFar([...running, committed("worker-1", { ...cancelRequested, lastWriteId: CLAIMED.lastWriteId })]),
  },
  {
    breaks: 7,
    when: "the table changes without a commit",
    history: settled(lifeWith(), { jobs: [{ ...SUCCEEDED, version: 4 }] }),
  },
  {
    breaks: 8,
    when: "a claim does not raise the attempt",
    history: soFar(lifeWith({ claimed: [committed("worker-1", { ...CLAIMED, attempt: 0 })] })),
  },
  {
    breaks: 8,
    when: "a job is claimed more often than it has attempts",
    history: soFar(
      lifeWith({
        created: [committed("api", { ...ADDED, maxAttempts: 1 })],
        claimed: [committed("worker-1", { ...CLAIMED, maxAttempts: 1 })],
        ended: [
          committed("worker-1", { ...retried, maxAttempts: 1 }),
          committed("worker-1", { ...claimedAgain, maxAttempts: 1 }),
        ],
      }),
    ),
  },
  {
    breaks: 8,
    when: "a failed attempt counts as an interruption",
    history: soFar([...running, committed("worker-1", { ...failedByOther, interruptions: 1 })]),
  },
  {
    breaks: 8,
    when: "interruptions have no bound",
    history: soFar([
      ...running,
      committed("worker-1", { ...CLAIMED, version: 3, attempt: 22, interruptions: 21, lastWriteId: "x" }),
    ]),
  },
  {
    breaks: 8,
    when: "a release counts no interruption",
    history: soFar([...running, committed("worker-1", { ...step(CLAIMED, "release", 2), interruptions: 0 })]),
  },
  {
    breaks: 9,
    when: "a worker ends the attempt that took its job over",
    history: soFar([
      ...running,
      committed("worker-2", takenOver),
      committed("worker-1", { ...step(takenOver, "succeed", 41, { result: "null" }), version: takenOver.version }),
    ]),
  },
  {
    breaks: 9,
    when: "another worker records its result",
    history: soFar(lifeWith({ ended: [committed("worker-2", SUCCEEDED)] })),
  },
  {
    breaks: 9,
    when: "another worker fails a job whose lease runs",
    history: soFar([...running, committed("worker-2", failedByOther)]),
  },
  {
    breaks: 9,
    when: "a job is taken over before its lease ends",
    history: soFar([...running, committed("worker-2", lateTakeOver)]),
  },
  {
    breaks: 9,
    when: "a job is taken over although its lease was extended",
    history: soFar([
      ...running,
      { kind: "leaseExtended", by: "worker-1", jobId: ADDED.id, attempt: 1, leaseExpiresAt: ADDED_AT + 50_000 },
      committed("worker-2", takenOver),
    ]),
  },
  {
    breaks: 9,
    when: "a handler runs an attempt that another worker claimed",
    history: soFar(lifeWith({ handlerStarted: [handler("handlerStarted", "worker-2")] })),
  },
  {
    breaks: 9,
    when: "a lease is extended by who does not hold it",
    history: soFar([
      ...running,
      { kind: "leaseExtended", by: "worker-2", jobId: ADDED.id, attempt: 1, leaseExpiresAt: ADDED_AT },
    ]),
  },
  {
    breaks: 10,
    when: "the result of an earlier attempt is recorded",
    history: soFar([
      ...running,
      committed("worker-1", retried),
      published("worker-1", retried),
      committed("worker-1", claimedAgain),
      published("worker-1", claimedAgain),
      committed("worker-1", step(claimedAgain, "succeed", 4, { resultLocation: large })),
    ]),
  },
  {
    breaks: 10,
    when: "a handler's result is of another attempt than its job",
    history: soFar(lifeWith({ ended: [committed("worker-1", { ...SUCCEEDED, result: '{"attempt":2}' })] })),
  },
  {
    breaks: 10,
    when: "a job that failed has a result",
    history: soFar([...running, committed("worker-1", { ...failedByOther, result: "1" })]),
  },
  {
    breaks: 10,
    when: "a result cannot be read",
    history: settled(lifeWith({ ended: [committed("worker-1", step(CLAIMED, "succeed", 2, { resultLocation: large }))] }), {
      hasObject: () => false,
    }),
  },
  {
    breaks: 11,
    when: "a job succeeds that was to be cancelled",
    history: settled(lifeWith(), { jobs: [{ ...SUCCEEDED, cancelRequestedAt: SUCCEEDED.updatedAt }] }),
  },
  {
    breaks: 11,
    when: "a job succeeds after a cancel request",
    history: soFar([
      ...running,
      committed("api", cancelRequested),
      published("api", cancelRequested),
      committed("worker-1", { ...SUCCEEDED, version: 4, cancelRequestedAt: String(cancelRequested.cancelRequestedAt) }),
    ]),
  },
  {
    breaks: 11,
    when: "a cancelled job is claimed",
    history: soFar([
      ...lifeUntil("received"),
      committed("api", cancelled),
      published("api", cancelled),
      committed("worker-1", { ...CLAIMED, version: 3 }),
    ]),
  },
  {
    breaks: 11,
    when: "a job is cancelled that nobody asked to cancel",
    history: soFar([
      ...running,
      committed("worker-1", { ...failedByOther, status: "CANCELLED", typeStatus: "document#CANCELLED" }),
    ]),
  },
];
