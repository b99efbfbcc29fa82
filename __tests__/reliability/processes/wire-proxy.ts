import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { OverLimits } from "../../support/aws-limits/over-limits.ts";
import { readSchedulerCall } from "../../support/aws-limits/scheduler-call.ts";
import { answerWith, type WholeAnswer, type WholeRequest, wholeRequest } from "../../support/forward-request.ts";
import type { AwsCallListener } from "../history/aws-call.ts";
import { wireCall } from "../history/wire-call.ts";
import { type Disturb, type SeenCall, UNDISTURBED } from "./disturbance.ts";
import type { Upstream } from "./upstream.ts";

/** A call that was left without an answer, and when its caller hung up. */
export interface UnansweredCall extends SeenCall {
  readonly milliseconds: number;
}

export interface WireProxySettings {
  readonly upstream: Upstream;
  /** Told of every call that the emulators answered, before its caller hears of it, if it does: so causes come before effects. */
  readonly onCall: AwsCallListener;
  readonly onUnanswered: (call: UnansweredCall) => void;
}

/**
 * Emulated long polls are made of shorter ones, in seconds: so that one whose caller was killed takes messages no longer than
 * this. Messages that it took all the same come back with their visibility timeout, as they do after SQS's answer was lost.
 */
const POLL_SLICE_SECONDS = 1;

interface Line {
  readonly server: Server;
  readonly underWay: ReadonlySet<Promise<void>>;
}

/** A network between processes and emulators: one port for each process, so that it is known who calls. */
export class WireProxy {
  /** Replaced while the run goes on. */
  disturb: Disturb = () => UNDISTURBED;
  /** Calls that passed, though AWS would refuse them. */
  readonly overLimits = new OverLimits();
  readonly #settings: WireProxySettings;
  readonly #lines = new Map<string, Line>();
  #down = false;

  constructor(settings: WireProxySettings) {
    this.#settings = settings;
  }

  /** Opens a port for a process. @returns its address, which serves all services. */
  async open(by: string): Promise<string> {
    const underWay = new Set<Promise<void>>();
    const server = createServer((incoming, response) => {
      const serving = this.#serve(by, incoming, response)
        .catch(() => void response.destroy())
        .finally(() => underWay.delete(serving));
      underWay.add(serving);
    });
    server.keepAliveTimeout = 60_000;
    server.on("connection", (socket: Socket) => {
      if (this.#down) socket.destroy();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    this.#lines.set(by, { server, underWay });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Closes the port of a process that is gone. Settles when none of its calls can take effect any more. */
  async close(by: string): Promise<void> {
    const line = this.#lines.get(by);
    this.#lines.delete(by);
    line?.server.close();
    line?.server.closeAllConnections();
    await Promise.all(line?.underWay ?? []);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#lines.keys()].map((by) => this.close(by)));
  }

  /** The services are gone for everybody: connections break, new ones are not served. Settles when nothing is under way. */
  async goDown(): Promise<void> {
    this.#down = true;
    await this.#settings.upstream.idle();
    for (const { server } of this.#lines.values()) server.closeAllConnections();
  }

  comeUp(): void {
    this.#down = false;
  }

  async #serve(by: string, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrivedAt = performance.now();
    const request = await wholeRequest(incoming);
    this.overLimits.note(request);
    const call: SeenCall = { by, ...describeCall(request) };
    const disturbance = this.disturb(call);
    const early = "when" in disturbance && disturbance.when === "before";
    if (disturbance.kind === "delay") await delay(disturbance.milliseconds);
    if (early) return this.#disturb(disturbance.kind, call, response, arrivedAt);
    if (this.#down || response.destroyed) return void response.destroy();
    const answer = await this.#forward(call, request, response);
    if ("when" in disturbance) return this.#disturb(disturbance.kind, call, response, arrivedAt);
    if (response.destroyed) return;
    answerWith(response, answer, request.method);
  }

  #disturb(kind: "stall" | "reset", call: SeenCall, response: ServerResponse, arrivedAt: number): void {
    if (kind === "reset") return void response.destroy();
    response.once("close", () => this.#settings.onUnanswered({ ...call, milliseconds: performance.now() - arrivedAt }));
  }

  async #forward(call: SeenCall, request: WholeRequest, response: ServerResponse): Promise<WholeAnswer> {
    const { upstream } = this.#settings;
    if (call.operation !== "ReceiveMessage") {
      const answer = await upstream.call(request, call.service);
      this.#tell(call, request, answer);
      return answer;
    }
    const asked = JSON.parse(request.body.toString()) as { readonly WaitTimeSeconds?: number };
    for (let left = asked.WaitTimeSeconds ?? 0; ; left -= POLL_SLICE_SECONDS) {
      const slice = { ...asked, WaitTimeSeconds: Math.min(left, POLL_SLICE_SECONDS) };
      const answer = await upstream.call({ ...request, body: Buffer.from(JSON.stringify(slice)) }, call.service);
      if (response.destroyed || this.#down) throw new Error("nobody waits for the answer any more");
      const isEmpty = answer.status === 200 && answer.body.length < EMPTY_RECEIVE_BYTES;
      if (isEmpty && left > POLL_SLICE_SECONDS) continue;
      this.#tell(call, request, answer);
      return answer;
    }
  }

  #tell({ by }: SeenCall, { method, url, headers, body }: WholeRequest, answer: WholeAnswer): void {
    const { status, headers: answered } = answer;
    const call = wireCall({
      by,
      method,
      url,
      headers,
      requestBody: body.toString(),
      answer: { status, body: answer.body.toString(), date: answered.date },
    });
    if (call !== undefined) this.#settings.onCall(call);
  }
}

/** `{}` or `{"Messages":[]}`: a message takes more. */
const EMPTY_RECEIVE_BYTES = 20;

/** Which call a request is, by its protocol: JSON with a target, a form with an action, or REST. */
export function describeCall(request: WholeRequest): Omit<SeenCall, "by"> {
  const { method, headers, body } = request;
  const schedule = readSchedulerCall(request);
  if (schedule !== undefined) return { service: "scheduler", operation: schedule.operation };
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    const operation = target.split(".").at(-1) ?? "";
    return { service: target.startsWith("DynamoDB_") ? "dynamodb" : "sqs", operation };
  }
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true) {
    return { service: "sns", operation: new URLSearchParams(body.toString()).get("Action") ?? "" };
  }
  return { service: "s3", operation: method };
}
