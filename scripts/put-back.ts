import { randomUUID } from "node:crypto";
import { readBatch } from "@autoscaling-job-queues/domain/batch";
import { isExpired, isTerminal, type StoredJob } from "@autoscaling-job-queues/domain/job";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { MessageSender } from "./message-sender.ts";
import { type JobsItem, readJob } from "./needed-messages.ts";

/**
 * More versions than a job can have made in its life, which attempts and interruptions bound. A job that is put back goes on from an older
 * state; what is told of it from then on must count as newer than all that was told before (docs/events.md).
 */
const VERSIONS_AHEAD = 1_000;

/** What came of an item. */
export type PutBackOutcome = "putBack" | "replaced" | "there" | "expired";

export interface PutBackSettings {
  readonly client: DynamoDBDocumentClient;
  /** The table that lacks items. */
  readonly table: string;
  readonly sender: Pick<MessageSender, "send" | "sendFor">;
  /** IDs of those to put in place of what is there; all others are put only where there is nothing. */
  readonly replace: ReadonlySet<string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether nothing is written. @default false */
  readonly dryRun?: boolean;
}

/**
 * Puts an item of a restored table back into the table of jobs. As when a job is added, the messages that it needs are sent first: whoever
 * breaks off can begin anew, and no job is left without a message.
 */
export async function putBack(item: JobsItem, settings: PutBackSettings): Promise<PutBackOutcome> {
  const { client, table, sender, replace, now, dryRun } = settings;
  const job = readJob(item);
  const expiring = job ?? readBatch(item);
  if (expiring !== undefined && isExpired(expiring, now())) return "expired";
  const { Item: current } = await client.send(new GetCommand({ TableName: table, Key: { id: item.id }, ConsistentRead: true }));
  if (current !== undefined && !replace.has(item.id)) return "there";
  if (job === undefined || !isTerminal(job)) await sender.sendFor(item);
  // The worker that gets it publishes the state that is there again.
  else if (current !== undefined) await sender.send({ jobId: job.id });
  if (dryRun) return current === undefined ? "putBack" : "replaced";
  const Item = job === undefined ? item : aheadOf(job, current as StoredJob | undefined);
  const isNew = { ConditionExpression: "attribute_not_exists(id)" };
  try {
    await client.send(new PutCommand({ TableName: table, Item, ...(current === undefined ? isNew : {}) }));
    return current === undefined ? "putBack" : "replaced";
  } catch (error) {
    // A caller has added it again in the meantime.
    if (error instanceof ConditionalCheckFailedException) return "there";
    throw error;
  }
}

/** A job that had ended, and of which nothing else was stored since, is as it was told. */
function aheadOf(job: StoredJob, current: StoredJob | undefined): StoredJob {
  if (isTerminal(job) && current === undefined) return job;
  const version = Math.max(job.version, current?.version ?? 0) + VERSIONS_AHEAD;
  return { ...job, version, lastWriteId: randomUUID() };
}
