import { LIST_INDEX } from "@autoscaling-job-queues/domain/job-list";
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";

const text = (AttributeName: string) => ({ AttributeName, AttributeType: "S" as const });
const hash = (AttributeName: string) => ({ AttributeName, KeyType: "HASH" as const });
const range = (AttributeName: string) => ({ AttributeName, KeyType: "RANGE" as const });

/** The two tables, with the keys and the index that Terraform gives them. */
export const TABLES = {
  jobs: {
    TableName: "jobs",
    AttributeDefinitions: [text("id"), text("typeStatus"), text("createdAtId")],
    KeySchema: [hash("id")],
    GlobalSecondaryIndexes: [
      {
        IndexName: LIST_INDEX,
        KeySchema: [hash("typeStatus"), range("createdAtId")],
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["owner"] },
      },
    ],
    BillingMode: "PAY_PER_REQUEST",
  },
  jobTypes: {
    TableName: "job-types",
    AttributeDefinitions: [text("registry"), text("name")],
    KeySchema: [hash("registry"), range("name")],
    BillingMode: "PAY_PER_REQUEST",
  },
} as const satisfies Record<string, CreateTableCommandInput>;

/** Creates the tables that are not there, and waits until both can be used. */
export async function createTables(client: DynamoDBClient): Promise<void> {
  await Promise.all(Object.values(TABLES).map((table) => createTable(client, table)));
}

async function createTable(client: DynamoDBClient, table: CreateTableCommandInput): Promise<void> {
  try {
    await client.send(new CreateTableCommand(table));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.05, maxDelay: 1 }, { TableName: table.TableName });
}
