import type { LambdaName } from "@autoscaling-job-queues/domain/routes";

interface SdkUse {
  /** Loaded with the bundle. */
  readonly first: Readonly<Record<string, readonly string[]>>;
  /** Loaded when first used, in the baseline as in the Lambda. */
  readonly later: Readonly<Record<string, readonly string[]>>;
}

const documentClient = ["DynamoDBDocumentClient"];

/** What raising a count takes. */
const WAKE = {
  "@aws-sdk/client-ecs": ["ECSClient", "DescribeServicesCommand", "UpdateServiceCommand"],
  "@aws-sdk/client-sqs": ["GetQueueAttributesCommand"],
  "@aws-sdk/lib-dynamodb": ["UpdateCommand"],
} as const;

/** The AWS SDK clients and commands that each Lambda uses: the least that its bundle can hold. */
const SDK_USE: Readonly<Record<LambdaName, SdkUse>> = {
  "add-job": {
    first: {
      "@aws-sdk/client-dynamodb": ["DynamoDBClient", "ConditionalCheckFailedException"],
      "@aws-sdk/lib-dynamodb": [...documentClient, "GetCommand", "PutCommand", "BatchGetCommand"],
      "@aws-sdk/util-dynamodb": ["unmarshall"],
      "@aws-sdk/client-sqs": ["SQSClient", "SendMessageBatchCommand"],
      "@aws-sdk/client-sns": ["SNSClient", "PublishBatchCommand"],
    },
    later: {
      "@aws-sdk/client-s3": ["S3Client", "PutObjectCommand", "HeadObjectCommand", "CopyObjectCommand"],
      ...WAKE,
      "@aws-sdk/client-scheduler": ["SchedulerClient", "CreateScheduleCommand", "UpdateScheduleCommand"],
      "@aws-sdk/client-secrets-manager": ["SecretsManagerClient", "GetSecretValueCommand"],
    },
  },
  "create-upload": {
    first: {
      "@aws-sdk/client-dynamodb": ["DynamoDBClient"],
      "@aws-sdk/lib-dynamodb": [...documentClient, "GetCommand"],
      "@aws-sdk/client-s3": ["S3Client", "PutObjectCommand"],
      "@aws-sdk/s3-request-presigner": ["getSignedUrl"],
    },
    later: {},
  },
  "query-job": {
    first: {
      "@aws-sdk/client-dynamodb": ["DynamoDBClient"],
      "@aws-sdk/lib-dynamodb": [...documentClient, "GetCommand", "BatchGetCommand", "QueryCommand"],
    },
    later: {
      "@aws-sdk/client-s3": ["S3Client", "GetObjectCommand"],
      "@aws-sdk/s3-request-presigner": ["getSignedUrl"],
    },
  },
  "cancel-job": {
    first: {
      "@aws-sdk/client-dynamodb": ["DynamoDBClient", "ConditionalCheckFailedException"],
      "@aws-sdk/lib-dynamodb": [...documentClient, "GetCommand", "BatchGetCommand", "UpdateCommand"],
      "@aws-sdk/util-dynamodb": ["unmarshall"],
      "@aws-sdk/client-sns": ["SNSClient", "PublishBatchCommand"],
    },
    later: { "@aws-sdk/client-scheduler": ["SchedulerClient", "DeleteScheduleCommand"] },
  },
  control: {
    first: {
      "@aws-sdk/client-dynamodb": ["DynamoDBClient", "ConditionalCheckFailedException"],
      "@aws-sdk/lib-dynamodb": [...documentClient, "GetCommand", "PutCommand", "UpdateCommand", "BatchGetCommand"],
      "@aws-sdk/util-dynamodb": ["unmarshall"],
      "@aws-sdk/client-sqs": ["SQSClient", "GetQueueAttributesCommand"],
      "@aws-sdk/client-ecs": ["ECSClient", "DescribeServicesCommand", "UpdateServiceCommand"],
      "@aws-sdk/client-application-auto-scaling": [
        ...["ApplicationAutoScalingClient", "RegisterScalableTargetCommand", "DescribeScalableTargetsCommand"],
      ],
      "@aws-sdk/client-cloudwatch": ["CloudWatchClient", "DisableAlarmActionsCommand", "EnableAlarmActionsCommand"],
    },
    later: {},
  },
  why: {
    first: {
      "@aws-sdk/client-dynamodb": ["DynamoDBClient"],
      "@aws-sdk/lib-dynamodb": [...documentClient, "GetCommand", "BatchGetCommand", "QueryCommand"],
      "@aws-sdk/client-sqs": ["SQSClient", "GetQueueAttributesCommand"],
    },
    later: {
      "@aws-sdk/client-ecs": ["ECSClient", "DescribeServicesCommand", "ListTasksCommand", "DescribeTasksCommand"],
      "@aws-sdk/client-cloudwatch": ["CloudWatchClient", "GetMetricDataCommand"],
    },
  },
  schedule: {
    first: {
      "@aws-sdk/client-dynamodb": ["DynamoDBClient", "ConditionalCheckFailedException"],
      "@aws-sdk/lib-dynamodb": [...documentClient, "GetCommand", "PutCommand", "BatchGetCommand", "QueryCommand"],
      "@aws-sdk/util-dynamodb": ["unmarshall"],
      "@aws-sdk/client-sqs": ["SQSClient", "SendMessageBatchCommand"],
      "@aws-sdk/client-sns": ["SNSClient", "PublishBatchCommand"],
    },
    later: {
      ...WAKE,
      "@aws-sdk/client-secrets-manager": ["SecretsManagerClient", "GetSecretValueCommand"],
    },
  },
  "dead-letter": {
    first: {
      "@aws-sdk/client-dynamodb": ["DynamoDBClient", "ConditionalCheckFailedException"],
      "@aws-sdk/lib-dynamodb": [...documentClient, "GetCommand", "UpdateCommand"],
      "@aws-sdk/util-dynamodb": ["unmarshall"],
      "@aws-sdk/client-sqs": ["SQSClient", "SendMessageBatchCommand"],
      "@aws-sdk/client-sns": ["SNSClient", "PublishBatchCommand"],
    },
    later: {},
  },
  "on-complete": {
    first: {
      "@aws-sdk/client-dynamodb": ["DynamoDBClient", "ConditionalCheckFailedException"],
      "@aws-sdk/lib-dynamodb": [...documentClient, "GetCommand", "PutCommand", "UpdateCommand"],
      "@aws-sdk/util-dynamodb": ["unmarshall"],
      "@aws-sdk/client-sqs": ["SQSClient", "SendMessageBatchCommand"],
      "@aws-sdk/client-sns": ["SNSClient", "PublishBatchCommand"],
    },
    later: {
      "@aws-sdk/client-secrets-manager": ["SecretsManagerClient", "GetSecretValueCommand"],
      "@aws-sdk/client-s3": ["S3Client", "PutObjectCommand", "GetObjectCommand"],
      ...WAKE,
    },
  },
};

/**
 * The sources of a bundle of nothing but that, by file name. `index.ts` makes the clients, as the Lambda does when it is
 * loaded; what is loaded later stands in files of its own, because a dynamic import of a package takes in all of it.
 */
export function sdkOnlySources(name: LambdaName): Record<string, string> {
  const { first, later } = SDK_USE[name];
  const imports = Object.entries(first).map(([module, names]) => `import { ${names.join(", ")} } from "${module}";`);
  const names = Object.values(first).flat();
  const clients = names.filter((symbol) => symbol.endsWith("Client") && symbol !== "DynamoDBDocumentClient");
  const lazy = Object.entries(later).map(([module, symbols], index) => ({
    file: `later-${index}.ts`,
    source: `export { ${symbols.join(", ")} } from "${module}";`,
  }));
  const index = [
    ...imports,
    `export const clients = [${clients.map((client) => `new ${client}({})`).join(", ")}];`,
    "export const documents = DynamoDBDocumentClient.from(clients[0]);",
    `export const commands = [${names.filter((symbol) => !symbol.endsWith("Client")).join(", ")}];`,
    `export const handler = () => [${lazy.map(({ file }) => `import("./${file}")`).join(", ")}];`,
  ].join("\n");
  return { "index.ts": index, ...Object.fromEntries(lazy.map(({ file, source }) => [file, source])) };
}
