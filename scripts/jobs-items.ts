import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { inParallel } from "@autoscaling-job-queues/domain/in-parallel";
import { jobIdPrefix } from "@autoscaling-job-queues/domain/job-id";
import { listPartitionMarkKey } from "@autoscaling-job-queues/domain/list-partition-marks";
import { onCompletePrefix } from "@autoscaling-job-queues/domain/on-complete";
import { ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, paginateScan } from "@aws-sdk/lib-dynamodb";
import type { JobsItem } from "./needed-messages.ts";

/** Items that are worked on at a time. */
const AT_ONCE = 50;

/**
 * Reads a table of jobs from one end to the other, and does something for each item. An index would not do: batches are in none.
 *
 * @param type only its items, among them what its batches asked for. @default all
 * @returns how many there were.
 * @throws JobQueueError "NoSuchTable", "NoJobsTable".
 */
export async function forEachItem(
  client: DynamoDBDocumentClient,
  table: string,
  type: string | undefined,
  each: (item: JobsItem) => Promise<void>,
): Promise<number> {
  let read = 0;
  const only =
    type === undefined
      ? {}
      : {
          FilterExpression: "begins_with(id, :own) OR begins_with(id, :onComplete) OR id = :mark",
          ExpressionAttributeValues: {
            ":own": jobIdPrefix(type),
            ":onComplete": onCompletePrefix(jobIdPrefix(type)),
            ":mark": listPartitionMarkKey(type),
          },
        };
  try {
    for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true, ...only })) {
      if (Items.some(({ id }) => typeof id !== "string")) {
        throw new JobQueueError("NoJobsTable", `${table} is no table of jobs: its items have no id`);
      }
      await inParallel(Items as JobsItem[], AT_ONCE, each);
      read += Items.length;
    }
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new JobQueueError("NoSuchTable", `there is no table ${table} in this account and region`, { cause: error });
  }
  return read;
}
