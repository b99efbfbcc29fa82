import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { UNMARSHALL_OPTIONS } from "./clients.ts";
import { getMany } from "./get-many.ts";
import type { StoredFile, StoredJob } from "./job.ts";
import { jobIdPrefix } from "./job-id.ts";
import { MAX_JOB_BYTES } from "./limits.ts";
import { isOwnerKey, listPartitionIn, ownerIn, ownerKey } from "./list-partitions.ts";

/** A conditional write's end: the new state, or the one that stands in its way (undefined: no such job). */
export type WriteOutcome =
  | { readonly applied: true; readonly job: StoredJob }
  | { readonly applied: false; readonly current: StoredJob | undefined };

/**
 * The jobs table, for who adds jobs and reads them: a Lambda that changes none does not carry the transitions. Its key is `id`; every write is
 * conditional, and a retried write recognises itself by its ID.
 */
export class JobItems {
  protected readonly client: DynamoDBDocumentClient;
  protected readonly tableName: string;
  readonly #announced = new Map<string, number>();

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.client = client;
    this.tableName = tableName;
  }

  /**
   * Creates the job unless one of its ID is stored. DynamoDB deletes expired items days late, so one that expired before
   * `now` (epoch milliseconds) counts as gone; a job takes its place only if it is the newer by `isNewerState`, too, so that no
   * clock that is days behind makes subscribers take it for the older.
   */
  async create(job: StoredJob, now: number): Promise<WriteOutcome> {
    const partition = listPartitionIn(job.typeStatus);
    if (partition > 0) await this.#announce(job.type, partition + 1);
    return await this.write(job.id, job.lastWriteId, async () => {
      await this.client.send(
        new PutCommand({
          TableName: this.tableName,
          Item: partition === 0 ? job : { ...job, owner: ownerKey(job.owner, partition) },
          ConditionExpression: "attribute_not_exists(#id) OR (#expiresAt < :now AND #createdAt < :createdAt)",
          ExpressionAttributeNames: { "#id": "id", "#expiresAt": "expiresAt", "#createdAt": "createdAt" },
          ExpressionAttributeValues: { ":now": Math.floor(now / 1_000), ":createdAt": job.createdAt },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return job;
    });
  }

  /** Reads a job as all writes before left it. An item that {@link isSound} refuses is not a job. */
  async get(id: string): Promise<StoredJob | undefined> {
    const { Item } = await this.client.send(new GetCommand({ TableName: this.tableName, Key: { id }, ConsistentRead: true }));
    const job = Item && jobOfItem(Item);
    return job !== undefined && isSound(job) ? job : undefined;
  }

  /** Reads jobs as {@link get} does, in no order, eventually consistent unless asked otherwise. Those that do not exist are left out. */
  async getMany(ids: readonly string[], { consistent = false } = {}): Promise<StoredJob[]> {
    const keys = [...new Set(ids)].map((id) => ({ id }));
    const items = await getMany(this.client, this.tableName, keys, { consistent });
    return items.map(jobOfItem).filter(isSound);
  }

  /** Tells lists of a type's partitions, before there is a job in them: once in a process, of a type that spreads its jobs. */
  async #announce(type: string, partitions: number): Promise<void> {
    if ((this.#announced.get(type) ?? 1) >= partitions) return;
    const { raiseListPartitions } = await import("./list-partition-marks.ts");
    this.#announced.set(type, await raiseListPartitions(this.client, this.tableName, type, partitions));
  }

  /**
   * A failed condition may be our own doing: the SDK retries a write whose answer was lost. The stored write ID tells.
   * An emulator that does not return the item with the failure is asked for it.
   */
  protected async write(id: string, writeId: string, send: () => Promise<StoredJob>): Promise<WriteOutcome> {
    try {
      return { applied: true, job: await send() };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const current = error.Item === undefined ? await this.get(id) : jobOfItem(unmarshall(error.Item, UNMARSHALL_OPTIONS));
      return current?.lastWriteId === writeId ? { applied: true, job: current } : { applied: false, current };
    }
  }
}

/** The job of an item, whose owner is a key of an index there. */
export function jobOfItem(item: Readonly<Record<string, unknown>> | undefined): StoredJob {
  const job = item as unknown as StoredJob;
  return isOwnerKey(job.owner) ? { ...job, owner: ownerIn(job.owner) } : job;
}

/**
 * Whether an item is what this system writes: its type is that of its ID, its size is a job's, its files are files, and its payloads are JSON. IAM holds a worker
 * to IDs of its own type and to nothing else of an item, so that one that was broken into could otherwise have jobs listed and read as
 * those of another type, by their type, or by a text that ends its job in an answer and begins another one; and have lists fail by what
 * it adds to its jobs.
 */
function isSound(job: StoredJob): boolean {
  const { id, type, files, input, result } = job;
  const bytes = Buffer.byteLength(JSON.stringify(job));
  return id.startsWith(jobIdPrefix(type)) && bytes <= MAX_JOB_BYTES && areFiles(files) && isJson(input) && isJson(result);
}

function areFiles(files: unknown): boolean {
  if (files === undefined) return true;
  return typeof files === "object" && files !== null && Object.values(files).every(isFile);
}

function isFile(file: Partial<StoredFile> | null): boolean {
  const { bytes, contentType, key, etag } = file ?? {};
  return typeof bytes === "number" && [contentType, key, etag].every((text) => typeof text === "string");
}

function isJson(payload: string | undefined): boolean {
  if (payload === undefined) return true;
  try {
    JSON.parse(payload);
    return typeof payload === "string";
  } catch {
    return false;
  }
}
