import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { AwsCallListener } from "./aws-call.ts";
import { wireCall } from "./wire-call.ts";

/** Headers that belong to one connection, or that `fetch` sets by itself. */
const OF_THE_CONNECTION = ["host", "connection", "content-length", "expect", "transfer-encoding", "keep-alive"];

/** A proxy before one endpoint of an emulator that tells `listener` of every call, before its caller hears of the answer. */
export async function recordedWire(
  endpoint: string,
  by: string,
  listener: AwsCallListener,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const server: Server = createServer(async (request, response) => {
    const requestBody = await text(request);
    const headers = forwarded(request);
    const upstream = await fetch(`${endpoint}${request.url}`, { method: String(request.method), headers, body: requestBody });
    const date = upstream.headers.get("date") ?? undefined;
    const answer = { status: upstream.status, body: await upstream.text(), date };
    const call = wireCall({ by, headers: request.headers, requestBody, answer });
    if (call !== undefined) listener(call);
    const headersBack = { "content-type": upstream.headers.get("content-type") ?? "", ...(date === undefined ? {} : { date }) };
    response.writeHead(answer.status, headersBack).end(answer.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function forwarded({ headers }: IncomingMessage): Headers {
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) if (!OF_THE_CONNECTION.includes(name)) sent.set(name, String(value));
  return sent;
}
