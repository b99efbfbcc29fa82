import type { SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Telemetry } from "../telemetry.ts";
import { createWake, type Wake } from "./wake.ts";

/** The wake call of a Lambda that adds jobs. What it calls is loaded when first used. */
export function lambdaWake(
  dynamoDb: DynamoDBDocumentClient,
  jobTypesTableName: string,
  sqs: SQSClient,
  telemetry: Telemetry,
): Wake {
  return createWake(async () => (await import("./wake-calls.ts")).wakeCalls(dynamoDb, jobTypesTableName, sqs), telemetry);
}
