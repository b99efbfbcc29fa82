import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { AwsCallListener } from "./aws-call.ts";
import { type WireOutcome, wireCall } from "./wire-call.ts";

/** The part of the SDK's HTTP handler that is used here; it hands bodies out as streams. */
interface HttpHandler {
  handle(request: HttpRequest, options?: unknown): Promise<{ response: HttpAnswer }>;
}

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: Readable;
}

interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/**
 * Tells `listener` of every try of every call of a client from now on, before the SDK hears of its answer.
 *
 * It sits below all of the SDK's middleware, at the request handler that the client has now: a fault that is brought about
 * above it (by middleware, or by a request handler that is put around this one later) comes after the call was recorded,
 * and a call that such a fault prevents is not recorded at all.
 *
 * @param by the name of the process that the client belongs to.
 */
export function recordClientCalls(
  client: DynamoDBDocumentClient | SQSClient | SNSClient,
  by: string,
  listener: AwsCallListener,
): void {
  const handler = client.config.requestHandler as unknown as HttpHandler;
  const handle = handler.handle.bind(handler);
  handler.handle = async (request, options) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
    const { body: sent = "" } = request;
    const requestBody = typeof sent === "string" ? sent : new TextDecoder().decode(sent);
    const record = (outcome: WireOutcome): void => {
      const call = wireCall({ by, headers, requestBody, ...outcome });
      if (call !== undefined) listener(call);
    };
    try {
      const answered = await handle(request, options);
      const body = await text(answered.response.body);
      record({ answer: { status: answered.response.statusCode, body, date: answered.response.headers.date } });
      answered.response.body = Readable.from([Buffer.from(body)]);
      return answered;
    } catch (error) {
      record({ failure: (error as Error).name });
      throw error;
    }
  };
}
