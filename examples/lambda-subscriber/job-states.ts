import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

/** The members that this example reads. An event is the whole job, and is stored as it came. */
export interface JobEvent {
  readonly id: string;
  /** QUEUED, RUNNING, SUCCEEDED, FAILED or CANCELLED. */
  readonly status: string;
  /** ISO 8601 in UTC with milliseconds, so that the order of the texts is that of the times. */
  readonly createdAt: string;
  /** Starts at 1, and is one higher after each change of the job. */
  readonly version: number;
}

/**
 * `createdAt` comes before `version` because an ID can come back: a job that is added with the idempotency key of an expired one has its
 * ID, and begins at version 1. The condition is part of the write, so it stays right when the function runs many times at once.
 */
const IS_NEWER = "attribute_not_exists(id) OR createdAt < :createdAt OR (createdAt = :createdAt AND version < :version)";

/** The newest known state of each job, in a DynamoDB table whose key is the job's ID. */
export class JobStates {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /**
   * Stores an event unless the same or a newer one of its job is stored.
   *
   * @param text the event as it was published: numbers that JavaScript cannot hold stay exact.
   * @returns the event if it was stored; undefined if it brought nothing new.
   * @throws an error if the text is not an event, and what the call to DynamoDB threw after the SDK's retries.
   */
  async keep(text: string): Promise<JobEvent | undefined> {
    const event = parseEvent(text);
    const createdAt = { S: event.createdAt };
    const version = { N: String(event.version) };
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: { id: { S: event.id }, createdAt, version, status: { S: event.status }, event: { S: text } },
          ConditionExpression: IS_NEWER,
          ExpressionAttributeValues: { ":createdAt": createdAt, ":version": version },
        }),
      );
      return event;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }
}

function parseEvent(text: string): JobEvent {
  const event = JSON.parse(text) as Partial<JobEvent> | null;
  const { id, status, createdAt, version } = event ?? {};
  if (typeof id !== "string" || typeof status !== "string" || typeof createdAt !== "string" || typeof version !== "number")
    throw new Error("the message is not a job event");
  return { id, status, createdAt, version };
}
