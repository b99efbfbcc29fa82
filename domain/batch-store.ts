import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { isComplete, type JobEnds, readBatch, type StoredBatch } from "./batch.ts";
import type { BatchLife } from "./batch-id.ts";
import { UNMARSHALL_OPTIONS } from "./clients.ts";
import { JOB_RETENTION_DAYS } from "./limits.ts";
import { type OnComplete, onCompleteKey } from "./on-complete.ts";

/** Updates tried for one end of jobs: each is lost only to an end of others. */
const MAX_ROUNDS = 10;

interface Update {
  readonly expression: string;
  readonly condition: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** The items of batches in the jobs table. Every write is conditional; none but the first one adds a number to the pending ones. */
export class BatchStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /** Reads a batch as all writes before left it. */
  async get(id: string): Promise<StoredBatch | undefined> {
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#tableName, Key: { id }, ConsistentRead: true }));
    return readBatch(Item);
  }

  /**
   * Stores a batch unless one of its ID is there. One that expired before `now` (epoch milliseconds) counts as gone: see `JobItems.create`.
   *
   * @returns the batch that is stored, this one or the one that was there.
   */
  async create(batch: StoredBatch, now: number): Promise<StoredBatch> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#tableName,
          Item: batch,
          ConditionExpression: "attribute_not_exists(#id) OR (#expiresAt < :now AND #createdAt < :createdAt)",
          ExpressionAttributeNames: { "#id": "id", "#expiresAt": "expiresAt", "#createdAt": "createdAt" },
          ExpressionAttributeValues: { ":now": Math.floor(now / 1_000), ":createdAt": batch.createdAt },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return batch;
    } catch (error) {
      const current = await this.#found(batch.id, error);
      if (current === undefined) throw new Error(`batch ${batch.id} was neither created nor found`);
      return current;
    }
  }

  /** Stores what is to be added when a batch has completed. To do it again changes nothing. */
  async putOnComplete(onComplete: OnComplete): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#tableName, Item: onComplete }));
  }

  /** Reads what is to be added when a batch has completed; undefined where nothing is. */
  async getOnComplete(batch: BatchLife): Promise<OnComplete | undefined> {
    const Key = { id: onCompleteKey(batch) };
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#tableName, Key, ConsistentRead: true }));
    return Item as OnComplete | undefined;
  }

  /**
   * Takes the numbers of jobs that have ended out of the pending ones. To do it again changes nothing, so whoever may have died before
   * can be followed by another who does.
   *
   * The number that goes last completes the batch in the same update, so there is no moment at which all have ended and the batch is open.
   * DynamoDB cannot say "if this empties the set": while more are pending than are taken out, or one that is not among them, it does not;
   * and as numbers only ever go, a set that was read as holding no others will be empty.
   *
   * @param now epoch milliseconds.
   * @returns the batch if it is complete; undefined if others are pending, or the batch is gone.
   */
  async end({ id, createdAt }: BatchLife, ends: JobEnds, now: number): Promise<StoredBatch | undefined> {
    let update: Update = removal(ends, "size(#pending) > :count", { ":count": ends.size });
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const { applied, batch } = await this.#update(id, createdAt, update);
      if (batch === undefined || batch.createdAt !== createdAt) return undefined;
      if (applied || isComplete(batch)) return isComplete(batch) ? batch : undefined;
      const pending = [...(batch.pending ?? [])];
      if (!pending.some((number) => ends.has(number))) return undefined;
      const other = pending.find((number) => !ends.has(number));
      update = other === undefined ? completion(ends, now) : removal(ends, "contains(#pending, :other)", { ":other": other });
    }
    throw new Error(`batch ${id} changed ${MAX_ROUNDS} times while ends of its jobs were to be noted`);
  }

  /** Notes the job that the batch's completion has added. It makes no version. */
  async setOnCompleteJob({ id, createdAt }: BatchLife, jobId: string): Promise<void> {
    await this.#update(id, createdAt, {
      expression: "SET #onCompleteJobId = :jobId",
      condition: "attribute_exists(#completedAt)",
      values: { ":jobId": jobId },
    });
  }

  async #update(
    id: string,
    createdAt: string,
    { expression, condition, values = {} }: Update,
  ): Promise<{ readonly applied: boolean; readonly batch: StoredBatch | undefined }> {
    const ConditionExpression = `#createdAt = :createdAt AND ${condition}`;
    const names = [...`${expression} ${ConditionExpression}`.matchAll(/#(\w+)/g)].map(([name, attribute = ""]) => [
      name,
      attribute,
    ]);
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#tableName,
          Key: { id },
          UpdateExpression: expression,
          ConditionExpression,
          ExpressionAttributeNames: Object.fromEntries(names),
          ExpressionAttributeValues: { ":createdAt": createdAt, ...values },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { applied: true, batch: readBatch(Attributes) };
    } catch (error) {
      return { applied: false, batch: await this.#found(id, error) };
    }
  }

  /** The batch that a condition failed for. An emulator that does not return it is asked for it. */
  async #found(id: string, error: unknown): Promise<StoredBatch | undefined> {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return error.Item === undefined ? await this.get(id) : readBatch(unmarshall(error.Item, UNMARSHALL_OPTIONS));
  }
}

function removal(ends: JobEnds, condition: string, values: Readonly<Record<string, unknown>>): Update {
  const counted = countedEnds(ends);
  return {
    expression: `DELETE #pending :numbers${counted.add}`,
    condition,
    values: { ":numbers": new Set(ends.keys()), ...counted.values, ...values },
  };
}

function completion(ends: JobEnds, now: number): Update {
  const counted = countedEnds(ends);
  return {
    expression: `SET #completedAt = :completedAt, #version = :complete, #expiresAt = :expiresAt REMOVE #pending${counted.add}`,
    condition: "attribute_exists(#pending)",
    values: {
      ":completedAt": new Date(now).toISOString(),
      ":complete": 2,
      ":expiresAt": Math.floor(now / 1_000) + JOB_RETENTION_DAYS * 86_400,
      ...counted.values,
    },
  };
}

/** Only the ends that did not succeed are kept: the others are the rest. */
function countedEnds(ends: JobEnds): { readonly add: string; readonly values: Readonly<Record<string, Set<number>>> } {
  const numbersOf = (end: string) => new Set([...ends].filter(([, one]) => one === end).map(([number]) => number));
  const counted = (["failed", "cancelled"] as const)
    .map((name) => ({ name, numbers: numbersOf(name.toUpperCase()) }))
    .filter(({ numbers }) => numbers.size > 0);
  if (counted.length === 0) return { add: "", values: {} };
  return {
    add: ` ADD ${counted.map(({ name }) => `#${name} :${name}`).join(", ")}`,
    values: Object.fromEntries(counted.map(({ name, numbers }) => [`:${name}`, numbers])),
  };
}
