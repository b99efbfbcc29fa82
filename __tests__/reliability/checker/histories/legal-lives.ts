import type { StoredJob } from "../../../../domain/job.ts";
import { ADDED_AT, buildJob } from "../../../support/build-job.ts";
import type { LegalHistory } from "./legal-history.ts";
import {
  ADDED,
  ASKED_FOR_DELAY,
  accepted,
  answered,
  CLAIMED,
  DELAYED,
  delivered,
  EXITED,
  ends,
  factOf,
  HANDLER_ERROR,
  lifeUntil,
  lifeWith,
  made,
  message,
  published,
  RETRIED,
  RETRIED_CLAIM,
  RETRY_LATER,
  RUNNING,
  received,
  SECOND_WORKER,
  SUCCEEDED,
  settled,
  step,
  TAKEN_OVER,
  TOLD,
  worker,
} from "./sample-life.ts";

const killed = { kind: "gone", by: "worker-1", how: "killed" } as const;

const LATER_CLAIM = step(RETRY_LATER, "claim", 32);
const DELAYED_CLAIM = step(DELAYED, "claim", 60);
const released = step(CLAIMED, "release", 2);
const cancelRequested = step(CLAIMED, "requestCancel", 2);
const cancelled = step(ADDED, "cancel", 0);
const closed = step(CLAIMED, "failAbandoned", 40, { error: HANDLER_ERROR });
const releasedClaim = step(released, "claim", 3);

/** The job of the same key, added after the first had expired. */
const expiredAt = ADDED_AT + 8 * 86_400_000;
const renewed: StoredJob = {
  ...ADDED,
  createdAt: new Date(expiredAt).toISOString(),
  updatedAt: new Date(expiredAt).toISOString(),
  createdAtId: `${new Date(expiredAt).toISOString()}#${ADDED.id}`,
  lastWriteId: "renewed",
};

/** Tells that time has passed. */
const later = buildJob({ createdAt: renewed.createdAt, updatedAt: renewed.updatedAt });
const renewedCancelled = step(renewed, "cancel", 8 * 86_400 + 1);

/** Its newest event has a lower version than its events before. */
export const USED_AGAIN = "a key is used again after its job expired";

export const LEGAL_LIVES: readonly LegalHistory[] = [
  { when: "a job is added, done and read", history: settled(lifeWith()) },
  { when: "nobody is there to do a job", history: { facts: lifeUntil("accepted"), settled: false } },
  {
    when: "an attempt fails, and the next succeeds",
    history: settled([
      ...RUNNING,
      ...made("worker-1", RETRIED),
      received("worker-1"),
      ...made("worker-1", RETRIED_CLAIM),
      ...ends("worker-1", RETRIED_CLAIM),
    ]),
  },
  {
    when: "a handler asks for a delay, and the next attempt starts when it is over",
    history: settled([
      ...lifeUntil("read"),
      ASKED_FOR_DELAY,
      ...made("worker-1", RETRY_LATER),
      received("worker-1"),
      ...made("worker-1", LATER_CLAIM),
      ...ends("worker-1", LATER_CLAIM),
    ]),
  },
  {
    when: "a job is added with a delay, and starts when it is over",
    history: settled([
      message("sent", "api"),
      ...made("api", DELAYED),
      accepted(DELAYED, undefined, "payload", 60),
      received("worker-1"),
      ...made("worker-1", DELAYED_CLAIM),
      ...made("worker-1", step(DELAYED_CLAIM, "succeed", 61, { result: "null" })),
      message("deleted", "worker-1"),
    ]),
  },
  {
    when: "a worker shuts down, hands its job back, and another takes it",
    history: settled([
      ...RUNNING,
      TOLD,
      ...made("worker-1", released),
      EXITED,
      SECOND_WORKER,
      received("worker-2"),
      ...made("worker-2", releasedClaim),
      ...ends("worker-2", releasedClaim),
    ]),
  },
  {
    when: "a worker is killed, and another takes its job over when the lease has ended",
    history: settled([
      ...RUNNING,
      { kind: "leaseExtended", by: "worker-1", jobId: ADDED.id, attempt: 1, leaseExpiresAt: ADDED_AT + 39_000 },
      killed,
      SECOND_WORKER,
      received("worker-2"),
      published("worker-2", CLAIMED),
      ...made("worker-2", TAKEN_OVER),
      ...ends("worker-2", TAKEN_OVER),
    ]),
  },
  {
    when: "a job is cancelled while it waits",
    history: settled([
      ...lifeUntil("accepted"),
      ...made("api", cancelled),
      answered("cancel", 200, cancelled),
      received("worker-1"),
      published("worker-1", cancelled),
      message("deleted", "worker-1"),
    ]),
  },
  {
    when: "a job is cancelled while it runs",
    history: settled([
      ...RUNNING,
      ...made("api", cancelRequested),
      answered("cancel", 202, cancelRequested),
      ...made("worker-1", step(cancelRequested, "stop", 4)),
      message("deleted", "worker-1"),
    ]),
  },
  {
    when: "a cancelled job's worker died",
    history: settled([
      ...RUNNING,
      killed,
      ...made("api", cancelRequested),
      SECOND_WORKER,
      received("worker-2"),
      ...made("worker-2", step(cancelRequested, "stopAbandoned", 40)),
      message("deleted", "worker-2"),
    ]),
  },
  {
    when: "the worker of a dead letter is gone",
    history: settled([
      ...RUNNING,
      message("deadLettered", "sqs"),
      received("mapping", "m-1", ADDED.id, "document-dead"),
      ...made("dead-letter", closed),
      message("deleted", "mapping", "m-1", ADDED.id, "document-dead"),
    ]),
  },
  {
    when: "a dead letter of a job in hand is sent back",
    history: settled([
      ...RUNNING,
      received("mapping", "m-1", ADDED.id, "document-dead"),
      message("sent", "dead-letter", "m-2"),
      message("deleted", "mapping", "m-1", ADDED.id, "document-dead"),
      ...ends("worker-1", CLAIMED, "m-2"),
    ]),
  },
  {
    when: "somebody sends what is no job ID",
    history: settled([
      worker("worker-1"),
      message("sent", "stranger", "m-1", "hello"),
      received("worker-1", "m-1", "hello"),
      message("deleted", "worker-1", "m-1", "hello"),
    ]),
  },
  {
    when: "a message of another type's job is in the queue",
    history: settled(
      lifeWith({
        received: [
          worker("worker-2", "image"),
          message("sent", "stranger", "m-2", ADDED.id, "image"),
          received("worker-2", "m-2", ADDED.id, "image"),
          received("worker-2", "m-2", ADDED.id, "image", 60),
          message("deleted", "worker-2", "m-2", ADDED.id, "image"),
          factOf("received"),
        ],
      }),
    ),
  },
  {
    when: "a stranger sends its ID to another type's queue before its caller hears that it was accepted",
    history: settled(
      lifeWith({
        accepted: [
          worker("worker-2", "image"),
          message("sent", "stranger", "m-2", ADDED.id, "image"),
          received("worker-2", "m-2", ADDED.id, "image", 60),
          message("deleted", "worker-2", "m-2", ADDED.id, "image"),
          factOf("accepted"),
        ],
      }),
    ),
  },
  {
    when: USED_AGAIN,
    history: settled([
      ...lifeWith(),
      message("sent", "api", "m-2"),
      ...made("api", renewed),
      accepted(renewed, "key"),
      received("worker-1", "m-2"),
      ...made("api", renewedCancelled),
      message("deleted", "worker-1", "m-2"),
      delivered(renewedCancelled),
      delivered(renewed),
      delivered(SUCCEEDED),
    ]),
  },
  {
    when: "a job is gone after it expired",
    history: {
      facts: [...lifeWith(), message("sent", "api", "m-2", later.id), ...made("api", later), answered("get", 404)],
      settled: false,
    },
  },
  {
    when: "a type is scaled down, and to zero once its queue is empty",
    history: settled([
      { kind: "scaled", type: "document", desired: 1, messages: 7 },
      ...lifeWith(),
      { kind: "scaled", type: "document", desired: 0, messages: 0 },
    ]),
  },
];
