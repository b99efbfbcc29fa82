import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { type Invoke, startGateway } from "../../../local/aws/gateway.ts";
import { EventTooLargeError, FunctionError } from "../../../local/aws/lambdas.ts";
import type { ListeningServer } from "../../../local/aws/listening.ts";

const started: ListeningServer[] = [];

async function gateway(invoke: Invoke): Promise<string> {
  const server = await startGateway(invoke, 0);
  started.push(server);
  return server.address;
}

const echo: Invoke = async (name, event) => ({ statusCode: 200, body: JSON.stringify({ name, event }) });

/** Of a request with headers that `fetch` would set itself. */
async function statusOf(address: string, headers: Record<string, string>): Promise<number | undefined> {
  const sent = request(`${address}/job-types/canary/pause`, { method: "POST", headers }).end();
  const [{ statusCode }] = (await once(sent, "response")) as [IncomingMessage];
  return statusCode;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

describe("the gateway", () => {
  it("invokes the Lambda of the route with an event of the request", async () => {
    const address = await gateway(echo);
    const response = await fetch(`${address}/jobs/01J/cancel?why=test`, {
      method: "POST",
      headers: { "content-type": "application/json", "X-Local-Principal": "ann" },
      body: '{"a":1}',
    });
    expect(await response.json()).toMatchObject({
      name: "cancel-job",
      event: {
        routeKey: "POST /jobs/{id}/cancel",
        rawPath: "/jobs/01J/cancel",
        pathParameters: { id: "01J" },
        queryStringParameters: { why: "test" },
        requestContext: { authorizer: { iam: { userArn: "ann" } } },
        body: '{"a":1}',
      },
    });
  });

  it.each<Record<string, string>>([
    { origin: "https://example.com" },
    { origin: "http://localhost.example.com" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
    { host: "rebound.example.com" },
    { host: "rebound.example.com:3000", "sec-fetch-site": "same-origin" },
    { host: "localhost.example.com:3000" },
    { host: "127.0.0.1@example.com" },
  ])("refuses what a page of the web sends: %j", async (headers) => {
    expect(await statusOf(await gateway(echo), headers)).toBe(403);
  });

  it.each<Record<string, string>>([
    {},
    { origin: "http://localhost:5173", "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "none" },
    { host: "localhost:3000" },
    { host: "[::1]:3000" },
    { host: "0.0.0.0:3000" },
    { host: "192.168.1.7" },
  ])("takes what programs and pages of this machine send: %j", async (headers) => {
    expect(await statusOf(await gateway(echo), headers)).toBe(200);
  });

  it("passes status, headers and body of the answer on", async () => {
    const address = await gateway(async () => ({ statusCode: 202, headers: { Location: "/jobs/1" }, body: "ok" }));
    const response = await fetch(`${address}/jobs`, { method: "POST" });
    expect([response.status, response.headers.get("location"), await response.text()]).toEqual([202, "/jobs/1", "ok"]);
  });

  it.each([
    ["GET", "/other"],
    ["GET", "/"],
    ["GET", "/jobs/"],
    ["GET", "//jobs"],
    ["GET", "/JOBS"],
    ["GET", "/jobs%2F01J"],
    ["GET", "/jobs/01J/"],
    ["POST", "/jobs/01J/cancel/"],
    ["POST", "/other/%ff"],
    ["PUT", "/jobs"],
    ["DELETE", "/jobs/01J"],
    ["OPTIONS", "/jobs"],
  ])("sends %s %s, which has no route, to the Lambda of the default route", async (method, path) => {
    const response = await fetch(`${await gateway(echo)}${path}?a=b`, { method });
    const { name, event } = (await response.json()) as { name: string; event: Record<string, unknown> };
    expect({ name, event }).toMatchObject({
      name: "query-job",
      event: {
        routeKey: "$default",
        rawPath: path,
        queryStringParameters: { a: "b" },
        requestContext: { routeKey: "$default", http: { method, path } },
      },
    });
    expect(event).not.toHaveProperty("pathParameters");
  });

  it("answers HEAD as any method without a route, and without a body", async () => {
    const invoked: unknown[] = [];
    const address = await gateway(async (_, event) => {
      invoked.push((event as { routeKey: string }).routeKey);
      return { statusCode: 404, body: "{}" };
    });
    const response = await fetch(`${address}/jobs`, { method: "HEAD" });
    expect([response.status, await response.text(), invoked]).toEqual([404, "", ["$default"]]);
  });

  it("answers 400 to a path that is no text", async () => {
    const response = await fetch(`${await gateway(echo)}/jobs/%ff`);
    expect([response.status, await response.json()]).toEqual([400, { message: "Bad Request" }]);
  });

  it("answers 413 to a body over 10 MB, and to an event that no Lambda takes", async () => {
    const address = await gateway(async (name) => {
      throw new EventTooLargeError(name, 7_000_000);
    });
    for (const bytes of [10 * 1_048_576 + 1, 1]) {
      const response = await fetch(`${address}/jobs`, { method: "POST", body: Buffer.alloc(bytes, "x") });
      expect([response.status, await response.json()]).toEqual([413, { message: "Request Entity Too Large" }]);
    }
  });

  it("answers 500 when the Lambda fails, and says no more", async () => {
    const address = await gateway(async (name) => {
      throw new FunctionError(name, "failed: secret");
    });
    const response = await fetch(`${address}/jobs`);
    expect([response.status, await response.json()]).toEqual([500, { message: "Internal Server Error" }]);
  });

  it("names the port that is in use", async () => {
    const port = new URL(await gateway(echo)).port;
    await expect(startGateway(echo, Number(port))).rejects.toThrow(`port ${port} is in use; choose another with PORT=<number>`);
  });
});
