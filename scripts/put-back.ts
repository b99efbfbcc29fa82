import { randomUUID } from "node:crypto";
import { readBatch } from "@autoscaling-job-queues/domain/batch";
import { isExpired, isTerminal, type StoredJob } from "@autoscaling-job-queues/domain/job";
import { typeOfListPartitionMark } from "@autoscaling-job-queues/domain/list-partition-marks";
import { onCompletePrefix } from "@autoscaling-job-queues/domain/on-complete";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { MessageSender } from "./message-sender.ts";
import { type JobsItem, readJob } from "./needed-messages.ts";
import type { PutMarkBack } from "./put-mark-back.ts";
import { isSound } from "./sound-job.ts";

/**
 * More versions than a job can have made in its life, which attempts and interruptions bound. A job that is put back goes on from an older
 * state; what is told of it from then on must count as newer than all that was told before (docs/events.md).
 */
const VERSIONS_AHEAD = 1_000;

/** What came of an item. */
export type PutBackOutcome = "putBack" | "replaced" | "there" | "expired" | "foreign" | "unsound";

export interface PutBackSettings {
  readonly client: DynamoDBDocumentClient;
  /** The table that lacks items. */
  readonly table: string;
  readonly sender: Pick<MessageSender, "send" | "sendFor" | "unsound">;
  /** Awaited before the first job of its type is put: lists find a job only in the partitions that they were told of. */
  readonly putMarkBack: PutMarkBack;
  /** IDs of those to put in place of what is there; all others are put only where there is nothing. */
  readonly replace: ReadonlySet<string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether nothing is written. @default false */
  readonly dryRun?: boolean;
}

/**
 * Puts an item of a restored table back into the table of jobs, with the messages that it needs. Whoever breaks off can begin anew, and nothing
 * is left without a message. Those of a job that is missing are sent first, as when it is added: once it is there, it is passed over. Those of
 * a batch, and of what is replaced, are sent after it is there, every time: a worker that came to them before would see the old state.
 */
export async function putBack(item: JobsItem, settings: PutBackSettings): Promise<PutBackOutcome> {
  const { client, table, sender, putMarkBack, replace, now, dryRun } = settings;
  const marked = typeOfListPartitionMark(item.id);
  if (marked !== undefined) return (await putMarkBack(marked)) ? "putBack" : "there";
  const job = readJob(item);
  const batch = readBatch(item);
  const expiring = job ?? batch;
  if (expiring === undefined && !isOnComplete(item)) return "foreign";
  if (job !== undefined && !isSound(job)) {
    sender.unsound.push(job.id);
    return "unsound";
  }
  if (expiring !== undefined && isExpired(expiring, now())) return "expired";
  if (job !== undefined) await putMarkBack(job.type);
  const found = await client.send(new GetCommand({ TableName: table, Key: { id: item.id }, ConsistentRead: true }));
  const current = found.Item as JobsItem | undefined;

  if (current !== undefined && replace.has(item.id)) {
    const Item = job === undefined ? item : ahead(job, Math.max(job.version, Number(current.version)));
    if (!dryRun) await client.send(new PutCommand({ TableName: table, Item }));
    // Of a job that has ended: the worker that gets the message publishes the state that is there now.
    await (job !== undefined && isTerminal(job) ? sender.send({ jobId: job.id }) : sender.sendFor(item));
    return "replaced";
  }
  if (batch === undefined && current === undefined) await sender.sendFor(item);
  const Item = job === undefined || isTerminal(job) ? item : ahead(job, job.version);
  const isPut = current === undefined && (dryRun || (await putWhereMissing(client, table, Item)));
  if (batch !== undefined) await sender.sendFor(current ?? item);
  return isPut ? "putBack" : "there";
}

/** Anything else is what a worker once said of itself, or of a table that is not one of jobs. */
function isOnComplete({ id }: JobsItem): boolean {
  return id.startsWith(onCompletePrefix());
}

function ahead(job: StoredJob, version: number): StoredJob {
  return { ...job, version: version + VERSIONS_AHEAD, lastWriteId: randomUUID() };
}

/** @returns false where it is there after all: its caller has added it again. */
async function putWhereMissing(client: DynamoDBDocumentClient, TableName: string, Item: object): Promise<boolean> {
  try {
    await client.send(new PutCommand({ TableName, Item, ConditionExpression: "attribute_not_exists(id)" }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
