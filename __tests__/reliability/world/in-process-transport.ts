import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { ServiceInputTypes, ServiceOutputTypes, SQSClient } from "@aws-sdk/client-sqs";
import { getSchemaSerdePlugin } from "@smithy/core/schema";
import type { HttpHandlerOptions, HttpRequest, HttpResponse, Pluggable, RequestHandler } from "@smithy/types";
import type { AwsCallListener } from "../history/aws-call.ts";
import { wireCall } from "../history/wire-call.ts";
import { InProcessRequest } from "./in-process-request.ts";
import { InProcessResponse } from "./in-process-response.ts";

/** Node tells of every request that a server of this process receives. */
const CHANNEL = "http.server.request.start";

interface CarriedClient {
  readonly config: object;
  readonly middlewareStack: unknown;
}

const UNSIGNED = {
  authorization: "AWS4-HMAC-SHA256 Credential=local/20261101/us-east-1/local/aws4_request, SignedHeaders=host, Signature=none",
  "x-amz-date": "20261101T000000Z",
};

type Handler = RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions>;

/**
 * Hands the SDK's requests to HTTP servers of this process, without sockets: half of what a call to an emulator costs is the
 * way there and back. It knows the servers that have received a request since it began to listen.
 */
export class InProcessTransport implements Handler {
  readonly #servers = new Map<number, Server>();
  /** Hears of each call that was answered, before its caller does. */
  heard: AwsCallListener = () => {};
  readonly #meet = (message: unknown): void => {
    const { server, socket } = message as { server: Server; socket: { localPort: number } };
    this.#servers.set(socket.localPort, server);
  };

  constructor() {
    subscribe(CHANNEL, this.#meet);
  }

  /** Learns of no more servers. */
  stopListening(): void {
    unsubscribe(CHANNEL, this.#meet);
  }

  /** Has clients of a process, by this name, make their calls here from now on. */
  carry(by: string, ...clients: readonly CarriedClient[]): void {
    const handle: Handler["handle"] = (request, options) => this.handle(request, options, by);
    for (const client of clients) {
      copySettings(client, { handle });
      leaveUnsigned(client);
    }
  }

  /** @throws Error named "AbortError" where the SDK's caller has given up, as the SDK's own handler does. */
  async handle(
    request: HttpRequest,
    { abortSignal }: HttpHandlerOptions = {},
    by = "",
  ): Promise<{ readonly response: HttpResponse }> {
    if (abortSignal?.aborted) throw Object.assign(new Error("Request aborted"), { name: "AbortError" });
    const server = this.#servers.get(request.port ?? 0);
    if (server === undefined) throw new Error(`no server of this process listens on port ${request.port}`);
    const { promise, resolve } = Promise.withResolvers<HttpResponse>();
    // A server dates its answers, by the clock by which the emulators date messages.
    const response = new InProcessResponse((statusCode, headers, body) =>
      resolve({ statusCode, headers: { ...headers, date: new Date(Date.now()).toUTCString() }, body }),
    );
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
    const sent = bytesOf(request.body);
    const { method, path: url } = request;
    const incoming = new InProcessRequest({ method, url, headers, body: sent });
    server.emit("request", incoming as unknown as IncomingMessage, response as unknown as ServerResponse);
    const answered = await promise;
    const answer = { status: answered.statusCode, body: Buffer.from(answered.body).toString(), date: answered.headers.date };
    const call = wireCall({ by, method, url, headers, requestBody: sent.toString(), answer });
    if (call !== undefined) this.heard(call);
    return { response: answered };
  }
}

/**
 * Gives a client another way to make its requests, in a copy of its settings. Each call spreads them three times, which takes 15 µs each
 * of what the SDK has made property by property, as V8 keeps that as a dictionary; of a copy it takes 1 µs.
 */
function copySettings(client: CarriedClient, requestHandler: Handler): void {
  const config = { ...client.config, requestHandler };
  Object.assign(client, { config });
  stackOf(client).use(
    getSchemaSerdePlugin(config as Parameters<typeof getSchemaSerdePlugin>[0]) as Pluggable<
      ServiceInputTypes,
      ServiceOutputTypes
    >,
  );
}

function stackOf({ middlewareStack }: CarriedClient): SQSClient["middlewareStack"] {
  return middlewareStack as SQSClient["middlewareStack"];
}

/** Middleware that does nothing to a call to an emulator but take its time, and the signer. */
const WITHOUT_EFFECT_HERE = [
  "httpAuthSchemeMiddleware",
  "httpSigningMiddleware",
  "contentLengthMiddleware",
  "loggerMiddleware",
  "getUserAgentMiddleware",
  "recursionDetectionMiddleware",
];

/**
 * Emulators check no signature, but want to see one. The SDK's signer would also compare the answers' dates, which are real,
 * with the world's clock, and try calls again whose failure it takes for one of clock skew.
 */
function leaveUnsigned(client: CarriedClient): void {
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

function bytesOf(body: unknown): Buffer {
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return Buffer.from((body ?? "") as string);
}
