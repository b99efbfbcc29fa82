import { arnOf } from "../../modules/names.ts";
import { type AccessRequest, ownerOf, type Principal, type RequestContext } from "./access.ts";
import { MISS_OBJECT, type RecordedCall } from "./call-recorder.ts";
import type { Deployment } from "./deployment.ts";
import { workerOf } from "./principals.ts";
import { JOB_TYPES } from "./synthesized-deployment.ts";

type Input = RecordedCall["input"];

/** What IAM is asked for a call. */
interface CallRule {
  readonly action: string;
  /** ARNs of what the call touches. */
  readonly resources: (input: Input, deployment: Deployment) => readonly string[];
  /** What the service asks KMS for in the caller's name, where the resource is encrypted with a key of the account. */
  readonly key?: readonly ("kms:Decrypt" | "kms:GenerateDataKey")[];
  /** What else the service asks IAM, or KMS, for in the caller's name. */
  readonly also?: (input: Input, deployment: Deployment) => readonly Omit<AccessRequest, "principal">[];
  /** Condition keys of the service. */
  readonly context?: (call: RecordedCall, deployment: Deployment) => RequestContext;
}

const table = (name: unknown, { environment }: Deployment): string => arnOf(environment, "dynamodb", `table/${name}`);
const ofTable: CallRule["resources"] = ({ TableName, IndexName }, deployment) => [
  `${table(TableName, deployment)}${IndexName === undefined ? "" : `/index/${IndexName}`}`,
];
type Item = Readonly<Record<string, Readonly<Record<string, string>>>>;
/** The values of the partition key that a call names (DynamoDB: "Using IAM policy conditions for fine-grained access control"). */
const leadingKeys = (items: readonly Item[]): RequestContext => ({
  "dynamodb:LeadingKeys": items.map(({ id, registry }) => String(Object.values(id ?? registry ?? {})[0])),
});
const keyOfItem: CallRule["context"] = ({ input }) => leadingKeys([(input.Key ?? input.Item) as Item]);
const ofQueue: CallRule["resources"] = ({ QueueUrl }, { environment }) => [
  arnOf(environment, "sqs", String(QueueUrl).split("/").at(-1) ?? ""),
];
const ofObject: CallRule["resources"] = ({ Bucket, Key }) => [`arn:aws:s3:::${Bucket}/${Key}`];
const inCluster = (cluster: unknown, { environment }: Deployment): Readonly<Record<string, string>> => ({
  "ecs:cluster": arnOf(environment, "ecs", `cluster/${cluster}`),
});
/** What UpdateService tells IAM: a key for each of these parameters that the request has (ECS: condition keys). */
const SERVICE_KEYS = {
  taskDefinition: "ecs:task-definition",
  enableExecuteCommand: "ecs:enable-execute-command",
  propagateTags: "ecs:propagate-tags",
} as const;
const serviceKeys = (input: Input): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(SERVICE_KEYS).flatMap(([name, key]) => (input[name] === undefined ? [] : [[key, String(input[name])]])),
  );
/** A task asks for itself; its ID is ECS's. */
const resourceTags = (tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`aws:ResourceTag/${tag}`, value]));
const jobTypeOf = (accessKey: string): string => JOB_TYPES.find(({ name }) => workerOf(name) === accessKey)?.name ?? "";
const ownCluster = (deployment: Deployment): string => deployment.resource("platform", "aws_ecs_cluster").attributes.name;

const ofSchedule: CallRule["resources"] = ({ GroupName, Name }, { environment }) => [
  arnOf(environment, "scheduler", `schedule/${GroupName}/${Name}`),
];
const ofAlarms: CallRule["resources"] = ({ AlarmNames }, { environment }) =>
  (AlarmNames as string[]).map((name) => arnOf(environment, "cloudwatch", `alarm:${name}`));
/** Whoever makes a schedule passes its role on, and has it encrypted in their own name ("Identity-based policies"). */
const makingSchedule: CallRule["also"] = (input, deployment) => {
  const { KmsKeyArn, Target } = input as { readonly KmsKeyArn: string; readonly Target: { readonly RoleArn: string } };
  const [schedule = ""] = ofSchedule(input, deployment);
  const encryption = { "kms:EncryptionContext:aws:scheduler:schedule:arn": schedule };
  return [
    { action: "iam:PassRole", resource: Target.RoleArn, context: { "iam:PassedToService": "scheduler.amazonaws.com" } },
    ...["kms:GenerateDataKey", "kms:Decrypt"].map((action) => ({ action, resource: KmsKeyArn, context: encryption })),
    throughService("kms:DescribeKey", KmsKeyArn, "scheduler", deployment),
  ];
};

/**
 * IAM's actions, resources and condition keys for the calls of the SDK: a batch call is allowed by the action for one entry
 * (service authorization reference). What encryption adds to them:
 * - DynamoDB decrypts the table's key in the name of whoever reads or writes ("How DynamoDB uses AWS KMS", table key caching),
 * - SQS and SNS ask for a data key when they take a message, and verify it by decrypting it ("Key management", both guides),
 * - SQS decrypts for whoever receives,
 * - S3 asks for a data key to put an object, and decrypts to get one ("Using SSE-KMS"); it also decrypts the parts of an upload
 *   to put them together ("Multipart upload API and permissions").
 */
const RULES: Readonly<Record<string, CallRule>> = {
  "dynamodb GetItem": { action: "dynamodb:GetItem", resources: ofTable, key: ["kms:Decrypt"], context: keyOfItem },
  "dynamodb PutItem": { action: "dynamodb:PutItem", resources: ofTable, key: ["kms:Decrypt"], context: keyOfItem },
  "dynamodb UpdateItem": { action: "dynamodb:UpdateItem", resources: ofTable, key: ["kms:Decrypt"], context: keyOfItem },
  "dynamodb Query": { action: "dynamodb:Query", resources: ofTable, key: ["kms:Decrypt"] },
  "dynamodb BatchGetItem": {
    action: "dynamodb:BatchGetItem",
    resources: ({ RequestItems }, deployment) => Object.keys(RequestItems as object).map((name) => table(name, deployment)),
    key: ["kms:Decrypt"],
    context: ({ input }) =>
      leadingKeys(Object.values(input.RequestItems as Record<string, { readonly Keys: Item[] }>).flatMap(({ Keys }) => Keys)),
  },
  "sqs SendMessageBatch": { action: "sqs:SendMessage", resources: ofQueue, key: ["kms:GenerateDataKey", "kms:Decrypt"] },
  "sqs ReceiveMessage": { action: "sqs:ReceiveMessage", resources: ofQueue, key: ["kms:Decrypt"] },
  "sqs GetQueueAttributes": { action: "sqs:GetQueueAttributes", resources: ofQueue },
  "sqs DeleteMessageBatch": { action: "sqs:DeleteMessage", resources: ofQueue },
  "sqs ChangeMessageVisibilityBatch": { action: "sqs:ChangeMessageVisibility", resources: ofQueue },
  "sns PublishBatch": {
    action: "sns:Publish",
    resources: ({ TopicArn }) => [String(TopicArn)],
    key: ["kms:GenerateDataKey", "kms:Decrypt"],
  },
  "s3 GetObject": { action: "s3:GetObject", resources: ofObject, key: ["kms:Decrypt"] },
  // S3 denies it to others ("GetObject", permissions).
  [`s3 ${MISS_OBJECT}`]: { action: "s3:ListBucket", resources: ({ Bucket }) => [`arn:aws:s3:::${Bucket}`] },
  // The permission is that of reading it ("HeadObject", permissions).
  "s3 HeadObject": { action: "s3:GetObject", resources: ofObject, key: ["kms:Decrypt"] },
  "s3 PutObject": {
    action: "s3:PutObject",
    resources: ofObject,
    key: ["kms:GenerateDataKey"],
    context: ({ input }) => (input.IfNoneMatch === undefined ? {} : { "s3:if-none-match": String(input.IfNoneMatch) }),
  },
  "s3 CopyObject": { action: "s3:PutObject", resources: ofObject, key: ["kms:GenerateDataKey"] },
  "s3 CreateMultipartUpload": { action: "s3:PutObject", resources: ofObject, key: ["kms:GenerateDataKey"] },
  "s3 UploadPart": { action: "s3:PutObject", resources: ofObject, key: ["kms:GenerateDataKey", "kms:Decrypt"] },
  "s3 CompleteMultipartUpload": { action: "s3:PutObject", resources: ofObject, key: ["kms:Decrypt"] },
  "s3 AbortMultipartUpload": { action: "s3:AbortMultipartUpload", resources: ofObject },
  "ecs DescribeServices": {
    action: "ecs:DescribeServices",
    resources: ({ cluster, services }, { environment }) =>
      (services as string[]).map((service) => arnOf(environment, "ecs", `service/${cluster}/${service}`)),
    context: ({ input }, deployment) => inCluster(input.cluster, deployment),
  },
  // AWS asks for all; the reference, and so the simulator, know container instances only, and Fargate has none.
  "ecs ListTasks": {
    action: "ecs:ListTasks",
    resources: ({ cluster }, { environment }) => [arnOf(environment, "ecs", `container-instance/${cluster}/none`)],
    context: ({ input }, deployment) => inCluster(input.cluster, deployment),
  },
  // The reference, and so the simulator, know datasets, which are of OTLP metrics; there is one, the default.
  "monitoring GetMetricData": {
    action: "cloudwatch:GetMetricData",
    resources: (_, { environment }) => [arnOf(environment, "cloudwatch", "dataset/default")],
  },
  "monitoring DisableAlarmActions": { action: "cloudwatch:DisableAlarmActions", resources: ofAlarms },
  "monitoring EnableAlarmActions": { action: "cloudwatch:EnableAlarmActions", resources: ofAlarms },
  "ecs DescribeTasks": {
    action: "ecs:DescribeTasks",
    resources: ({ tasks }) => tasks as string[],
    context: ({ input }, deployment) => inCluster(input.cluster, deployment),
  },
  "ecs UpdateService": {
    action: "ecs:UpdateService",
    resources: ({ cluster, service }, { environment }) => [arnOf(environment, "ecs", `service/${cluster}/${service}`)],
    context: ({ input }, deployment) => ({ ...inCluster(input.cluster, deployment), ...serviceKeys(input) }),
  },
  // The agent makes the call, with the task's role ("Task scale-in protection endpoint").
  "ecs UpdateTaskProtection": {
    action: "ecs:UpdateTaskProtection",
    resources: (_, deployment) => [arnOf(deployment.environment, "ecs", `task/${ownCluster(deployment)}/0123456789abcdef`)],
    context: ({ accessKey }, deployment) => ({
      ...inCluster(ownCluster(deployment), deployment),
      ...resourceTags(deployment.taskTags(jobTypeOf(accessKey))),
    }),
  },
  "application-autoscaling RegisterScalableTarget": {
    action: "application-autoscaling:RegisterScalableTarget",
    // Its ID is AWS's.
    resources: (_, { environment }) => [arnOf(environment, "application-autoscaling", "scalable-target/0ec5")],
    context: ({ input }, deployment) => ({
      "application-autoscaling:service-namespace": String(input.ServiceNamespace),
      "application-autoscaling:scalable-dimension": String(input.ScalableDimension),
      ...resourceTags(deployment.taskTags(String(input.ResourceId).split("/").at(-1) ?? "")),
    }),
  },
  "application-autoscaling DescribeScalableTargets": {
    action: "application-autoscaling:DescribeScalableTargets",
    resources: () => ["*"],
  },
  "scheduler CreateSchedule": { action: "scheduler:CreateSchedule", resources: ofSchedule, also: makingSchedule },
  "scheduler UpdateSchedule": { action: "scheduler:UpdateSchedule", resources: ofSchedule, also: makingSchedule },
  "scheduler DeleteSchedule": {
    action: "scheduler:DeleteSchedule",
    resources: ({ groupName, Name }, { environment }) => [arnOf(environment, "scheduler", `schedule/${groupName}/${Name}`)],
  },
  "lambda Invoke": {
    action: "lambda:InvokeFunction",
    resources: ({ functionArn }) => [String(functionArn)],
    context: ({ input }) => ({ "aws:SourceArn": String(input.sourceArn) }),
  },
};

/**
 * What IAM is asked for a recorded call.
 *
 * @param principals whose access keys they are.
 * @throws Error for a call that has no rule here, or that nobody known signed.
 */
export function requestsOf(
  call: RecordedCall,
  principals: ReadonlyMap<string, Principal>,
  deployment: Deployment,
): AccessRequest[] {
  const { accessKey, service, operation, input } = call;
  const rule = RULES[`${service} ${operation}`];
  if (rule === undefined) throw new Error(`no rule says what IAM is asked for ${service} ${operation}`);
  const principal = principals.get(accessKey);
  if (principal === undefined) throw new Error(`${service} ${operation} was signed by ${accessKey}, whoever that is`);
  const keys = encryptionKeys(deployment);
  return rule.resources(input, deployment).flatMap((resource) => {
    const key = keys.get(ownerOf(resource));
    const used = key === undefined ? [] : (rule.key ?? []).map((action) => throughService(action, key, service, deployment));
    const request = { action: rule.action, resource, context: rule.context?.(call, deployment) ?? {} };
    return [request, ...used, ...(rule.also?.(input, deployment) ?? [])].map((asked) => ({ principal, ...asked }));
  });
}

/** A request to KMS that a service makes in its caller's name (KMS: condition key kms:ViaService). */
function throughService(action: string, resource: string, service: string, { environment }: Deployment) {
  return { action, resource, context: { "kms:ViaService": `${service}.${environment.region}.amazonaws.com` } };
}

/** Which resource is encrypted with which key of the account. */
function encryptionKeys(deployment: Deployment): ReadonlyMap<string, string> {
  const { attributes: bucketEncryption } = deployment.resource("platform", "aws_s3_bucket_server_side_encryption_configuration");
  const bucketKey = bucketEncryption.rule[0].apply_server_side_encryption_by_default.kms_master_key_id;
  const encrypted = [
    ...["aws_sqs_queue", "aws_sns_topic"].flatMap((type) =>
      deployment.resources(type).map((resource) => ({ ...resource, key: resource.attributes.kms_master_key_id })),
    ),
    ...deployment
      .resources("aws_dynamodb_table")
      .map((resource) => ({ ...resource, key: resource.attributes.server_side_encryption?.kms_key_arn })),
    ...deployment.resources("aws_s3_bucket").map((resource) => ({ ...resource, key: bucketKey })),
  ];
  return new Map(
    encrypted.flatMap(({ arn = "", stack, key }) =>
      typeof key === "string" ? [[arn, deployment.resolve(stack, key)] as const] : [],
    ),
  );
}
