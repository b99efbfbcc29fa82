import { once } from "node:events";
import { connect } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { DEFAULT_ROUTE, type Operation, ROUTES, routeKey } from "../../../domain/routes.ts";
import type { ApiEvent, ApiResponse } from "../../../handlers/http/event.ts";
import { type Invoke, startGateway } from "../../../local/aws/gateway.ts";
import { EventTooLargeError } from "../../../local/aws/lambdas.ts";
import { CONTEXT } from "../../handlers/api-under-test.ts";
import { type ApiWorld, count } from "./api-world.ts";
import { type CheckSettings, checkProperty } from "./check-property.ts";
import { pollutedPrototypes } from "./prototypes.ts";
import { type RawRequest, rawRequests } from "./raw-requests.ts";

/** A Lambda takes events of 6 MiB (Lambda quotas). */
const MAX_EVENT_BYTES = 6 * 1_048_576;
/** How long an answer may take, in milliseconds. */
const DEADLINE_MS = 60_000;

interface Invocation {
  readonly event: ApiEvent;
  readonly answer: ApiResponse;
}

/** Sends raw requests to the local gateway, before the same Lambdas, each over a connection of its own. */
export async function runRawRequests(world: ApiWorld, settings: CheckSettings): Promise<void> {
  const invocations: Invocation[] = [];
  const underWay = new Set<Promise<ApiResponse>>();
  const handler = world.api.handler({ access: "owner" });
  const invoke: Invoke = async (name, sent) => {
    const payload = JSON.stringify(sent);
    if (Buffer.byteLength(payload) > MAX_EVENT_BYTES) throw new EventTooLargeError(name, Buffer.byteLength(payload));
    const event = JSON.parse(payload) as ApiEvent;
    const answering = handler(event, CONTEXT);
    underWay.add(answering);
    const answer = await answering.finally(() => underWay.delete(answering));
    invocations.push({ event, answer });
    return JSON.parse(JSON.stringify(answer));
  };
  const gateway = await startGateway(invoke, 0);
  try {
    await checkProperty("raw", settings, rawRequests, async (request) => {
      invocations.length = 0;
      const answers = await exchange(gateway.port, request);
      // A client that has gone does not end what its request began.
      await nextTurn();
      await Promise.all(underWay);
      count(world.counts, "raw requests", `raw kind: ${request.kind}`);
      for (const status of answers.length === 0 ? ["closed"] : answers) count(world.counts, `raw status: ${status}`);
      const problems = wrongs(world, request, answers, invocations);
      return problems.length === 0 ? [] : [JSON.stringify(request.bytes.toString("latin1").slice(0, 600)), ...problems];
    });
    const alive = await fetch(`${gateway.address}/openapi.json`);
    if (alive.status !== 200) throw new Error(`the gateway answers ${alive.status} after all that`);
  } finally {
    await gateway.stop();
  }
}

/** Sends the bytes and reads to the end of the connection. @returns the statuses of the answers. */
async function exchange(port: number, { bytes, isIncomplete }: RawRequest): Promise<number[]> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const received: Buffer[] = [];
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const closed = once(socket, "close", { signal: deadline });
  // A gateway that refuses a request need not read it to its end.
  socket.on("error", () => undefined);
  socket.on("data", (data) => {
    received.push(data);
    // Answers that leave the connection open are complete once their length is here.
    if (isComplete(Buffer.concat(received))) socket.end();
  });
  socket.on("end", () => socket.destroy());
  socket.write(bytes, () => {
    if (isIncomplete === true) socket.end();
  });
  await closed.catch((error: unknown) => {
    socket.destroy();
    throw deadline.aborted ? new Error(`neither answered nor closed: ${JSON.stringify(bytes.toString("latin1"))}`) : error;
  });
  return statusesOf(Buffer.concat(received).toString("latin1"));
}

function isComplete(received: Buffer): boolean {
  const text = received.toString("latin1");
  const last = text.slice(text.lastIndexOf("HTTP/1.1 "));
  const end = last.indexOf("\r\n\r\n");
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(last.slice(0, Math.max(0, end))) ?? [];
  const isLast = /\r\nconnection: close/i.test(last.slice(0, Math.max(0, end)));
  return isLast && length !== undefined && last.length >= end + 4 + Number(length);
}

function statusesOf(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)).filter((status) => status !== 100);
}

function wrongs(world: ApiWorld, request: RawRequest, statuses: readonly number[], invocations: readonly Invocation[]): string[] {
  const { status, requests } = request;
  const operationOf = (key: string) => (Object.keys(ROUTES) as Operation[]).find((name) => routeKey(ROUTES[name]) === key);
  return [
    ...statuses.filter((answered) => answered >= 500).map((answered) => `the gateway answered ${answered}`),
    ...(status !== undefined && statuses[0] !== status ? [`the gateway answered ${statuses[0]}, not ${status}`] : []),
    ...(invocations.length > requests ? [`${invocations.length} requests were made of it`] : []),
    ...invocations.flatMap(({ event, answer }) => {
      if (event.routeKey === DEFAULT_ROUTE.routeKey) return world.checks.ofNoRoute(answer, JSON.stringify(event));
      const operation = operationOf(event.routeKey);
      if (operation === undefined) return [`there is no route ${event.routeKey}`];
      return world.checks.contradictions(operation, answer, JSON.stringify(event));
    }),
    ...pollutedPrototypes().map((name) => `${name} was changed`),
  ];
}
