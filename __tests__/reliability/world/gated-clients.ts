import type { SNSClient } from "@aws-sdk/client-sns";
import type { ServiceInputTypes, ServiceOutputTypes, SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { DeserializeHandler, DeserializeHandlerOutput } from "@smithy/types";
import { dynamoDbDocumentClient, snsClient, sqsClient } from "../../../domain/clients.ts";
import { PayloadStore } from "../../../domain/payload-store.ts";
import type { SchedulerCalls } from "../../../handlers/jobs/scheduler-calls.ts";
import { FileSource } from "../../../worker/file-source.ts";
import type { CallOutput } from "./call-gate.ts";
import type { InProcessTransport } from "./in-process-transport.ts";
import { currentProcess, outsideOfProcesses } from "./simulated-process.ts";

export interface GatedClients {
  readonly dynamoDb: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly payloads: Pick<PayloadStore, "put" | "copy" | "copyFile" | "findFile" | "getText">;
  readonly source: Pick<FileSource, "read">;
  readonly scheduler: SchedulerCalls;
  /** Gives the SDK its whole allowance of retries back, so that no run takes from another's. */
  readonly refill: () => Promise<void>;
}

/** Of the SDK's standard retry strategy (`INITIAL_RETRY_TOKENS` of @smithy/core). */
const RETRY_TOKENS = 500;

type Deserialize = DeserializeHandler<ServiceInputTypes, ServiceOutputTypes>;

/**
 * The product's own SDK clients, each try of which passes the gate of the process that makes it, under the SDK's retries.
 * Processes share the clients, because making them costs more than all calls of a case; whose call it is, its async
 * context tells. What they thereby share is the SDK's allowance of retries. Calls to S3 pass above the retries, since the
 * payload store makes its client itself, and so do those to the scheduler.
 */
export function gatedClients(bucket: string, transport: InProcessTransport, scheduler: SchedulerCalls): GatedClients {
  const dynamoDb = dynamoDbDocumentClient();
  const sqs = sqsClient();
  const sns = snsClient();
  for (const client of [dynamoDb, sqs, sns]) {
    transport.carry("", client);
    gate(client);
  }
  const payloads = new PayloadStore(bucket);
  const source = new FileSource(bucket);
  return {
    dynamoDb,
    sqs,
    sns,
    refill: async () => {
      for (const { config } of [dynamoDb, sqs, sns]) Object.assign(await config.retryStrategy(), { capacity: RETRY_TOKENS });
    },
    source: {
      read: async (file, part, signal) => await passed("GetObject", { Key: file.key }, () => source.read(file, part, signal)),
    },
    scheduler: {
      create: async (schedule) => await passed("CreateSchedule", { ...schedule }, () => scheduler.create(schedule)),
      update: async (schedule) => await passed("UpdateSchedule", { ...schedule }, () => scheduler.update(schedule)),
      delete: async (name) => await passed("DeleteSchedule", { name }, () => scheduler.delete(name)),
    },
    payloads: {
      put: async (key, content, contentType) =>
        await passed("PutObject", { Key: key }, () => payloads.put(key, content, contentType)),
      copy: async (location, key) => await passed("CopyObject", { Key: key }, () => payloads.copy(location, key)),
      findFile: async (key) => await passed("HeadObject", { Key: key }, () => payloads.findFile(key)),
      copyFile: async (file, key) => await passed("CopyObject", { Key: key }, () => payloads.copyFile(file, key)),
      getText: async (location) => await passed("GetObject", { Key: location.key }, () => payloads.getText(location)),
    },
  };
}

type GatedClient = DynamoDBDocumentClient | SQSClient | SNSClient;

function stackOf(client: GatedClient): SQSClient["middlewareStack"] {
  return client.middlewareStack as unknown as SQSClient["middlewareStack"];
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

/** Makes a call that no client of these makes, under the gate of the process that makes it. */
export async function passed<Result>(operation: string, input: CallOutput, call: () => Promise<Result>): Promise<Result> {
  const process = currentProcess();
  if (process === undefined) return await call();
  const output = await process.gate.pass(process, operation, input, async () => ({ result: await outsideOfProcesses(call) }));
  return output.result as Result;
}
