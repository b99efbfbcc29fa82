import { BATCH_EVENTS_FILTER } from "@autoscaling-job-queues/domain/batch-subscription";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import type { Construct } from "constructs";
import type { Lambda } from "./lambda.ts";

/** Has SNS call a Lambda for the completion of each batch, and for nothing else. */
export function followBatches(scope: Construct, topicArn: string, lambda: Lambda): void {
  const permission = new LambdaPermission(scope, "on-complete-permission", {
    statementId: "InvokeForBatches",
    action: "lambda:InvokeFunction",
    functionName: lambda.functionName,
    principal: "sns.amazonaws.com",
    sourceArn: topicArn,
  });
  new SnsTopicSubscription(scope, "on-complete-subscription", {
    topicArn,
    protocol: "lambda",
    endpoint: lambda.arn,
    filterPolicy: JSON.stringify(BATCH_EVENTS_FILTER),
    dependsOn: [permission],
  });
}
