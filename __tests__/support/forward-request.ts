import {
  type Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as makeRequest,
  type ServerResponse,
} from "node:http";
import { buffer } from "node:stream/consumers";

/** A request as it came, read to its end. */
export interface WholeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface WholeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Headers of one connection, or that the body's new form makes wrong. */
const HOP_HEADERS = new Set(["connection", "keep-alive", "transfer-encoding", "expect", "content-length"]);

function withoutHopHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name)));
}

export async function wholeRequest(incoming: IncomingMessage): Promise<WholeRequest> {
  const { method = "", url = "/", headers } = incoming;
  return { method, url, headers, body: await buffer(incoming) };
}

/** Makes a request to a server, and reads its whole answer. @throws the socket's error, or the signal's. */
export async function forwardRequest(
  { method, url, headers, body }: WholeRequest,
  server: string,
  { agent, signal }: { readonly agent?: Agent; readonly signal?: AbortSignal } = {},
): Promise<WholeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const kept = { ...withoutHopHeaders(headers), "content-length": body.length };
  const settings = {
    method,
    headers: kept,
    ...(agent === undefined ? {} : { agent }),
    ...(signal === undefined ? {} : { signal }),
  };
  makeRequest(`${server}${url}`, settings).once("error", reject).once("response", resolve).end(body);
  const incoming = await promise;
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: await buffer(incoming) };
}

export function answerWith(response: ServerResponse, { status, headers, body }: WholeAnswer, method: string): void {
  const length = method === "HEAD" ? (headers["content-length"] ?? 0) : body.length;
  response.writeHead(status, { ...withoutHopHeaders(headers), "content-length": length });
  response.end(method === "HEAD" ? undefined : body);
}
