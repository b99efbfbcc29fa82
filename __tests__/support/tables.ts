import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { LIST_INDEX } from "../../domain/job-list.ts";

/** The tables as Terraform makes them, without what an emulator has no use for. */

export const JOBS_TABLE = {
  TableName: "jobs",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: "id", AttributeType: "S" },
    { AttributeName: "typeStatus", AttributeType: "S" },
    { AttributeName: "createdAtId", AttributeType: "S" },
  ],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  GlobalSecondaryIndexes: [
    {
      IndexName: LIST_INDEX,
      KeySchema: [
        { AttributeName: "typeStatus", KeyType: "HASH" },
        { AttributeName: "createdAtId", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["owner"] },
    },
  ],
} as const satisfies CreateTableCommandInput;

export const JOB_TYPES_TABLE = {
  TableName: "job-types",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: "registry", AttributeType: "S" },
    { AttributeName: "name", AttributeType: "S" },
  ],
  KeySchema: [
    { AttributeName: "registry", KeyType: "HASH" },
    { AttributeName: "name", KeyType: "RANGE" },
  ],
} as const satisfies CreateTableCommandInput;
