import { listPartitionMarkKey, listPartitionsIn, raiseListPartitions } from "@autoscaling-job-queues/domain/list-partition-marks";
import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

/** Puts the mark of a type back, or that of all types for an empty one, once. @returns whether it was missing, or told of fewer partitions. */
export type PutMarkBack = (type: string) => Promise<boolean>;

export interface MarkTables {
  readonly client: DynamoDBDocumentClient;
  /** The restored table. */
  readonly from: string;
  /** The table that lacks items. */
  readonly table: string;
  /** Whether nothing is written. */
  readonly dryRun: boolean;
}

/**
 * Raises marks to what they are in a restored table, that of all types first: as when jobs are added, both tell of a partition before there is a
 * job in it, wherever the put-back breaks off. What is there may tell of more, and stays.
 */
export function marksOf({ client, from, table, dryRun }: MarkTables): PutMarkBack {
  const marks = new Map<string, Promise<boolean>>();
  const partitionsIn = async (TableName: string, type: string): Promise<number> => {
    const Key = { id: listPartitionMarkKey(type) };
    return listPartitionsIn((await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item);
  };
  const putBack = async (type: string): Promise<boolean> => {
    if (type !== "") await putOnce("");
    const partitions = await partitionsIn(from, type);
    if ((await partitionsIn(table, type)) >= partitions) return false;
    if (!dryRun) await raiseListPartitions(client, table, type, partitions);
    return true;
  };
  const putOnce: PutMarkBack = async (type) => {
    const begun = marks.get(type) ?? putBack(type);
    marks.set(type, begun);
    return await begun;
  };
  return putOnce;
}
