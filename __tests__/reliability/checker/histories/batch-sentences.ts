import { newBatch, publicBatch, type StoredBatch } from "../../../../domain/batch.ts";
import { batchIdForKey, batchJobId } from "../../../../domain/batch-id.ts";
import type { StoredJob } from "../../../../domain/job.ts";
import { ADDED_AT, buildJob } from "../../../support/build-job.ts";
import type { Fact } from "../../history/fact.ts";
import { step } from "./states.ts";

const TYPE = "document";

/** A batch of one job. */
const open = newBatch({
  id: batchIdForKey(TYPE, "owner", "batch"),
  type: TYPE,
  total: 1,
  owner: "owner",
  requestHash: "hash",
  now: ADDED_AT,
});
const { pending: _, ...rest } = open;
const complete: StoredBatch = { ...rest, version: 2, completedAt: new Date(ADDED_AT + 3_000).toISOString() };

const member = buildJob({
  type: TYPE,
  id: batchJobId(TYPE, open, 0),
  batchId: open.id,
  batchItem: { number: 0, createdAt: open.createdAt },
});
const memberClaimed = step(member, "claim", 1);

/** The states of its job. */
export const MEMBER_STATES: Readonly<Record<string, StoredJob>> = {
  member,
  memberClaimed,
  memberSucceeded: step(memberClaimed, "succeed", 2, { result: '{"attempt":1}' }),
};

type Words = Readonly<Record<string, string>>;

/** What sentences about the batch say, by their patterns. */
export const BATCH_SENTENCES: readonly (readonly [RegExp, (words: Words) => Fact])[] = [
  [/^(?<by>\S+) stores the batch$/, ({ by = "" }) => ({ kind: "batchCommitted", by, batch: open })],
  [/^(?<by>\S+) completes the batch$/, ({ by = "" }) => ({ kind: "batchCommitted", by, batch: complete })],
  [
    /^(?<by>\S+) completes the batch with a failure$/,
    ({ by = "" }) => ({ kind: "batchCommitted", by, batch: { ...complete, failed: new Set([0]) } }),
  ],
  [/^(?<by>\S+) publishes the batch$/, ({ by = "" }) => ({ kind: "batchPublished", by, event: publicBatch(complete) })],
  [
    /^(?<by>\S+) asks for a follow-up$/,
    ({ by = "" }) => ({ kind: "followUpAsked", by, batch: { id: open.id, createdAt: open.createdAt }, type: TYPE }),
  ],
  [
    /^(?<by>\S+) accepts the batch$/,
    ({ by = "" }) => ({ kind: "batchAnswered", by, idempotencyKey: "batch", status: 202, batch: publicBatch(open) }),
  ],
  [/^(?<by>\S+) refuses the batch$/, ({ by = "" }) => ({ kind: "batchAnswered", by, idempotencyKey: "batch", status: 422 })],
];
