import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { UNMARSHALL_OPTIONS } from "./clients.ts";
import { jobIdPrefix } from "./job-id.ts";

/** The end of the partition key of leases; no type's name has an underscore, so nothing else of the table ends like it. */
const WAKE = "wake";

/** The partition keys of all leases, as IAM matches them. */
export const WAKE_KEYS = `*_${WAKE}`;

/** What somebody needs to raise a type's count alone. */
export interface LeaseRequest {
  readonly jobType: string;
  /** Names this raise: a write that the SDK repeats finds its own. */
  readonly id: string;
  /** What the count shall be raised to: others see whether that is enough for them. */
  readonly tasks: number;
  /** Epoch milliseconds at which its look at the service began: a lease that nobody gave back must have run out before. */
  readonly lookedAt: number;
  /** Epoch milliseconds from which on others may raise, whatever became of this one. */
  readonly until: number;
}

/**
 * A lease, and until when the raise before it rests: no look that began earlier may lead to the next. Or why there is none: the type is held asleep, or
 * somebody is raising it to so many tasks.
 */
export type Lease =
  | { readonly state: "leased"; readonly restsUntil: number }
  | { readonly state: "held" }
  | { readonly state: "busy"; readonly tasks: number };

/** What the holder of a lease gives back, once none of its calls is under way, and until when its raise rests. */
export interface EndedLease {
  readonly jobType: string;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly restsUntil: number;
}

interface WakeItem {
  readonly id?: string;
  readonly tasks?: number;
  readonly until?: number;
  readonly restsUntil?: number;
  readonly held?: true;
}

/**
 * Who may raise the desired count of a type: one at a time, and nobody while the type is paused. One item a type in the job-types table, beside
 * its entry. ECS knows no conditional update, so this is what keeps a raise from lowering another that was decided at the same time.
 */
export class WakeLeases {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /** Asks for the lease of a type. The one call also says whether the type is paused, as {@link hold} has it. */
  async take({ jobType, id, tasks, lookedAt, until }: LeaseRequest, abortSignal: AbortSignal): Promise<Lease> {
    const command = new UpdateCommand({
      TableName: this.#tableName,
      Key: wakeKey(jobType),
      UpdateExpression: "SET #id = :id, #tasks = :tasks, #until = :until",
      ConditionExpression: "attribute_not_exists(#held) AND (attribute_not_exists(#id) OR #until < :lookedAt OR #id = :id)",
      ExpressionAttributeNames: { "#id": "id", "#tasks": "tasks", "#until": "until", "#held": "held" },
      ExpressionAttributeValues: { ":id": id, ":tasks": tasks, ":until": until, ":lookedAt": lookedAt },
      ReturnValues: "ALL_NEW",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    try {
      const { Attributes } = await this.#client.send(command, { abortSignal });
      return { state: "leased", restsUntil: fromItem(Attributes).restsUntil ?? Number.NEGATIVE_INFINITY };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const item =
        error.Item === undefined ? await this.#get(jobType, abortSignal) : fromItem(unmarshall(error.Item, UNMARSHALL_OPTIONS));
      return item.held === true ? { state: "held" } : { state: "busy", tasks: item.tasks ?? 0 };
    }
  }

  /** Gives a lease back. One that ran out, and is another's, stays that. */
  async release({ jobType, id, restsUntil }: EndedLease, abortSignal: AbortSignal): Promise<void> {
    const command = new UpdateCommand({
      TableName: this.#tableName,
      Key: wakeKey(jobType),
      UpdateExpression: "SET #restsUntil = :restsUntil REMOVE #id",
      ConditionExpression: "#id = :id",
      ExpressionAttributeNames: { "#id": "id", "#restsUntil": "restsUntil" },
      ExpressionAttributeValues: { ":id": id, ":restsUntil": restsUntil },
    });
    try {
      await this.#client.send(command, { abortSignal });
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  /**
   * Has nobody raise a type from now on, who has not begun.
   *
   * @returns epoch milliseconds until which somebody may, who has; undefined where nobody has.
   */
  async hold(jobType: string, abortSignal: AbortSignal): Promise<number | undefined> {
    const { Attributes } = await this.#client.send(
      new UpdateCommand({
        TableName: this.#tableName,
        Key: wakeKey(jobType),
        UpdateExpression: "SET #held = :held",
        ExpressionAttributeNames: { "#held": "held" },
        ExpressionAttributeValues: { ":held": true },
        ReturnValues: "ALL_OLD",
      }),
      { abortSignal },
    );
    const { id, until } = fromItem(Attributes);
    return id === undefined ? undefined : until;
  }

  /** Lets raise who will. To do it again changes nothing. */
  async letGo(jobType: string, abortSignal: AbortSignal): Promise<void> {
    await this.#client.send(
      new UpdateCommand({
        TableName: this.#tableName,
        Key: wakeKey(jobType),
        UpdateExpression: "REMOVE #held",
        ExpressionAttributeNames: { "#held": "held" },
      }),
      { abortSignal },
    );
  }

  async #get(jobType: string, abortSignal: AbortSignal): Promise<WakeItem> {
    const command = new GetCommand({ TableName: this.#tableName, Key: wakeKey(jobType), ConsistentRead: true });
    return fromItem((await this.#client.send(command, { abortSignal })).Item);
  }
}

function wakeKey(jobType: string): { readonly registry: string; readonly name: string } {
  return { registry: `${jobIdPrefix(jobType)}${WAKE}`, name: jobType };
}

function fromItem(item: Record<string, unknown> = {}): WakeItem {
  return item as WakeItem;
}
