import { queueDepth } from "@autoscaling-job-queues/domain/queue-depth";
import { WakeLeases } from "@autoscaling-job-queues/domain/wake-leases";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { ecsServices } from "./ecs-services.ts";
import type { RaiseCalls } from "./raise-count.ts";

/** What raising a count calls. Loaded when first used. */
export function wakeCalls(dynamoDb: DynamoDBDocumentClient, jobTypesTableName: string, sqs: SQSClient): RaiseCalls {
  const leases = new WakeLeases(dynamoDb, jobTypesTableName);
  return {
    ...ecsServices(),
    backlog: async (queueUrl, signal) => {
      const { visible, inFlight } = await queueDepth(sqs, queueUrl, signal);
      return visible + inFlight;
    },
    lease: async (request, signal) => await leases.take(request, signal),
    release: async (lease, signal) => await leases.release(lease, signal),
  };
}
