import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Isolation } from "./isolation.ts";
import type { DeclaredFile } from "./job-files.ts";
import type { JsonSchema } from "./json-schema.ts";

/** Where the workers of a type run, and how many are wanted, for the calls that start them. */
export interface WakeTarget {
  readonly cluster: string;
  readonly service: string;
  /** For how long a service seen awake, or just woken, is not looked at again: well under the idle time, at most half a minute. */
  readonly recheckSeconds: number;
  /** For how long, at most, nobody looks again how many messages wait. @default 5 in entries of before it was registered */
  readonly lookSeconds?: number;
  /** Messages that a task takes on: as many tasks are asked for as they need. Absent in entries of before there were batches. */
  readonly backlogPerTask?: number;
  /** What the scale-out policy sets, rising, up to `maxTasks`. Absent in entries of before the wake call followed it. */
  readonly capacities?: readonly number[];
}

/** A schedule of a job type, as callers are told of it. */
export interface RegisteredSchedule {
  readonly name: string;
  /** As EventBridge Scheduler writes it. */
  readonly expression: string;
  readonly timezone: string;
  readonly enabled: boolean;
  readonly flexibleMinutes?: number;
  readonly skipWhileRunning: boolean;
}

/** What the platform knows about a job type. Its own stack writes the entry, so the platform never changes for a new type. */
export interface RegistryEntry {
  readonly name: string;
  readonly description: string;
  /** JSON Schema, draft 2020-12. */
  readonly inputSchema: JsonSchema;
  /** Absent where its jobs take none. */
  readonly files?: Readonly<Record<string, DeclaredFile>>;
  readonly queueUrl: string;
  readonly maxAttempts: number;
  readonly timeoutSeconds: number;
  readonly concurrency: number;
  readonly maxTasks: number;
  readonly isolation: Isolation;
  readonly wake: WakeTarget;
  /** Schedules that add jobs of the type; absent where there are none. */
  readonly schedules?: readonly RegisteredSchedule[];
  /** Whether the type takes no more jobs; absent where it does. */
  readonly retired?: true;
  /** Over how many partitions of the indexes jobs are spread that are added from now on; absent where it is one. */
  readonly listPartitions?: number;
}

/** The partition key of all entries: one partition, so that listing them is a query. */
export const REGISTRY_PARTITION = "job-types";

const FRESH_MS = 30_000;

/**
 * The job-types table, keyed by `registry` (always "job-types") and `name`; the input schema is stored as JSON text,
 * because DynamoDB nests only 32 deep. Entries are kept for 30 s.
 */
export class JobTypeRegistry {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;
  readonly #now: () => number;
  readonly #entries = new Map<string, { readonly entry: RegistryEntry; readonly readAt: number }>();

  constructor(client: DynamoDBDocumentClient, tableName: string, now: () => number = Date.now) {
    this.#client = client;
    this.#tableName = tableName;
    this.#now = now;
  }

  async get(name: string): Promise<RegistryEntry | undefined> {
    const kept = this.#entries.get(name);
    if (kept !== undefined && this.#now() - kept.readAt < FRESH_MS) return kept.entry;
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#tableName, Key: { registry: REGISTRY_PARTITION, name } }),
    );
    if (Item === undefined) {
      this.#entries.delete(name);
      return undefined;
    }
    const entry = fromItem(Item);
    this.#entries.set(name, { entry, readAt: this.#now() });
    return entry;
  }

  /** All job types, by name. */
  async list(): Promise<RegistryEntry[]> {
    const entries: RegistryEntry[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          TableName: this.#tableName,
          KeyConditionExpression: "registry = :registry",
          ExpressionAttributeValues: { ":registry": REGISTRY_PARTITION },
          ExclusiveStartKey,
        }),
      );
      entries.push(...Items.map(fromItem));
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return entries;
  }

  /** Writes an entry, as a job type's stack does. */
  async register(entry: RegistryEntry): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#tableName, Item: registryItem(entry) }));
  }
}

/** The table's item of an entry; Terraform writes the same. */
export function registryItem(entry: RegistryEntry): Record<string, unknown> {
  return { registry: REGISTRY_PARTITION, ...entry, inputSchema: JSON.stringify(entry.inputSchema) };
}

function fromItem({ registry: _, ...item }: Record<string, unknown>): RegistryEntry {
  return { ...item, inputSchema: JSON.parse(item.inputSchema as string) } as RegistryEntry;
}
