import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeEach } from "vitest";

/** A request, as it came. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Milliseconds on the process's own clock. */
  readonly at: number;
}

/** Answers a request, the n-th from 1. */
export type Answerer = (request: SeenRequest, response: ServerResponse, count: number) => void | Promise<void>;

export interface StandInApi {
  readonly url: string;
  /** Since the test began. */
  readonly seen: SeenRequest[];
  answer: Answerer;
}

/** An HTTP server in place of the API, for answers that the real one does not give on request. Each test says what it answers. */
export async function standInApi(): Promise<StandInApi> {
  const unanswered: Answerer = (_, response) => void response.writeHead(500).end();
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, response) => {
    receive(incoming)
      .then(async (request) => {
        seen.push(request);
        await api.answer(request, response, seen.length);
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const api: StandInApi = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, answer: unanswered };
  beforeEach(() => {
    seen.length = 0;
    api.answer = unanswered;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return api;
}

async function receive(incoming: IncomingMessage): Promise<SeenRequest> {
  const at = performance.now();
  const body = (await buffer(incoming)).toString();
  return { method: incoming.method ?? "", url: incoming.url ?? "", headers: incoming.headers, body, at };
}

/** Answers with JSON. */
export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** A job as the API answers it, as far as these tests look at it. */
export function answeredJob(id: string, status = "QUEUED", rest: object = {}): object {
  return { id, type: id.slice(0, id.indexOf("_")), status, ...rest };
}
