import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { JobStatus } from "./job.ts";
import { TABLES } from "./tables.ts";
import { typeStatusKey } from "./transition-values.ts";

const { byTypeAndStatus } = TABLES.jobs.indexes;

/** How many jobs of a type are in a state, eventually consistent; of very many, those that a page of the index has (1 MB). */
export async function countJobs(
  client: DynamoDBDocumentClient,
  tableName: string,
  type: string,
  status: JobStatus,
): Promise<number> {
  const { Count = 0 } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: byTypeAndStatus.name,
      KeyConditionExpression: "#key = :key",
      ExpressionAttributeNames: { "#key": byTypeAndStatus.hashKey },
      ExpressionAttributeValues: { ":key": typeStatusKey(type, status) },
      Select: "COUNT",
    }),
  );
  return Count;
}
