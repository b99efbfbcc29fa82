import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { DEAD_LETTER_QUEUE_SETTINGS, jobQueueSettings } from "@autoscaling-job-queues/domain/queue-settings";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { arnOf, jobTypeNames } from "./names.ts";
import type { PlatformState } from "./platform-state.ts";
import { denyWithoutTls, type PolicyStatement, policyDocument } from "./policy-document.ts";
import { holdsState } from "./protection.ts";

/** Seconds for which SQS keeps a data key, before it asks KMS again: fewer calls to pay. */
export const DATA_KEY_SECONDS = 3_600;

const SEND = "sqs:SendMessage";
const COUNT = "sqs:GetQueueAttributes";
const ADD = [SEND, COUNT] as const;

type QueueRoles = Pick<
  PlatformState,
  "keyArn" | "addJobRoleArn" | "onCompleteRoleArn" | "scheduleRoleArn" | "deadLetterRoleArn" | "whyRoleArn"
>;

/** A job type's queue and its dead-letter queue. The queues' policies are what lets the platform's Lambdas send to it, and count. */
export class JobQueues extends Construct {
  readonly jobs: SqsQueue;
  readonly deadLetters: SqsQueue;

  constructor(scope: Construct, id: string, environment: Environment, jobType: JobType, platform: QueueRoles) {
    super(scope, id);
    const names = jobTypeNames(environment, jobType.name);
    const { addJobRoleArn, onCompleteRoleArn, scheduleRoleArn, deadLetterRoleArn, whyRoleArn } = platform;
    const { visibilityTimeoutSeconds, retentionSeconds, maxReceiveCount } = jobQueueSettings(jobType);
    const common = {
      kmsMasterKeyId: platform.keyArn,
      kmsDataKeyReusePeriodSeconds: DATA_KEY_SECONDS,
    };
    this.deadLetters = new SqsQueue(this, "dead-letters", {
      ...common,
      name: names.deadLetters,
      visibilityTimeoutSeconds: DEAD_LETTER_QUEUE_SETTINGS.visibilityTimeoutSeconds,
      messageRetentionSeconds: DEAD_LETTER_QUEUE_SETTINGS.retentionSeconds,
      // By its name: a reference would go both ways.
      redriveAllowPolicy: JSON.stringify({
        redrivePermission: "byQueue",
        sourceQueueArns: [arnOf(environment, "sqs", names.queue)],
      }),
    });
    // Before anything refers to it: a reference fixes the address.
    holdsState(this.deadLetters, "dead_letter_queue", environment);
    this.jobs = new SqsQueue(this, "jobs", {
      ...common,
      name: names.queue,
      visibilityTimeoutSeconds,
      messageRetentionSeconds: retentionSeconds,
      // Without it any queue of the account and region may have its dead letters moved here, past this queue's policy.
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }),
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: this.deadLetters.arn, maxReceiveCount }),
    });
    holdsState(this.jobs, "queue", environment);
    addPolicy(this, "jobs-policy", this.jobs, [
      // Whoever adds jobs counts those that wait, and wants as many tasks as they need.
      allowTo("AddJobSends", addJobRoleArn, this.jobs, ...ADD),
      allowTo("OnCompleteSends", onCompleteRoleArn, this.jobs, ...ADD),
      allowTo("ScheduleSends", scheduleRoleArn, this.jobs, ...ADD),
      allowTo("DeadLetterSendsBack", deadLetterRoleArn, this.jobs, SEND),
      allowTo("WhyCounts", whyRoleArn, this.jobs, COUNT),
    ]);
    addPolicy(this, "dead-letters-policy", this.deadLetters, [allowTo("WhyCounts", whyRoleArn, this.deadLetters, COUNT)]);
  }
}

function allowTo(sid: string, roleArn: string, queue: SqsQueue, ...actions: string[]): PolicyStatement {
  return { sid, principal: { AWS: roleArn }, actions, resources: [queue.arn] };
}

function addPolicy(scope: Construct, id: string, queue: SqsQueue, statements: readonly PolicyStatement[]): void {
  new SqsQueuePolicy(scope, id, {
    queueUrl: queue.url,
    policy: policyDocument([...statements, denyWithoutTls("sqs:*", [queue.arn])]),
  });
}
