import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { StoredJob } from "./job.ts";
import { jobIdPrefix } from "./job-id.ts";
import type { JobStore } from "./job-store.ts";
import { TABLES } from "./tables.ts";
import { typeStatusKey } from "./transition-values.ts";

/** Jobs that a look takes, at most: those that are not due yet stand among them. */
const LOOKED_AT = 100;

const { byTypeAndStatus } = TABLES.jobs.indexes;

/**
 * The oldest jobs of a type that are QUEUED, the oldest first, eventually consistent. IAM knows nothing of an index, so entries of other types
 * are passed over; see `listJobs`.
 */
export async function oldestQueued(
  client: DynamoDBDocumentClient,
  tableName: string,
  store: Pick<JobStore, "getMany">,
  type: string,
): Promise<StoredJob[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: byTypeAndStatus.name,
      KeyConditionExpression: "#key = :key",
      ProjectionExpression: "id",
      ExpressionAttributeNames: { "#key": byTypeAndStatus.hashKey },
      ExpressionAttributeValues: { ":key": typeStatusKey(type, "QUEUED") },
      Limit: LOOKED_AT,
    }),
  );
  const ids = (Items as { id: string }[]).map(({ id }) => id).filter((id) => id.startsWith(jobIdPrefix(type)));
  const jobs = await store.getMany(ids);
  return jobs.filter(({ status }) => status === "QUEUED").sort((a, b) => (a.createdAtId < b.createdAtId ? -1 : 1));
}
