import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { dueAt, type StoredJob } from "./job.ts";
import { jobIdPrefix } from "./job-id.ts";
import type { JobItems } from "./job-items.ts";
import { TABLES } from "./tables.ts";
import { typeStatusKey } from "./transition-values.ts";

/** Jobs of a page, as many as BatchGetItem takes, and pages that a look takes, at most: jobs that are not due yet stand among them. */
const PAGE_JOBS = 100;
const MAX_PAGES = 5;

const { byTypeAndStatus } = TABLES.jobs.indexes;

/**
 * Of the jobs of a type that are QUEUED and due, some of the oldest, the oldest first, eventually consistent: those of the first page that has
 * any, and none where 500 older ones are not due yet. IAM knows nothing of an index, so entries of other types are passed over; see
 * `listJobs`.
 *
 * @param now epoch milliseconds.
 */
export async function oldestQueued(
  client: DynamoDBDocumentClient,
  tableName: string,
  store: Pick<JobItems, "getMany">,
  type: string,
  now: number,
): Promise<StoredJob[]> {
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: byTypeAndStatus.name,
        KeyConditionExpression: "#key = :key",
        ProjectionExpression: "id",
        ExpressionAttributeNames: { "#key": byTypeAndStatus.hashKey },
        ExpressionAttributeValues: { ":key": typeStatusKey(type, "QUEUED") },
        Limit: PAGE_JOBS,
        ExclusiveStartKey,
      }),
    );
    const ids = (Items as { id: string }[]).map(({ id }) => id).filter((id) => id.startsWith(jobIdPrefix(type)));
    const jobs = await store.getMany(ids);
    const due = jobs.filter((job) => job.status === "QUEUED" && (dueAt(job) ?? 0) <= now);
    if (due.length > 0 || LastEvaluatedKey === undefined) return due.sort((a, b) => (a.createdAtId < b.createdAtId ? -1 : 1));
    ExclusiveStartKey = LastEvaluatedKey;
  }
  return [];
}
