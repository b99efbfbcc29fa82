import { jobIdPrefix } from "@autoscaling-job-queues/domain/job-id";
import type { Environment } from "../environments/environment.ts";
import { keyUseStatements } from "./key-use.ts";
import { arnOf, JOB_TYPE_TAG } from "./names.ts";
import type { PlatformState } from "./platform-state.ts";
import type { PolicyStatement } from "./policy-document.ts";

type WorkerPlatform = Pick<
  PlatformState,
  "jobsTableArn" | "eventsTopicArn" | "resultsBucketArn" | "keyArn" | "clusterArn" | "clusterName"
>;

/** What the workers of one type may do: their own queue, their own folders of the bucket, the jobs they claim. */
export function workerStatements(
  environment: Environment,
  { jobType, queueArn }: { readonly jobType: string; readonly queueArn: string },
  platform: WorkerPlatform,
): PolicyStatement[] {
  const { jobsTableArn, eventsTopicArn, resultsBucketArn, keyArn, clusterArn, clusterName } = platform;
  return [
    {
      sid: "TakeMessages",
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"],
      resources: [queueArn],
    },
    {
      sid: "ChangeJobs",
      actions: ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem"],
      resources: [jobsTableArn],
      // Of every key of a call; and a call that names none is refused (the null check), as ForAllValues holds of no values.
      condition: {
        "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [`${jobIdPrefix(jobType)}*`] },
        Null: { "dynamodb:LeadingKeys": "false" },
      },
    },
    { sid: "PublishEvents", actions: ["sns:Publish"], resources: [eventsTopicArn] },
    { sid: "ReadInputs", actions: ["s3:GetObject"], resources: [`${resultsBucketArn}/inputs/${jobType}/*`] },
    {
      sid: "StoreResults",
      actions: ["s3:PutObject", "s3:AbortMultipartUpload"],
      resources: [`${resultsBucketArn}/results/${jobType}/*`],
    },
    {
      sid: "ProtectBusyTasks",
      actions: ["ecs:UpdateTaskProtection"],
      resources: [arnOf(environment, "ecs", `task/${clusterName}/*`)],
      // A task has its tags from its service, which has them from the stack.
      condition: { ArnEquals: { "ecs:cluster": clusterArn }, StringEquals: { [`aws:ResourceTag/${JOB_TYPE_TAG}`]: jobType } },
    },
    ...keyUseStatements(keyArn, environment.region, {
      decrypt: ["dynamodb", "s3", "sns", "sqs"],
      generateDataKey: ["s3", "sns"],
    }),
  ];
}

/** What ECS does to start a task: pull its image, open its log. */
export function executionStatements(repositoryArn: string, writeLogs: PolicyStatement): PolicyStatement[] {
  return [
    {
      sid: "PullImages",
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [repositoryArn],
    },
    // The token is the registry's, not a repository's.
    { sid: "LogInToTheRegistry", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    writeLogs,
  ];
}
