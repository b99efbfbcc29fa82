import type { SNSClient } from "@aws-sdk/client-sns";
import type { ServiceInputTypes, ServiceOutputTypes, SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { DeserializeHandler, DeserializeHandlerOutput, HttpRequest } from "@smithy/types";
import { dynamoDbDocumentClient, snsClient, sqsClient } from "../../../domain/clients.ts";
import { PayloadStore } from "../../../domain/payload-store.ts";
import type { CallOutput } from "./call-gate.ts";
import type { InProcessTransport } from "./in-process-transport.ts";
import { currentProcess, outsideOfProcesses } from "./simulated-process.ts";

export interface GatedClients {
  readonly dynamoDb: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly payloads: Pick<PayloadStore, "put" | "getText">;
  /** Gives the SDK its whole allowance of retries back, so that no run takes from another's. */
  readonly refill: () => Promise<void>;
}

/** Of the SDK's standard retry strategy (`INITIAL_RETRY_TOKENS` of @smithy/core). */
const RETRY_TOKENS = 500;

const UNSIGNED = {
  authorization: "AWS4-HMAC-SHA256 Credential=local/20261101/us-east-1/local/aws4_request, SignedHeaders=host, Signature=none",
  "x-amz-date": "20261101T000000Z",
};

type Deserialize = DeserializeHandler<ServiceInputTypes, ServiceOutputTypes>;

/**
 * The product's own SDK clients, each try of which passes the gate of the process that makes it, under the SDK's retries.
 * Processes share the clients, because making them costs more than all calls of a case; whose call it is, its async
 * context tells. What they thereby share is the SDK's allowance of retries. Calls to S3 pass above the retries, since the
 * payload store makes its client itself.
 */
export function gatedClients(bucket: string, transport: InProcessTransport): GatedClients {
  const dynamoDb = dynamoDbDocumentClient();
  const sqs = sqsClient();
  const sns = snsClient();
  for (const client of [dynamoDb, sqs, sns]) {
    transport.carry("", client);
    spreadFaster(client);
    leaveUnsigned(client);
    gate(client);
  }
  const payloads = new PayloadStore(bucket);
  return {
    dynamoDb,
    sqs,
    sns,
    refill: async () => {
      for (const { config } of [dynamoDb, sqs, sns]) Object.assign(await config.retryStrategy(), { capacity: RETRY_TOKENS });
    },
    payloads: {
      put: async (key, content, contentType) =>
        await passed("PutObject", { Key: key }, () => payloads.put(key, content, contentType)),
      getText: async (location) => await passed("GetObject", { Key: location.key }, () => payloads.getText(location)),
    },
  };
}

/**
 * The SDK spreads a client's settings three times in each call. What it has made of them property by property V8 keeps as a
 * dictionary, of which each spread takes 40 µs; of a copy, 1 µs.
 */
function spreadFaster(client: GatedClient): void {
  Object.assign(client, { config: { ...client.config } });
}

type GatedClient = DynamoDBDocumentClient | SQSClient | SNSClient;

function stackOf(client: GatedClient): SQSClient["middlewareStack"] {
  return client.middlewareStack as unknown as SQSClient["middlewareStack"];
}

/** Middleware that does nothing to a call to an emulator but take its time, and the signer. */
const WITHOUT_EFFECT_HERE = [
  "httpSigningMiddleware",
  "loggerMiddleware",
  "getUserAgentMiddleware",
  "recursionDetectionMiddleware",
];

/**
 * Emulators check no signature, but want to see one. The SDK's signer would also compare the answers' dates, which are real,
 * with the world's clock, and try calls again whose failure it takes for one of clock skew.
 */
function leaveUnsigned(client: GatedClient): void {
  const stack = stackOf(client);
  for (const name of WITHOUT_EFFECT_HERE) stack.remove(name);
  stack.add(
    (next) => async (args) => {
      Object.assign((args.request as HttpRequest).headers, UNSIGNED);
      return await next(args);
    },
    { name: "unsigned", step: "build" },
  );
}

function gate(client: GatedClient): void {
  const stack = stackOf(client);
  stack.add(
    (next: Deserialize, { commandName = "" }): Deserialize =>
      async (args) => {
        const process = currentProcess();
        if (process === undefined) return await next(args);
        let answer: DeserializeHandlerOutput<ServiceOutputTypes> | undefined;
        const operation = commandName.replace(/Command$/, "");
        const output = await process.gate.pass(process, operation, args.input as unknown as CallOutput, async () => {
          answer = await outsideOfProcesses(() => next(args));
          return answer.output as unknown as CallOutput;
        });
        return { response: answer?.response, output: output as unknown as ServiceOutputTypes };
      },
    { name: "gate", step: "deserialize", priority: "high" },
  );
}

async function passed<Result>(operation: string, input: CallOutput, call: () => Promise<Result>): Promise<Result> {
  const process = currentProcess();
  if (process === undefined) return await call();
  const output = await process.gate.pass(process, operation, input, async () => ({ result: await outsideOfProcesses(call) }));
  return output.result as Result;
}
