import { callSettings, LONG_POLL_SECONDS } from "@autoscaling-job-queues/domain/clients";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Endpoints } from "./endpoints.ts";
import { PLATFORM_USER_AGENT } from "./request-counter.ts";

/** The local platform's own access to the services: for what Terraform, CloudWatch and Lambda do on AWS. */
export interface PlatformClients {
  readonly dynamoDb: DynamoDBDocumentClient;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  /** For receives alone; see `longPollSqsClient`. */
  readonly longPollSqs: SQSClient;
}

/** @param environment as `awsEnvironment` gives it. */
export function platformClients(endpoints: Endpoints, environment: NodeJS.ProcessEnv): PlatformClients {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = environment;
  const common = {
    ...callSettings(),
    region: environment.AWS_REGION ?? "",
    customUserAgent: PLATFORM_USER_AGENT,
    ...(accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } }
      : {}),
  };
  const longPoll = callSettings({ requestTimeoutMs: (LONG_POLL_SECONDS + 5) * 1_000, maxSockets: 200 });
  return {
    dynamoDb: DynamoDBDocumentClient.from(new DynamoDBClient({ ...common, endpoint: endpoints.dynamodb })),
    s3: new S3Client({ ...common, endpoint: endpoints.s3, forcePathStyle: true }),
    sns: new SNSClient({ ...common, endpoint: endpoints.sns }),
    sqs: new SQSClient({ ...common, endpoint: endpoints.sqs }),
    longPollSqs: new SQSClient({ ...common, ...longPoll, endpoint: endpoints.sqs }),
  };
}
