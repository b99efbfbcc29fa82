import { controlPartition } from "@autoscaling-job-queues/domain/controls";
import type { Deployment } from "@autoscaling-job-queues/domain/deployment-settings";
import { jobIdPrefix } from "@autoscaling-job-queues/domain/job-id";
import { checkRules } from "@autoscaling-job-queues/domain/parse-settings";
import { INPUT_FOLDERS } from "@autoscaling-job-queues/domain/payload";
import { JOB_TYPE_TAG } from "@autoscaling-job-queues/domain/tags";
import type { Environment } from "../environments/environment.ts";
import { keyUseStatements, viaService } from "./key-use.ts";
import { arnOf } from "./names.ts";
import type { PlatformState } from "./platform-state.ts";
import { keysLike, type PolicyStatement } from "./policy-document.ts";
import { literal } from "./registry-item.ts";

type WorkerPlatform = Pick<
  PlatformState,
  "jobsTableArn" | "jobTypesTableArn" | "eventsTopicArn" | "resultsBucketArn" | "keyArn" | "clusterArn" | "clusterName"
>;

/** What the workers of one type may do: their own queue, their own folders of the bucket, the jobs they claim. */
export function workerStatements(
  environment: Environment,
  { jobType, queueArn }: { readonly jobType: string; readonly queueArn: string },
  platform: WorkerPlatform,
): PolicyStatement[] {
  const { jobsTableArn, jobTypesTableArn, eventsTopicArn, resultsBucketArn, keyArn, clusterArn, clusterName } = platform;
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
      // Those of its batches, too.
      condition: keysLike(`${jobIdPrefix(jobType)}*`),
    },
    {
      // Whether its type is paused.
      sid: "ReadControl",
      actions: ["dynamodb:GetItem"],
      resources: [jobTypesTableArn],
      condition: keysLike(controlPartition(jobType)),
    },
    { sid: "PublishEvents", actions: ["sns:Publish"], resources: [eventsTopicArn] },
    {
      sid: "ReadInputs",
      actions: ["s3:GetObject"],
      resources: [...INPUT_FOLDERS, "uploads"].map((folder) => `${resultsBucketArn}/${folder}/${jobType}/*`),
    },
    {
      sid: "StoreResults",
      actions: ["s3:PutObject", "s3:AbortMultipartUpload"],
      resources: [`${resultsBucketArn}/results/${jobType}/*`],
    },
    {
      sid: "KeepCheckpoints",
      actions: ["s3:GetObject", "s3:PutObject"],
      resources: [`${resultsBucketArn}/checkpoints/${jobType}/*`],
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

/**
 * What a job type's `deployment.ts` adds to a role's own statements, as it stands. A statement is named for its reason, or by its place.
 *
 * @throws SettingsError when two statements would have one name.
 */
export function accessStatements(
  { file, access }: Pick<Deployment, "file" | "access">,
  own: readonly PolicyStatement[],
): PolicyStatement[] {
  const stated = access.map(({ actions, resources, condition, reason }, index) => ({
    sid: reason ?? `Access${index + 1}`,
    actions,
    resources,
    ...(condition === undefined ? {} : { condition }),
  }));
  const names = [...own, ...stated].map(({ sid }) => sid);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  const allowed = `another reason for each statement: it is the statement's ID, and the worker's own are ${own.map(({ sid }) => sid).join(", ")}`;
  checkRules(file, [{ setting: "access", given: repeated, holds: repeated === undefined, allowed }]);
  // Variables of IAM look like Terraform's.
  return JSON.parse(literal(JSON.stringify(stated)));
}

/** What ECS does to start a task: pull its image, open its log, read its secrets. */
export function executionStatements(
  repositoryArn: string,
  writeLogs: PolicyStatement,
  secrets: Deployment["secrets"],
): PolicyStatement[] {
  return [
    {
      sid: "PullImages",
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [repositoryArn],
    },
    // The token is the registry's, not a repository's.
    { sid: "LogInToTheRegistry", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    writeLogs,
    ...secretStatements(Object.values(secrets)),
  ];
}

/** Parts of a secret's ARN; ECS takes a JSON key, a stage and a version after them. */
const SECRET_PARTS = 7;

/** What ECS does to read secrets, by whole ARNs. */
export function secretStatements(values: readonly string[]): PolicyStatement[] {
  const arns = [...new Set(values.map((arn) => arn.split(":").slice(0, SECRET_PARTS).join(":")))].sort();
  const read = (service: string, sid: string, action: string, context: string): PolicyStatement[] => {
    const own = arns.filter((arn) => arn.split(":")[2] === service);
    if (own.length === 0) return [];
    const places = [...new Set(own.map((arn) => arn.split(":").slice(3, 5).join(":")))];
    const [partition = ""] = own.map((arn) => arn.split(":")[1]);
    return [
      { sid, actions: [action], resources: own },
      {
        // Of whatever key each is encrypted with, and for nothing but these.
        sid: `${sid}Keys`,
        actions: ["kms:Decrypt"],
        resources: places.map((place) => `arn:${partition}:kms:${place}:key/*`),
        condition: {
          StringEquals: {
            "kms:ViaService": [...new Set(places.flatMap((place) => viaService(service, place.split(":")[0] ?? "")))],
            [`kms:EncryptionContext:${context}`]: own,
          },
        },
      },
    ];
  };
  return [
    ...read("secretsmanager", "ReadSecrets", "secretsmanager:GetSecretValue", "SecretARN"),
    ...read("ssm", "ReadParameters", "ssm:GetParameters", "PARAMETER_ARN"),
  ];
}
