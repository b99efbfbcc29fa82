import { DescribeLimitsCommand, DescribeTableCommand, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TABLES } from "../../domain/tables.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

let here: Emulators;
let there: Emulators;
beforeAll(async () => {
  here = await startEmulators();
  there = await startEmulators();
});
afterAll(async () => {
  await Promise.all([here.stop(), there.stop()]);
});

describe("the database of this suite", () => {
  it("is DynamoDB Local: dynalite knows no such call", async () => {
    expect(await here.dynamoDb.send(new DescribeLimitsCommand({}))).toMatchObject({ TableMaxReadCapacityUnits: 40_000 });
  });

  it("gives each platform tables of its own", async () => {
    const TableName = here.jobTypesTableName;
    await here.dynamoDb.send(new PutCommand({ TableName, Item: { registry: "types", name: "canary" } }));
    expect(await here.dynamoDb.send(new ListTablesCommand({}))).toMatchObject({ TableNames: ["job-types", "jobs"] });
    expect((await here.dynamoDb.send(new ScanCommand({ TableName }))).Count).toBe(1);
    expect((await there.dynamoDb.send(new ScanCommand({ TableName }))).Count).toBe(0);
  });

  it("has the tables with the keys and the indexes that Terraform gives them", async () => {
    const { Table } = await here.dynamoDb.send(new DescribeTableCommand({ TableName: here.jobsTableName }));
    const indexes = (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName, IndexStatus, KeySchema = [] }) => {
      const [hashKey, rangeKey] = KeySchema.map(({ AttributeName }) => AttributeName);
      return { name: IndexName, hashKey, rangeKey, status: IndexStatus };
    });
    const { byOwner, byTypeAndStatus } = TABLES.jobs.indexes;
    const wanted = [byOwner, byTypeAndStatus].map(({ name, hashKey, rangeKey }) => ({
      name,
      hashKey,
      rangeKey,
      status: "ACTIVE",
    }));
    expect(Table?.TableStatus).toBe("ACTIVE");
    expect(indexes).toHaveLength(wanted.length);
    expect(indexes).toEqual(expect.arrayContaining(wanted));
  });
});
