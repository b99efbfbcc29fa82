import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { sqsClient } from "../../../domain/clients.ts";
import type { Breach } from "./breach.ts";

const REQUEST_TIMEOUT_MS = 50;
/** Three tries, and the SDK's pauses between them. */
const DEADLINE_MS = 3_000;

/** Calls a server that takes connections and never answers. */
export async function callToStalledServer(): Promise<Breach[]> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const endpoint = `http://127.0.0.1:${port}`;
  process.env.AWS_ENDPOINT_URL = endpoint;
  const deadline = Promise.withResolvers<"open">();
  const timer = setTimeout(() => deadline.resolve("open"), DEADLINE_MS);
  const call = sqsClient({ requestTimeoutMs: REQUEST_TIMEOUT_MS })
    .send(new ReceiveMessageCommand({ QueueUrl: `${endpoint}/1/jobs` }))
    .then(
      () => "answered" as const,
      () => "failed" as const,
    );
  try {
    const end = await Promise.race([call, deadline.promise]);
    return end === "failed" ? [] : [{ broken: 23, message: `after ${DEADLINE_MS} ms the call is ${end}` }];
  } finally {
    clearTimeout(timer);
    delete process.env.AWS_ENDPOINT_URL;
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}
