import { LIST_INDEX } from "@autoscaling-job-queues/domain/job-list";
import type { LambdaName } from "@autoscaling-job-queues/domain/routes";
import type { PolicyStatement } from "./policy-document.ts";

/** ARNs of what the Lambdas work with. */
export interface PlatformArns {
  readonly jobsTable: string;
  readonly jobTypesTable: string;
  readonly eventsTopic: string;
  readonly payloadsBucket: string;
  readonly key: string;
  /** The services of the one cluster, `<service ARN>/<cluster>/*`. */
  readonly services: string;
  readonly cluster: string;
}

/**
 * What each Lambda may do, and nothing that it does not do. Sending to a job type's queue and receiving its dead letters are
 * allowed by the queues' own policies, so that a new type changes nothing here.
 */
export function lambdaStatements(name: LambdaName, arns: PlatformArns): readonly PolicyStatement[] {
  return STATEMENTS[name](arns);
}

const allow = (sid: string, resources: readonly string[], ...actions: string[]): PolicyStatement => ({ sid, actions, resources });

/** Publishing to an encrypted topic, or sending to an encrypted queue, takes both. */
const encrypt = (key: string) => allow("UseTheKey", [key], "kms:Decrypt", "kms:GenerateDataKey");

/** X-Ray knows no resources: its actions can be allowed on all only. */
const trace = allow("Trace", ["*"], "xray:PutTraceSegments", "xray:PutTelemetryRecords");

const STATEMENTS: Readonly<Record<LambdaName, (arns: PlatformArns) => readonly PolicyStatement[]>> = {
  "add-job": ({ jobsTable, jobTypesTable, eventsTopic, payloadsBucket, key, services, cluster }) => [
    allow("CreateJobs", [jobsTable], "dynamodb:GetItem", "dynamodb:PutItem"),
    allow("ReadJobTypes", [jobTypesTable], "dynamodb:GetItem"),
    allow("PublishEvents", [eventsTopic], "sns:Publish"),
    allow("StoreInputs", [`${payloadsBucket}/inputs/*`], "s3:PutObject"),
    {
      ...allow("WakeServices", [services], "ecs:DescribeServices", "ecs:UpdateService"),
      condition: { ArnEquals: { "ecs:cluster": cluster } },
    },
    encrypt(key),
    trace,
  ],
  "query-job": ({ jobsTable, jobTypesTable, payloadsBucket, key }) => [
    allow("ReadJobs", [jobsTable], "dynamodb:GetItem", "dynamodb:BatchGetItem"),
    allow("ListJobs", [`${jobsTable}/index/${LIST_INDEX}`], "dynamodb:Query"),
    allow("ReadJobTypes", [jobTypesTable], "dynamodb:GetItem", "dynamodb:Query"),
    allow("SignLinks", [`${payloadsBucket}/inputs/*`, `${payloadsBucket}/results/*`], "s3:GetObject"),
    allow("UseTheKey", [key], "kms:Decrypt"),
    trace,
  ],
  "cancel-job": ({ jobsTable, eventsTopic, key }) => [
    allow("ChangeJobs", [jobsTable], "dynamodb:GetItem", "dynamodb:UpdateItem"),
    allow("PublishEvents", [eventsTopic], "sns:Publish"),
    encrypt(key),
    trace,
  ],
  "dead-letter": ({ jobsTable, jobTypesTable, eventsTopic, key }) => [
    allow("ChangeJobs", [jobsTable], "dynamodb:GetItem", "dynamodb:UpdateItem"),
    allow("ReadJobTypes", [jobTypesTable], "dynamodb:GetItem"),
    allow("PublishEvents", [eventsTopic], "sns:Publish"),
    encrypt(key),
    trace,
  ],
};
