import { setTimeout as delay } from "node:timers/promises";
import { BatchGetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { type Backoff, fullJitterSeconds } from "./backoff.ts";

/** DynamoDB `BatchGetItem`: at most 100 items (API reference). */
const MAX_BATCH_GET = 100;
/** Keys left unprocessed mean throttling: they are asked for again after a while (DynamoDB API reference). */
const UNPROCESSED_BACKOFF: Backoff = { baseSeconds: 0.05, maxSeconds: 2 };

type Key = Readonly<Record<string, string>>;

/**
 * Reads items by their keys, in no order, eventually consistent unless asked otherwise. Those that do not exist are left out.
 *
 * @param keys none of them twice.
 */
export async function getMany(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly Key[],
  { consistent = false } = {},
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let pending = keys;
  for (let throttled = 0; pending.length > 0; ) {
    if (throttled > 0) await delay(1_000 * fullJitterSeconds(throttled, UNPROCESSED_BACKOFF));
    const Keys = pending.slice(0, MAX_BATCH_GET);
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: consistent } } }),
    );
    const unprocessed = (UnprocessedKeys?.[tableName]?.Keys ?? []) as Key[];
    items.push(...(Responses?.[tableName] ?? []));
    pending = [...unprocessed, ...pending.slice(MAX_BATCH_GET)];
    throttled = unprocessed.length === 0 ? 0 : throttled + 1;
  }
  return items;
}
