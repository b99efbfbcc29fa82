import { DEAD_LETTER_QUEUE_SETTINGS } from "@autoscaling-job-queues/domain/queue-settings";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { DATA_KEY_SECONDS } from "./job-queues.ts";
import { denyWithoutTls, policyDocument } from "./policy-document.ts";
import { holdsState } from "./protection.ts";

interface FailedEventsSettings {
  readonly name: string;
  /** The pinned address of the queue. */
  readonly logicalId: string;
  readonly keyArn: string;
}

/**
 * The queue of events that a Lambda failed for. Lambda itself puts them there, in the name of the function's role, after three tries
 * (Lambda: asynchronous invocation). It is not one of the queues of dead letters, which the dead-letter Lambda polls.
 */
export class FailedEvents extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, environment: Environment, { name, logicalId, keyArn }: FailedEventsSettings) {
    super(scope, id);
    const queue = new SqsQueue(this, "queue", {
      name,
      kmsMasterKeyId: keyArn,
      kmsDataKeyReusePeriodSeconds: DATA_KEY_SECONDS,
      visibilityTimeoutSeconds: DEAD_LETTER_QUEUE_SETTINGS.visibilityTimeoutSeconds,
      messageRetentionSeconds: DEAD_LETTER_QUEUE_SETTINGS.retentionSeconds,
      // Without it any queue of the account and region may have its dead letters moved here, past this queue's policy.
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }),
    });
    holdsState(queue, logicalId, environment);
    new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.url,
      policy: policyDocument([denyWithoutTls("sqs:*", [queue.arn])]),
    });
    this.arn = queue.arn;
  }
}
