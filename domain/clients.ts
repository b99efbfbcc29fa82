import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient, type SQSClientConfig } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/**
 * AWS SDK clients whose every call settles: the SDK has no request timeout by default, and only warns past one unless
 * `throwOnRequestTimeout` is set. Region, credentials and endpoints come from the SDK's own environment variables.
 */

/** The longest wait of an SQS receive, in seconds (SQS `WaitTimeSeconds`: at most 20). */
export const LONG_POLL_SECONDS = 20;

const CONNECTION_TIMEOUT_MS = 2_000;
const REQUEST_TIMEOUT_MS = 5_000;

/** A number past 2^53, which this system does not write, makes the item that has it strange but does not keep others from being read. */
export const UNMARSHALL_OPTIONS = { wrapNumbers: Number } as const;

const none = (): void => {};
/**
 * Nobody logs calls. The SDK's own silent logger has `info` and `error`, and so it copies each call's input and output member by member, to
 * be told to them.
 */
const QUIET = { trace: none, debug: none, warn: none } as unknown as NonNullable<SQSClientConfig["logger"]>;

interface CallSettings {
  /** Milliseconds for one try of a call, without the time to connect. @default 5000 */
  readonly requestTimeoutMs?: number;
  /** Open connections. @default 50 */
  readonly maxSockets?: number;
}

/** Client settings with deadlines: three tries of at most `requestTimeoutMs` each. */
export function callSettings({ requestTimeoutMs = REQUEST_TIMEOUT_MS, maxSockets = 50 }: CallSettings = {}) {
  return {
    maxAttempts: 3,
    logger: QUIET,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      // The request timeout ends with the answer's headers; this one ends a body that stops midway.
      socketTimeout: requestTimeoutMs,
      httpAgent: { maxSockets, keepAlive: true },
      httpsAgent: { maxSockets, keepAlive: true },
    },
  };
}

export function dynamoDbDocumentClient(settings?: CallSettings): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient(callSettings(settings)), {
    // An object with a property called "constructor", such as tags may be, passes for an instance of a class.
    marshallOptions: { removeUndefinedValues: true, convertClassInstanceToMap: true },
    // A copy, as the client adds to it.
    unmarshallOptions: { ...UNMARSHALL_OPTIONS },
  });
}

export function sqsClient(settings?: CallSettings): SQSClient {
  return new SQSClient(callSettings(settings));
}

/** A client for receives alone: a long poll outlives other calls' deadline, and must not hold their connections. */
export function longPollSqsClient(): SQSClient {
  return sqsClient({ requestTimeoutMs: (LONG_POLL_SECONDS + 5) * 1_000, maxSockets: 4 });
}

export function snsClient(settings?: CallSettings): SNSClient {
  return new SNSClient(callSettings(settings));
}
