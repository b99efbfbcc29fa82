import { BATCH_EVENTS_FILTER } from "@autoscaling-job-queues/domain/batch-subscription";
import { DEAD_LETTER_QUEUE_SETTINGS } from "@autoscaling-job-queues/domain/queue-settings";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import type { Lambda } from "./lambda.ts";
import { platformNames } from "./names.ts";
import { denyWithoutTls, type PolicyStatement, policyDocument } from "./policy-document.ts";
import { holdsState } from "./protection.ts";

/**
 * The queue of events that the on-complete Lambda failed for. Lambda itself puts them there, in the name of the function's role, after
 * three tries (Lambda: asynchronous invocation). It is not one of the queues of dead letters, which the dead-letter Lambda polls.
 */
export class FailedBatchEvents extends Construct {
  readonly arn: string;
  readonly send: PolicyStatement;

  constructor(scope: Construct, id: string, environment: Environment, keyArn: string) {
    super(scope, id);
    const queue = new SqsQueue(this, "queue", {
      name: platformNames(environment).batchEventsFailed,
      kmsMasterKeyId: keyArn,
      messageRetentionSeconds: DEAD_LETTER_QUEUE_SETTINGS.retentionSeconds,
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }),
    });
    holdsState(queue, "batch_events_failed", environment);
    new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.url,
      policy: policyDocument([denyWithoutTls("sqs:*", [queue.arn])]),
    });
    this.arn = queue.arn;
    this.send = { sid: "KeepFailedEvents", actions: ["sqs:SendMessage"], resources: [queue.arn] };
  }
}

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
