import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { PublishCommand } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, describe, expect, it } from "vitest";
import { callSettings, dynamoDbDocumentClient, snsClient, sqsClient } from "../../domain/clients.ts";

const DEADLINE_MS = 100;
/** Three tries and the SDK's pauses between them take a second; far from any default of minutes, on a loaded machine too. */
const LONGEST_MS = 60_000;

let server: Server | undefined;
const sockets = new Set<Socket>();

/** A server that takes connections and does as told with each, but never completes an answer. */
async function startServer(onRequest: (socket: Socket) => void): Promise<void> {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("data", () => onRequest(socket));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${port}`;
}

afterEach(() => {
  delete process.env.AWS_ENDPOINT_URL;
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server?.close();
});

const CALLS = {
  DynamoDB: () =>
    dynamoDbDocumentClient({ requestTimeoutMs: DEADLINE_MS }).send(new GetCommand({ TableName: "jobs", Key: { id: "1" } })),
  SQS: () =>
    sqsClient({ requestTimeoutMs: DEADLINE_MS }).send(
      new ReceiveMessageCommand({ QueueUrl: `${process.env.AWS_ENDPOINT_URL}/1/q` }),
    ),
  SNS: () =>
    snsClient({ requestTimeoutMs: DEADLINE_MS }).send(
      new PublishCommand({ TopicArn: "arn:aws:sns:us-east-1:000000000000:events", Message: "1" }),
    ),
};

describe.each(Object.entries(CALLS))("a call of %s", (_, call) => {
  it("settles when the server never answers", async () => {
    await startServer(() => {});
    const startedAt = performance.now();
    await expect(call()).rejects.toMatchObject({ name: "TimeoutError" });
    expect(performance.now() - startedAt).toBeLessThan(LONGEST_MS);
    expect(sockets.size).toBe(3);
  });

  it("settles when the answer stops midway", async () => {
    await startServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: 1000\r\n\r\n{"Item":');
    });
    const startedAt = performance.now();
    await expect(call()).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(LONGEST_MS);
  });
});

describe("the settings of calls", () => {
  it("give each try five seconds, unless told otherwise", () => {
    expect(callSettings()).toMatchObject({
      maxAttempts: 3,
      requestHandler: { requestTimeout: 5_000, throwOnRequestTimeout: true },
    });
  });
});
