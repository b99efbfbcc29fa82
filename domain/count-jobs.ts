import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { inParallel } from "./in-parallel.ts";
import type { JobStatus } from "./job.ts";
import { readListPartitions } from "./list-partition-marks.ts";
import { PARTITIONS_AT_ONCE, partitionsOf, typeStatusKey } from "./list-partitions.ts";
import { TABLES } from "./tables.ts";

const { byTypeAndStatus } = TABLES.jobs.indexes;

/**
 * How many jobs of a type are in a state, eventually consistent; of very many, those that a page of each of the type's partitions of the
 * index has (1 MB).
 */
export async function countJobs(
  client: DynamoDBDocumentClient,
  tableName: string,
  type: string,
  status: JobStatus,
): Promise<number> {
  const partitions = (await readListPartitions(client, tableName, [type]))(type);
  const counts = await inParallel(partitionsOf(partitions), PARTITIONS_AT_ONCE, async (partition) => {
    const { Count = 0 } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: byTypeAndStatus.name,
        KeyConditionExpression: "#key = :key",
        ExpressionAttributeNames: { "#key": byTypeAndStatus.hashKey },
        ExpressionAttributeValues: { ":key": typeStatusKey(type, status, partition) },
        Select: "COUNT",
      }),
    );
    return Count;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}
