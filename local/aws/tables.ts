import { indexesOf, keyAttributes, TABLES, type TableIndex } from "@autoscaling-job-queues/domain/tables";
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  ResourceInUseException,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";

type TableName = keyof typeof TABLES;

/** What the tables are called on one machine. */
export const TABLE_NAMES = { jobs: "jobs", jobTypes: "job-types" } as const satisfies Record<TableName, string>;

interface Keys {
  readonly hashKey: string;
  readonly rangeKey?: string;
}

function keySchema({ hashKey, rangeKey }: Keys): KeySchemaElement[] {
  const range = rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: "RANGE" } as const];
  return [{ AttributeName: hashKey, KeyType: "HASH" }, ...range];
}

/** What creates a table, with the keys and the indexes that Terraform gives it. */
export function tableInput(table: TableName, name: string = TABLE_NAMES[table]): CreateTableCommandInput {
  const keys = TABLES[table];
  const indexes = indexesOf(keys);
  return {
    TableName: name,
    AttributeDefinitions: keyAttributes(keys).map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: keySchema(keys),
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes.map(indexInput) }),
    BillingMode: "PAY_PER_REQUEST",
  };
}

function indexInput({ name, attributes, ...keys }: TableIndex): GlobalSecondaryIndex {
  return {
    IndexName: name,
    KeySchema: keySchema(keys),
    Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: [...attributes] },
  };
}

/** Creates the platform's. */
export async function createTables(client: DynamoDBClient): Promise<void> {
  await Promise.all([createTable(client, tableInput("jobs")), createTable(client, tableInput("jobTypes"))]);
}

/** Creates a table, where it is not there, and waits until it can be used. */
export async function createTable(client: DynamoDBClient, table: CreateTableCommandInput): Promise<void> {
  try {
    await client.send(new CreateTableCommand(table));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.05, maxDelay: 1 }, { TableName: table.TableName });
}
