import { BATCH_KEYS } from "@autoscaling-job-queues/domain/batch-id";
import type { Access } from "@autoscaling-job-queues/domain/environment";
import type { LambdaName } from "@autoscaling-job-queues/domain/routes";
import { TABLES } from "@autoscaling-job-queues/domain/tables";
import type { Environment } from "../environments/environment.ts";
import { type KeyUse, keyUseStatements } from "./key-use.ts";
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
  readonly cluster: string;
}

/**
 * What the code of each Lambda may do, and nothing that it does not do. Sending to a job type's queue is allowed by the queue's
 * own policy, so that a new type changes nothing here.
 */
export function lambdaStatements(
  name: LambdaName,
  arns: PlatformArns,
  { region, access }: Environment,
): readonly PolicyStatement[] {
  return [...STATEMENTS[name](arns, access), ...keyUseStatements(arns.key, region, KEY_USE[name]), trace];
}

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

/** Lists are of all callers' jobs, or of the caller's own. */
const LIST_INDEX = { account: TABLES.jobs.indexes.byTypeAndStatus, owner: TABLES.jobs.indexes.byOwner } as const;

/** X-Ray has no resources: its actions can only be allowed on all. */
const trace = allow("Trace", ["*"], "xray:PutTraceSegments", "xray:PutTelemetryRecords");

/** What adding a job takes beside its item and its message. */
const addingJobs = ({ jobTypesTable, eventsTopic, resultsBucket, services, cluster }: PlatformArns): PolicyStatement[] => [
  allow("ReadJobTypes", [jobTypesTable], "dynamodb:GetItem"),
  allow("PublishEvents", [eventsTopic], "sns:Publish"),
  // To read one is to copy it for a retry, or for the job that follows a batch.
  allow("StoreInputs", [`${resultsBucket}/inputs/*`], "s3:GetObject", "s3:PutObject"),
  { ...allow("FindServices", [services], "ecs:DescribeServices"), condition: inCluster(cluster) },
  { ...allow("WakeServices", [services], "ecs:UpdateService"), condition: { ...inCluster(cluster), ...DESIRED_COUNT_ONLY } },
];

const STATEMENTS: Readonly<Record<LambdaName, (arns: PlatformArns, access: Access) => readonly PolicyStatement[]>> = {
  "add-job": (arns) => [
    // To read many is to find where a batch was broken off.
    allow("CreateJobs", [arns.jobsTable], "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem"),
    ...addingJobs(arns),
    allow("FindUploads", [`${arns.resultsBucket}/uploads/*`], "s3:GetObject"),
  ],
  // The links that it signs do what it may, and no more.
  "create-upload": ({ jobTypesTable, resultsBucket }) => [
    allow("ReadJobTypes", [jobTypesTable], "dynamodb:GetItem"),
    allow("SignUploads", [`${resultsBucket}/uploads/*`], "s3:PutObject"),
  ],
  "query-job": ({ jobsTable, jobTypesTable, resultsBucket }, access) => [
    allow("ReadJobs", [jobsTable], "dynamodb:GetItem", "dynamodb:BatchGetItem"),
    allow("ListJobs", [`${jobsTable}/index/${LIST_INDEX[access].name}`], "dynamodb:Query"),
    allow("ReadJobTypes", [jobTypesTable], "dynamodb:GetItem", "dynamodb:Query"),
    allow("SignLinks", [`${resultsBucket}/inputs/*`, `${resultsBucket}/uploads/*`, `${resultsBucket}/results/*`], "s3:GetObject"),
  ],
  "cancel-job": ({ jobsTable, eventsTopic }) => [
    allow("ChangeJobs", [jobsTable], "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem"),
    allow("PublishEvents", [eventsTopic], "sns:Publish"),
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
  ],
};

const KEY_USE: Readonly<Record<LambdaName, KeyUse>> = {
  "add-job": { decrypt: ["dynamodb", "s3", "sns", "sqs"], generateDataKey: ["s3", "sns", "sqs"] },
  "create-upload": { decrypt: ["dynamodb"], generateDataKey: ["s3"] },
  "query-job": { decrypt: ["dynamodb", "s3"], generateDataKey: [] },
  "cancel-job": { decrypt: ["dynamodb", "sns"], generateDataKey: ["sns"] },
  "dead-letter": { decrypt: ["dynamodb", "sns", "sqs"], generateDataKey: ["sns", "sqs"] },
  "on-complete": { decrypt: ["dynamodb", "s3", "sns", "sqs"], generateDataKey: ["s3", "sns", "sqs"] },
};
