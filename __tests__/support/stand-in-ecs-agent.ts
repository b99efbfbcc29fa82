import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a worker asked of the agent. */
export interface ProtectionRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly body: { readonly ProtectionEnabled: boolean; readonly ExpiresInMinutes?: number };
}

export type AgentAnswer = (request: ProtectionRequest, response: ServerResponse) => void;

const TASK = "arn:aws:ecs:us-east-1:000000000000:task/jobs/0123456789abcdef";

/** Answers as the agent does when ECS grants what was asked for. */
export const granted: AgentAnswer = ({ body }, response) => {
  response.end(JSON.stringify({ protection: { ...body, TaskArn: TASK } }));
};

/** Answers as the agent does when the service has as many protected tasks as it wants. */
export const blocked: AgentAnswer = (_, response) => {
  response.statusCode = 400;
  response.end(JSON.stringify({ failure: { Arn: TASK, Reason: "DEPLOYMENT_BLOCKED", Detail: "a deployment is under way" } }));
};

/** The task scale-in protection endpoint of an ECS agent, on a free port of 127.0.0.1. */
export class StandInEcsAgent {
  readonly requests: ProtectionRequest[] = [];
  answer: AgentAnswer = granted;
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url: path } = request;
      const asked = { method, path, body: JSON.parse(Buffer.concat(chunks).toString()) };
      this.requests.push(asked);
      this.answer(asked, response);
    });
  });

  /** @returns what `$ECS_AGENT_URI` would be. */
  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/0123456789abcdef`;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
