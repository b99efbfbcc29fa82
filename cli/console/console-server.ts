import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ConsoleAnswer, type ConsoleRequest, problemAnswer } from "./console-request.ts";
import { type ConsoleSettings, consoleHandler } from "./handle-request.ts";
import { readPageFiles } from "./page-files.ts";
import { newSecret } from "./secret.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

export interface ConsoleServerSettings extends Omit<ConsoleSettings, "files"> {
  /** Folder of the built page. */
  readonly page: string;
  /** @default 0: any free one */
  readonly port?: number;
}

export interface ConsoleServer {
  /** What opens the page: with the token, which is new at every start. */
  readonly address: string;
  readonly token: string;
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Serves the console to this machine only.
 *
 * @throws Error with the code EADDRINUSE where the port is taken, ENOENT where the page was not built.
 */
export async function startConsole({ page, port = 0, ...settings }: ConsoleServerSettings): Promise<ConsoleServer> {
  const files = await readPageFiles(page);
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const guard = { token: newSecret(), pageKey: newSecret(), port: (server.address() as AddressInfo).port };
  const handle = consoleHandler({ ...settings, files }, guard);
  server.on("request", (incoming, response) => {
    handle(requestOf(incoming))
      .catch(() => ({ ...problemAnswer(500, "ConsoleFailed", "The console's server has a fault."), headers: SECURITY_HEADERS }))
      .then((answer) => send(response, answer))
      .catch(() => response.destroy());
  });
  return {
    address: `http://127.0.0.1:${guard.port}/?token=${guard.token}`,
    token: guard.token,
    port: guard.port,
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function requestOf(incoming: IncomingMessage): ConsoleRequest {
  return {
    method: incoming.method ?? "",
    target: incoming.url ?? "",
    headers: incoming.headers,
    body: async (maxBytes) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of incoming as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > maxBytes) return undefined;
        chunks.push(chunk);
      }
      return Buffer.concat(chunks).toString("utf8");
    },
  };
}

function send(response: ServerResponse, { status, headers, body }: ConsoleAnswer): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}
