import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { isIP } from "node:net";
import { DEFAULT_ROUTE, type LambdaName, routeKey } from "@autoscaling-job-queues/domain/routes";
import { type HttpRequest, httpEvent, type MatchedRoute } from "./http-event.ts";
import { gatewayResult, type HttpResult, httpResult } from "./http-result.ts";
import { EventTooLargeError } from "./lambdas.ts";
import { type ListeningServer, listen } from "./listening.ts";
import { matchRoute } from "./route-match.ts";

/** HTTP APIs take bodies of up to 10 MB (API Gateway quotas). */
const MAX_BODY_BYTES = 10 * 1_048_576;

/** @throws EventTooLargeError, or any error when the Lambda fails. */
export type Invoke = (name: LambdaName, event: unknown) => Promise<unknown>;

/**
 * API Gateway for one machine: requests to the routes of the HTTP API become events of payload format 2.0.
 *
 * @param port 0 for any free one.
 * @throws JobQueueError "PortInUse"
 */
export async function startGateway(invoke: Invoke, port: number): Promise<ListeningServer> {
  return await listen((request, response) => {
    answer(request, invoke)
      .then((result) => send(response, result))
      .catch(() => response.destroy());
  }, port);
}

async function answer(incoming: IncomingMessage, invoke: Invoke): Promise<HttpResult> {
  try {
    const { method = "GET", url = "/" } = incoming;
    const { lambda, ...matched } = target(method, url.split("?", 1)[0] ?? "/");
    const body = await readBody(incoming);
    if (body === undefined) return gatewayResult(413, "Request Entity Too Large");
    if (!isToThisMachine(incoming.headers) || isOfAnotherSite(incoming.headers)) return gatewayResult(403, "Forbidden");
    return httpResult(await invoke(lambda, httpEvent(readRequest(incoming, body), matched, Date.now())));
  } catch (error) {
    if (error instanceof URIError) return gatewayResult(400, "Bad Request");
    if (error instanceof EventTooLargeError) return gatewayResult(413, "Request Entity Too Large");
    return gatewayResult(500, "Internal Server Error");
  }
}

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Whether a request was made for `localhost` or an address. A page of the web may have its own name lead to 127.0.0.1 (DNS rebinding): to its
 * browser, what it reads here is then of its own site. An address leads nowhere else.
 */
function isToThisMachine({ host = "localhost" }: IncomingHttpHeaders): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  return LOOPBACK.has(hostname) || isIP(hostname.replace(/^\[|\]$/g, "")) !== 0;
}

/**
 * Whether a browser sent it for a page of the web. The gateway asks nobody who he is, and a page needs no leave of it to send a request that it
 * may not read the answer of: the pause of a job type is one, without a body. Pages of this machine, such as a front end's while it is
 * developed, are the caller's own.
 */
function isOfAnotherSite({ origin, ...headers }: IncomingHttpHeaders): boolean {
  if (headers["sec-fetch-site"] === "cross-site" && origin === undefined) return true;
  return origin !== undefined && !(URL.canParse(origin) && LOOPBACK.has(new URL(origin).hostname));
}

/** The Lambda that a request goes to, and its route. @throws URIError for a path that is not percent-encoded text. */
function target(method: string, path: string): MatchedRoute & { readonly lambda: LambdaName } {
  const match = matchRoute(method, path);
  if (match === undefined) return { ...DEFAULT_ROUTE, pathParameters: {} };
  return { lambda: match.route.lambda, routeKey: routeKey(match.route), pathParameters: match.pathParameters };
}

/**
 * The body, or undefined when it is too large. Even then it is read to its end: a client that is still sending would
 * see a broken connection rather than the answer.
 */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks, bytes) : undefined;
}

function readRequest(incoming: IncomingMessage, body: Buffer): HttpRequest {
  return {
    method: incoming.method ?? "GET",
    url: incoming.url ?? "/",
    protocol: `HTTP/${incoming.httpVersion}`,
    sourceIp: incoming.socket.remoteAddress ?? "127.0.0.1",
    headers: new Map(Object.entries(incoming.headersDistinct).map(([name, values = []]) => [name, values])),
    body,
  };
}

function send(response: ServerResponse, { status, headers, body }: HttpResult): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(status, { "content-length": body.length });
  response.end(body);
}
