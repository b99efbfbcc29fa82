import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { JobError } from "./errors.ts";
import { jobIdPrefix } from "./job-id.ts";
import { MAX_MESSAGE_CHARACTERS } from "./limits.ts";

/**
 * What a worker says of itself when it cannot work, beside the jobs of its type: one item for all workers of it, so that the newest words
 * stand. They are a hint for people. A worker may write no other item, and nobody but `why` reads this one.
 */

/** What could not be done: take jobs (receive, claim), or begin them (start). */
export const LAST_WORDS_KINDS = ["claim", "start"] as const;
export type LastWordsKind = (typeof LAST_WORDS_KINDS)[number];

export interface LastWords {
  readonly kind: LastWordsKind;
  readonly error: JobError;
  /** As `attempts` of a job name it; of a task, its ID. */
  readonly worker: string;
  /** The tag of its image, where it knows it. */
  readonly image?: string;
  /** ISO 8601. */
  readonly at: string;
}

/** How long words are kept, in seconds; they tell of the present long before. */
const KEPT_SECONDS = 86_400;
const MAX_NAME_CHARACTERS = 300;

/** The item of a type's words: within what its workers' role may write, and the ID of neither a job nor a batch. */
export function lastWordsId(jobType: string): string {
  return `${jobIdPrefix(jobType)}worker`;
}

/** The words of the workers of one type, in the jobs table. */
export class LastWordsStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #key: { readonly TableName: string; readonly Key: { readonly id: string } };

  constructor(client: DynamoDBDocumentClient, tableName: string, jobType: string) {
    this.#client = client;
    this.#key = { TableName: tableName, Key: { id: lastWordsId(jobType) } };
  }

  /** Writes words in place of those that are there. A worker may update items, and put none. */
  async write({ kind, error, worker, image, at }: LastWords): Promise<void> {
    const values = { kind, error, worker, at, expiresAt: Math.floor(Date.parse(at) / 1_000) + KEPT_SECONDS, image };
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    const set = given.map(([name]) => `#${name} = :${name}`).join(", ");
    await this.#client.send(
      new UpdateCommand({
        ...this.#key,
        UpdateExpression: `SET ${set}${image === undefined ? " REMOVE #image" : ""}`,
        ExpressionAttributeNames: Object.fromEntries(Object.keys(values).map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
      }),
    );
  }

  /** Takes back what a worker said, as it works again. Words of others, which came since, stay: it throws a failed condition then. */
  async withdraw({ worker, at }: Pick<LastWords, "worker" | "at">): Promise<void> {
    await this.#client.send(
      new UpdateCommand({
        ...this.#key,
        UpdateExpression: "SET #expiresAt = :past",
        ConditionExpression: "#worker = :worker AND #at = :at",
        ExpressionAttributeNames: { "#expiresAt": "expiresAt", "#worker": "worker", "#at": "at" },
        ExpressionAttributeValues: { ":past": Math.floor(Date.parse(at) / 1_000), ":worker": worker, ":at": at },
      }),
    );
  }

  /**
   * Reads the newest words that stand.
   *
   * @param now epoch milliseconds.
   * @returns undefined where there are none, where they were withdrawn, or where the item is not what workers write.
   */
  async read(now: number): Promise<LastWords | undefined> {
    const { Item } = await this.#client.send(new GetCommand({ ...this.#key, ConsistentRead: true }));
    return readLastWords(Item, now);
  }
}

/** A worker that was broken into writes what it likes: nothing but words is taken from it, and no more of them than workers write. */
function readLastWords(item: Readonly<Record<string, unknown>> | undefined, now: number): LastWords | undefined {
  const { kind, error, worker, image, at, expiresAt } = item ?? {};
  const { code, message } = (error ?? {}) as Partial<Record<keyof JobError, unknown>>;
  const known = LAST_WORDS_KINDS.find((name) => name === kind);
  if (known === undefined || typeof expiresAt !== "number" || expiresAt * 1_000 <= now) return undefined;
  if (!isText(code) || !isText(worker) || !isText(at) || Number.isNaN(Date.parse(at))) return undefined;
  if (!isText(message, MAX_MESSAGE_CHARACTERS)) return undefined;
  return { kind: known, error: { code, message }, worker, at, ...(isText(image) ? { image } : {}) };
}

function isText(value: unknown, most = MAX_NAME_CHARACTERS): value is string {
  return typeof value === "string" && value.length <= most;
}
