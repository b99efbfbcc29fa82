import { readControl } from "@autoscaling-job-queues/domain/controls";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { ecsServices } from "./ecs-services.ts";
import type { ServiceCalls } from "./wake.ts";

/** What the wake call makes. Loaded when first used: few adds find their service asleep or unknown. */
export function wakeCalls(dynamoDb: DynamoDBDocumentClient, jobTypesTableName: string): ServiceCalls {
  return {
    ...ecsServices(),
    isPaused: async (jobType, abortSignal) => {
      const { paused } = await readControl(dynamoDb, jobTypesTableName, jobType, abortSignal);
      return paused !== undefined;
    },
  };
}
