import { DEFAULT_ROUTE, LAMBDAS } from "../../domain/routes.ts";
import type { AccessRequest } from "./access.ts";
import { type Arns, secretArn } from "./deployed-arns.ts";
import { ADMINISTRATOR, API_GATEWAY, executionOf, MAPPING, SCHEDULES } from "./principals.ts";

/** A call that AWS, or somebody who applies the Terraform, makes; none of our code does, so that it cannot be recorded. */
export interface ServiceCall extends Omit<AccessRequest, "principal"> {
  /** By the name of `principalsOf`. */
  readonly principal: string;
  /** Where AWS documents that it makes the call. */
  readonly source: string;
}

const DOCS = "https://docs.aws.amazon.com";

/** The calls of the platform and of these job types. */
export function serviceCalls(arns: Arns, jobTypes: readonly string[]): ServiceCall[] {
  return [
    ...lambdaCalls(arns),
    ...apiCalls(arns),
    ...failedEventCalls(arns),
    ...jobTypes.flatMap((jobType) => [
      ...mappingCalls(arns, jobType),
      ...taskCalls(arns, jobType),
      ...arns.secrets(jobType).flatMap((value) => secretCalls(arns, executionOf(jobType), secretArn(value))),
    ]),
    ...scheduleCalls(arns),
    ...flowLogCalls(arns),
    ...logEncryptionCalls(arns),
    ...alarmCalls(arns),
    ...keyAdministration(arns),
  ];
}

function calls(
  principal: string,
  resource: string,
  source: string,
  actions: readonly string[],
  context: AccessRequest["context"] = {},
): ServiceCall[] {
  return actions.map((action) => ({ principal, action, resource, context, source: `${DOCS}/${source}` }));
}

const streamOf = (logGroup: string): string => `${logGroup}:log-stream:2026/11/02/[1]abc`;
const WRITE_LOGS = ["logs:CreateLogStream", "logs:PutLogEvents"];

function lambdaCalls(arns: Arns): ServiceCall[] {
  return LAMBDAS.flatMap((name) => [
    ...calls("lambda", arns.role("platform", `${name}_role`), "lambda/latest/dg/lambda-intro-execution-role.html", [
      "sts:AssumeRole",
    ]),
    ...calls(name, streamOf(arns.lambdaLogs(name)), "lambda/latest/dg/lambda-intro-execution-role.html", WRITE_LOGS),
    ...calls(name, arns.key, "lambda/latest/dg/configuration-envvars-encryption.html", ["kms:Decrypt"], {
      "kms:EncryptionContext:aws:lambda:FunctionArn": arns.lambda(name),
    }),
    ...calls(name, "*", "lambda/latest/dg/services-xray.html", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]),
  ]);
}

/** A request that is no route; those to routes are recorded. */
function apiCalls({ api, lambda }: Arns): ServiceCall[] {
  const { routeKey, lambda: name } = DEFAULT_ROUTE;
  const source = "apigateway/latest/developerguide/http-api-develop-routes.html";
  return calls(API_GATEWAY, lambda(name), source, ["lambda:InvokeFunction"], { "aws:SourceArn": `${api}/$default/${routeKey}` });
}

/** Lambda keeps the events that an asynchronous function failed for in its role's name. */
function failedEventCalls({ batchEventsFailed, key }: Arns): ServiceCall[] {
  const source = "lambda/latest/dg/invocation-async-retain-records.html";
  return [
    ...calls("on-complete", batchEventsFailed, source, ["sqs:SendMessage"]),
    ...calls("on-complete", key, source, ["kms:GenerateDataKey", "kms:Decrypt"], {
      "kms:ViaService": "sqs.us-east-1.amazonaws.com",
    }),
  ];
}

/** Besides receiving and deleting, which are recorded: Lambda looks at the queue's depth to choose how many pollers it runs. */
function mappingCalls(arns: Arns, jobType: string): ServiceCall[] {
  return calls(MAPPING, arns.deadLetters(jobType), "lambda/latest/dg/services-sqs-configure.html", ["sqs:GetQueueAttributes"]);
}

/** What a schedule does when it is due, and what becomes of what cannot be done: the scheduler keeps it, or Lambda, which then polls it. */
function scheduleCalls(arns: Arns): ServiceCall[] {
  const guide = "scheduler/latest/UserGuide";
  const sqs = { "kms:ViaService": "sqs.us-east-1.amazonaws.com" };
  const keep = ["kms:GenerateDataKey", "kms:Decrypt"];
  const schedule = { "kms:EncryptionContext:aws:scheduler:schedule:arn": arns.schedule("canary.nightly") };
  const source = { "aws:SourceAccount": arns.account, "aws:SourceArn": arns.scheduleGroup };
  const asynchronous = "lambda/latest/dg/invocation-async-retain-records.html";
  const polls = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
  const { scheduleDeadLetters: queue, key } = arns;
  return [
    ...calls(
      "scheduler",
      arns.role("platform", "schedules_role"),
      `${guide}/cross-service-confused-deputy-prevention.html`,
      ["sts:AssumeRole"],
      source,
    ),
    ...calls(SCHEDULES, arns.lambda("schedule"), `${guide}/setting-up.html`, ["lambda:InvokeFunction"]),
    ...calls(SCHEDULES, key, `${guide}/encryption-rest.html`, ["kms:Decrypt"], schedule),
    ...calls(SCHEDULES, queue, `${guide}/configuring-schedule-dlq.html`, ["sqs:SendMessage"]),
    ...calls(SCHEDULES, key, `${guide}/configuring-schedule-dlq.html`, keep, sqs),
    ...calls("schedule", queue, asynchronous, ["sqs:SendMessage"]),
    ...calls("schedule", key, asynchronous, keep, sqs),
    ...calls("schedule", queue, "lambda/latest/dg/services-sqs-configure.html", polls),
  ];
}

function taskCalls(arns: Arns, jobType: string): ServiceCall[] {
  const execution = "AmazonECS/latest/developerguide/task_execution_IAM_role.html";
  const role = executionOf(jobType);
  const context = { "aws:SourceAccount": arns.account, "aws:SourceArn": arns.task };
  const pull = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"];
  return [
    ...["task_task-role", "task_execution-role"].flatMap((id) =>
      calls(
        "ecs-tasks",
        arns.role(jobType, id),
        "AmazonECS/latest/developerguide/task-iam-roles.html",
        ["sts:AssumeRole"],
        context,
      ),
    ),
    ...calls(role, "*", execution, ["ecr:GetAuthorizationToken"]),
    ...calls(role, arns.repository(jobType), execution, pull),
    ...calls(role, streamOf(arns.workerLogs(jobType)), execution, WRITE_LOGS),
  ];
}

/** What a task's variables take: the secret, and what encrypts it. */
function secretCalls({ secretsKey }: Arns, role: string, arn: string): ServiceCall[] {
  const docs = "AmazonECS/latest/developerguide";
  const read = (action: string, resource: string, source: string, context: string) => [
    ...calls(role, resource, `${docs}/${source}`, [action]),
    ...calls(role, secretsKey, `${docs}/${source}`, ["kms:Decrypt"], {
      "kms:ViaService": `${action.split(":")[0]}.us-east-1.amazonaws.com`,
      [`kms:EncryptionContext:${context}`]: resource,
    }),
  ];
  return arn.includes(":ssm:")
    ? read("ssm:GetParameters", arn, "secrets-envvar-ssm-paramstore.html", "PARAMETER_ARN")
    : read("secretsmanager:GetSecretValue", arn, "secrets-envvar-secrets-manager.html", "SecretARN");
}

/** The log group is Terraform's, so flow logs neither create nor look for one. */
function flowLogCalls(arns: Arns): ServiceCall[] {
  const source = "vpc/latest/userguide/flow-logs-iam-role.html";
  return [
    ...calls("vpc-flow-logs", arns.role("platform", "flow-log-role"), source, ["sts:AssumeRole"], {
      "aws:SourceAccount": arns.account,
      "aws:SourceArn": arns.elsewhere("ec2", "vpc-flow-log/fl-0123456789abcdef0"),
    }),
    ...calls("flow-logs", streamOf(arns.flowLogs), source, WRITE_LOGS),
    ...calls("flow-logs", `${arns.flowLogs}:log-stream:`, source, ["logs:DescribeLogStreams"]),
  ];
}

/** The documented policy has kms:Describe* as well, but such a request has no encryption context: its condition never holds. */
function logEncryptionCalls(arns: Arns): ServiceCall[] {
  return calls(
    "logs",
    arns.key,
    "AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    [
      ...["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
      ...["kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
    ],
    { "kms:EncryptionContext:aws:logs:arn": arns.lambdaLogs("add-job") },
  );
}

function alarmCalls(arns: Arns): ServiceCall[] {
  const source = "sns/latest/dg/sns-key-management.html";
  const context = { "aws:SourceAccount": arns.account };
  return [
    ...calls("cloudwatch", arns.alerts, source, ["sns:Publish"], context),
    ...calls("cloudwatch", arns.key, source, ["kms:GenerateDataKey", "kms:Decrypt"], context),
  ];
}

/** What the key's policy leaves to the account's own policies: applying the Terraform, and looking after the key. */
function keyAdministration({ key }: Arns): ServiceCall[] {
  const byTerraform = [
    ...["DescribeKey", "GetKeyPolicy", "PutKeyPolicy", "GetKeyRotationStatus", "EnableKeyRotation", "DisableKeyRotation"],
    ...["EnableKey", "DisableKey", "UpdateKeyDescription", "ScheduleKeyDeletion", "CreateAlias", "UpdateAlias", "DeleteAlias"],
    ...["ListResourceTags", "TagResource", "UntagResource"],
  ];
  const byHand = [
    ...["CancelKeyDeletion", "RotateKeyOnDemand", "ListKeyRotations", "ListKeyPolicies", "ListGrants", "RevokeGrant"],
  ];
  const byTables = [
    ...["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"],
    ...["DescribeKey", "CreateGrant"],
  ];
  const kms = (actions: readonly string[], source: string, resource = key) =>
    calls(
      ADMINISTRATOR,
      resource,
      source,
      actions.map((action) => `kms:${action}`),
    );
  return [
    ...kms([...byTerraform, ...byHand], "kms/latest/developerguide/key-policy-default.html"),
    ...kms(byTables, "amazondynamodb/latest/developerguide/encryption.usagenotes.html"),
    ...kms(["CreateGrant", "RetireGrant"], "AmazonECR/latest/userguide/encryption-at-rest.html"),
  ];
}
