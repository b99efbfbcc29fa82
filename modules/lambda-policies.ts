import { BATCH_KEYS } from "@autoscaling-job-queues/domain/batch-id";
import { CONTROL_KEYS } from "@autoscaling-job-queues/domain/controls";
import type { Access } from "@autoscaling-job-queues/domain/environment";
import { INPUT_FOLDERS } from "@autoscaling-job-queues/domain/payload";
import type { LambdaName } from "@autoscaling-job-queues/domain/routes";
import { TABLES } from "@autoscaling-job-queues/domain/tables";
import { ENVIRONMENT_TAG } from "@autoscaling-job-queues/domain/tags";
import { WAKE_KEYS } from "@autoscaling-job-queues/domain/wake-leases";
import type { Environment } from "../environments/environment.ts";
import { type KeyUse, keyUseStatements, throughService } from "./key-use.ts";
import { keysLike, type PolicyStatement } from "./policy-document.ts";
import { PROPAGATED_TAGS } from "./worker-service.ts";

/** ARNs of what the Lambdas work with. */
export interface PlatformArns {
  readonly jobsTable: string;
  readonly jobTypesTable: string;
  readonly eventsTopic: string;
  readonly resultsBucket: string;
  readonly key: string;
  /** The services of the one cluster, `<service ARN>/<cluster>/*`. */
  readonly services: string;
  /** Its tasks, `<task ARN>/<cluster>/*`. */
  readonly tasks: string;
  readonly cluster: string;
  /** What scales services of the account, `scalable-target/*`. */
  readonly scalableTargets: string;
  /** The alarms of all types that a pause silences. */
  readonly pausableAlarms: readonly string[];
  /** The queues of all types. */
  readonly jobQueues: string;
  /** The schedules of jobs, `<group's schedules>/*_*`. */
  readonly jobSchedules: string;
  /** The role that schedules invoke the schedule Lambda with. */
  readonly schedulerRole: string;
  /** What schedules could not do. */
  readonly scheduleDeadLetters: string;
  /** Completions of batches that the on-complete Lambda failed for. */
  readonly batchEventsFailed: string;
}

/**
 * What the code of each Lambda may do, and nothing that it does not do. Sending to a job type's queue, and counting its messages, is allowed by
 * the queue's own policy, so that a new type changes nothing here.
 */
export function lambdaStatements(
  name: LambdaName,
  arns: PlatformArns,
  { region, access, name: environmentName }: Environment,
): readonly PolicyStatement[] {
  return [
    ...STATEMENTS[name](arns, { access, region, environmentName }),
    ...keyUseStatements(arns.key, region, KEY_USE[name]),
    trace,
  ];
}

/** The objects of folders of the results bucket. */
const below = ({ resultsBucket }: PlatformArns, ...folders: string[]): string[] =>
  folders.map((folder) => `${resultsBucket}/${folder}/*`);

const allow = (sid: string, resources: readonly string[], ...actions: string[]): PolicyStatement => ({ sid, actions, resources });

const inCluster = (cluster: string) => ({ ArnEquals: { "ecs:cluster": cluster } });

/**
 * A wake call sets the desired count, and must not change the tasks: it names no task definition, does not turn on ECS Exec, and
 * does not take their tags away. A condition key is there when the request has its parameter; whether ECS also fills in a flag that
 * the request leaves out is not documented, so flags may be absent or what Terraform made them (service authorization reference
 * of ECS: condition keys of UpdateService).
 */
const DESIRED_COUNT_ONLY = {
  Null: { "ecs:task-definition": "true" },
  StringEqualsIfExists: { "ecs:enable-execute-command": "false", "ecs:propagate-tags": PROPAGATED_TAGS },
} as const;

/** Starts tasks of a type, under its lease. */
const wake = ({ jobTypesTable, services, cluster }: PlatformArns): PolicyStatement[] => [
  { ...allow("LeaseWakes", [jobTypesTable], "dynamodb:UpdateItem"), condition: keysLike(WAKE_KEYS) },
  { ...allow("FindServices", [services], "ecs:DescribeServices"), condition: inCluster(cluster) },
  { ...allow("WakeServices", [services], "ecs:UpdateService"), condition: { ...inCluster(cluster), ...DESIRED_COUNT_ONLY } },
];

/** Lists are of all callers' jobs, or of the caller's own. */
const LIST_INDEX = { account: TABLES.jobs.indexes.byTypeAndStatus, owner: TABLES.jobs.indexes.byOwner } as const;

/** X-Ray has no resources: its actions can only be allowed on all. */
const trace = allow("Trace", ["*"], "xray:PutTraceSegments", "xray:PutTelemetryRecords");

interface Where {
  readonly access: Access;
  readonly region: string;
  readonly environmentName: string;
}

/** What adding a job takes beside its item and its message. */
const addingJobs = (arns: PlatformArns): PolicyStatement[] => [
  allow("ReadJobTypes", [arns.jobTypesTable], "dynamodb:GetItem"),
  allow("PublishEvents", [arns.eventsTopic], "sns:Publish"),
  ...wake(arns),
];

const STATEMENTS: Readonly<Record<LambdaName, (arns: PlatformArns, where: Where) => readonly PolicyStatement[]>> = {
  "add-job": (arns, { region }) => [
    // To read many is to find where a batch was broken off.
    allow("CreateJobs", [arns.jobsTable], "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem"),
    ...addingJobs(arns),
    // To read them is to copy one for a retry.
    allow("StoreInputs", below(arns, ...INPUT_FOLDERS), "s3:GetObject", "s3:PutObject"),
    allow("FindUploads", below(arns, "uploads"), "s3:GetObject"),
    allow("ScheduleJobs", [arns.jobSchedules], "scheduler:CreateSchedule", "scheduler:UpdateSchedule"),
    {
      ...allow("PassTheSchedulersRole", [arns.schedulerRole], "iam:PassRole"),
      condition: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
    },
    {
      // The scheduler encrypts in the name of whoever makes a schedule (EventBridge Scheduler User Guide: identity-based policies).
      ...allow("EncryptSchedules", [arns.key], "kms:GenerateDataKey", "kms:Decrypt"),
      condition: { ArnLike: { "kms:EncryptionContext:aws:scheduler:schedule:arn": arns.jobSchedules } },
    },
    { ...allow("FindTheKey", [arns.key], "kms:DescribeKey"), condition: throughService("scheduler", region) },
  ],
  // The links that it signs do what it may, and no more.
  "create-upload": (arns) => [
    allow("ReadJobTypes", [arns.jobTypesTable], "dynamodb:GetItem"),
    allow("SignUploads", below(arns, "uploads"), "s3:PutObject"),
  ],
  "query-job": (arns, { access }) => [
    allow("ReadJobs", [arns.jobsTable], "dynamodb:GetItem", "dynamodb:BatchGetItem"),
    allow("ListJobs", [`${arns.jobsTable}/index/${LIST_INDEX[access].name}`], "dynamodb:Query"),
    allow("ReadJobTypes", [arns.jobTypesTable], "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"),
    allow("SignLinks", below(arns, ...INPUT_FOLDERS, "uploads", "results"), "s3:GetObject"),
  ],
  "cancel-job": ({ jobsTable, eventsTopic, jobSchedules }) => [
    allow("ChangeJobs", [jobsTable], "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem"),
    allow("PublishEvents", [eventsTopic], "sns:Publish"),
    allow("ForgetSchedules", [jobSchedules], "scheduler:DeleteSchedule"),
  ],
  control: (arns, { environmentName }) => [
    allow("ReadJobTypes", [arns.jobTypesTable], "dynamodb:GetItem"),
    // It changes no type's own entry.
    { ...allow("ChangeControls", [arns.jobTypesTable], "dynamodb:PutItem"), condition: keysLike(CONTROL_KEYS) },
    ...wake(arns),
    {
      // Their IDs are AWS's; their tags are those of their stacks.
      ...allow("SuspendScaling", [arns.scalableTargets], "application-autoscaling:RegisterScalableTarget"),
      condition: {
        StringEquals: {
          "application-autoscaling:service-namespace": "ecs",
          "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
          [`aws:ResourceTag/${ENVIRONMENT_TAG}`]: environmentName,
        },
      },
    },
    // It has no resources.
    allow("FindScaling", ["*"], "application-autoscaling:DescribeScalableTargets"),
    allow("SilenceAlarms", arns.pausableAlarms, "cloudwatch:DisableAlarmActions", "cloudwatch:EnableAlarmActions"),
    allow("SeeBacklogs", [arns.jobQueues], "sqs:GetQueueAttributes"),
  ],
  why: ({ jobsTable, jobTypesTable, services, tasks, cluster }) => [
    allow("ReadJobs", [jobsTable], "dynamodb:GetItem", "dynamodb:BatchGetItem"),
    // The oldest that wait and the newest that workers took up, of all callers: it tells when, and not which.
    allow("FindJobs", [`${jobsTable}/index/${TABLES.jobs.indexes.byTypeAndStatus.name}`], "dynamodb:Query"),
    allow("ReadJobTypes", [jobTypesTable], "dynamodb:GetItem"),
    { ...allow("ReadServices", [services], "ecs:DescribeServices"), condition: inCluster(cluster) },
    { ...allow("ReadTasks", [tasks], "ecs:DescribeTasks"), condition: inCluster(cluster) },
    // Authorized on all, as only container instances could narrow it, which Fargate has none of (service authorization reference of ECS).
    { ...allow("ListTasks", ["*"], "ecs:ListTasks"), condition: inCluster(cluster) },
    // A dataset would bound OTLP metrics alone; nothing bounds namespaces (service authorization reference of CloudWatch).
    allow("ReadMetrics", ["*"], "cloudwatch:GetMetricData"),
  ],
  "dead-letter": ({ jobsTable, jobTypesTable, eventsTopic }) => [
    allow("ChangeJobs", [jobsTable], "dynamodb:GetItem", "dynamodb:UpdateItem"),
    allow("ReadJobTypes", [jobTypesTable], "dynamodb:GetItem"),
    allow("PublishEvents", [eventsTopic], "sns:Publish"),
  ],
  "on-complete": (arns) => [
    allow("CreateJobs", [arns.jobsTable], "dynamodb:GetItem", "dynamodb:PutItem"),
    // It notes in a batch which job followed, and changes no job.
    { ...allow("ChangeBatches", [arns.jobsTable], "dynamodb:UpdateItem"), condition: keysLike(BATCH_KEYS) },
    ...addingJobs(arns),
    // To read one is to copy what the batch was given for its job.
    allow("StoreInputs", below(arns, "inputs"), "s3:GetObject", "s3:PutObject"),
    // Lambda keeps what the function failed for there, in the function's name.
    allow("KeepFailedEvents", [arns.batchEventsFailed], "sqs:SendMessage"),
  ],
  schedule: (arns) => [
    allow("CreateJobs", [arns.jobsTable], "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem"),
    allow("FindLastJobs", [`${arns.jobsTable}/index/${TABLES.jobs.indexes.byOwner.name}`], "dynamodb:Query"),
    ...addingJobs(arns),
    // Lambda keeps what the function could not do there, and polls it, in the function's name.
    allow(
      "KeepWhatFailed",
      [arns.scheduleDeadLetters],
      ...["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    ),
  ],
};

const KEY_USE: Readonly<Record<LambdaName, KeyUse>> = {
  "add-job": { decrypt: ["dynamodb", "s3", "sns", "sqs"], generateDataKey: ["s3", "sns", "sqs"] },
  "create-upload": { decrypt: ["dynamodb"], generateDataKey: ["s3"] },
  "query-job": { decrypt: ["dynamodb", "s3"], generateDataKey: [] },
  "cancel-job": { decrypt: ["dynamodb", "sns"], generateDataKey: ["sns"] },
  control: { decrypt: ["dynamodb"], generateDataKey: [] },
  why: { decrypt: ["dynamodb"], generateDataKey: [] },
  "dead-letter": { decrypt: ["dynamodb", "sns", "sqs"], generateDataKey: ["sns", "sqs"] },
  "on-complete": { decrypt: ["dynamodb", "s3", "sns", "sqs"], generateDataKey: ["s3", "sns", "sqs"] },
  schedule: { decrypt: ["dynamodb", "sns", "sqs"], generateDataKey: ["sns", "sqs"] },
};
