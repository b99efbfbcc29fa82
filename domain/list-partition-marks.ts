import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { getMany } from "./get-many.ts";
import { MAX_LIST_PARTITIONS } from "./limits.ts";

/**
 * Over how many partitions the jobs of a type were ever spread: an item of the jobs table for each type that spreads any, and one for all
 * types together. It is raised before the first job of a new partition is added, and never lowered, so whoever reads it as all writes before
 * left it knows every partition in which there can be a job (docs/decisions/0040-list-partitions.md). Its key begins with no type: workers
 * cannot write it.
 */

/** No job type's name has `#`. */
const PREFIX = "list-partitions#";

export function listPartitionMarkKey(type = ""): string {
  return `${PREFIX}${type}`;
}

/** The type of a mark, empty for that of all; undefined where an item is none. */
export function typeOfListPartitionMark(id: string): string | undefined {
  return id.startsWith(PREFIX) ? id.slice(PREFIX.length) : undefined;
}

/** How many partitions a mark tells of. */
export function listPartitionsIn(item: Readonly<Record<string, unknown>> | undefined): number {
  const most = Number(item?.most ?? 1);
  return Number.isInteger(most) ? Math.min(Math.max(most, 1), MAX_LIST_PARTITIONS) : 1;
}

/** Reads the marks of types, strongly consistent, with one call for each hundred. @returns a function that knows them. */
export async function readListPartitions(
  client: DynamoDBDocumentClient,
  tableName: string,
  types: readonly string[],
): Promise<(type: string) => number> {
  const keys = [...new Set(types)].map((type) => ({ id: listPartitionMarkKey(type) }));
  const items = await getMany(client, tableName, keys, { consistent: true });
  const marks = new Map(items.map((item) => [item.id, listPartitionsIn(item)]));
  return (type) => marks.get(listPartitionMarkKey(type)) ?? 1;
}

/**
 * Sees to it that a type's mark tells of so many partitions, at least, and so does that of all types.
 *
 * @returns how many it tells of: as many, or more.
 */
export async function raiseListPartitions(
  client: DynamoDBDocumentClient,
  tableName: string,
  type: string,
  partitions: number,
): Promise<number> {
  const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: { id: listPartitionMarkKey(type) } }));
  const most = listPartitionsIn(Item);
  if (most >= partitions) return most;
  // That of all first: where a type's mark is high enough, it is.
  for (const id of [listPartitionMarkKey(), listPartitionMarkKey(type)]) await raise(client, tableName, id, partitions);
  return partitions;
}

async function raise(client: DynamoDBDocumentClient, TableName: string, id: string, most: number): Promise<void> {
  try {
    await client.send(
      new PutCommand({
        TableName,
        Item: { id, most },
        ConditionExpression: "attribute_not_exists(#id) OR #most < :most",
        ExpressionAttributeNames: { "#id": "id", "#most": "most" },
        ExpressionAttributeValues: { ":most": most },
      }),
    );
  } catch (error) {
    // It tells of as many already, or of more.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
