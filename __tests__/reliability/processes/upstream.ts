import { Agent, type IncomingHttpHeaders, request } from "node:http";
import type { EmulatorAddresses } from "./emulators-on-disk.ts";

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

export function withoutHopHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name)));
}

/** The emulators behind the proxy. */
export class Upstream {
  addresses: EmulatorAddresses;
  readonly #agent = new Agent({ keepAlive: true });
  #underWay = 0;
  #idle = Promise.withResolvers<void>();

  constructor(addresses: EmulatorAddresses) {
    this.addresses = addresses;
  }

  /** Makes a request and reads its whole answer. @throws the socket's error. */
  async call({ method, url, headers, body }: WholeRequest, service: string): Promise<WholeAnswer> {
    const { messaging, database } = this.addresses;
    const { hostname, port } = new URL(service === "dynamodb" ? database : messaging);
    this.#underWay += 1;
    try {
      return await new Promise<WholeAnswer>((resolve, reject) => {
        const outgoing = request({
          agent: this.#agent,
          hostname,
          port,
          method,
          path: url,
          headers: { ...withoutHopHeaders(headers), "content-length": body.length },
        });
        outgoing.once("error", reject);
        outgoing.once("response", (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.once("error", reject);
          incoming.once("end", () =>
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
          );
        });
        outgoing.end(body);
      });
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#idle.resolve();
    }
  }

  /** Settles when no request is under way. */
  async idle(): Promise<void> {
    while (this.#underWay > 0) {
      this.#idle = Promise.withResolvers();
      await this.#idle.promise;
    }
  }

  close(): void {
    this.#agent.destroy();
  }
}
