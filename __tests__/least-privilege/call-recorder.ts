import { EventEmitter, once } from "node:events";
import { request as forwardRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { type ListeningServer, listen } from "../../local/aws/listening.ts";
import { granted } from "../support/stand-in-ecs-agent.ts";

/** A call as it went over the wire. */
export interface RecordedCall {
  /** Access key that signed it. */
  readonly accessKey: string;
  /** Service of the signature, such as "dynamodb". */
  readonly service: string;
  /** Such as "PutItem". */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const CREDENTIAL = /^(?<accessKey>[^/]+)\/\d{8}\/[^/]+\/(?<service>[^/]+)\/aws4_request$/;
const AGENT_PATH = /^\/agent\/([^/]+)\/task-protection\/v1\/state$/;

/** Whose access key it is when a request bears no signature. */
const NOBODY = "nobody";

/**
 * Stands before the emulators and writes down every call: who signed it, what it asks for. It sees what leaves a process, so
 * no thread, retry or presigned link escapes it. It is an ECS agent as well, whose calls nobody signs.
 */
export class CallRecorder {
  readonly calls: RecordedCall[] = [];
  readonly #recorded = new EventEmitter();
  readonly #upstreams: Readonly<Record<string, string>>;
  #server: ListeningServer | undefined;

  /** @param upstreams address of each service, by the name that signatures give it. */
  constructor(upstreams: Readonly<Record<string, string>>) {
    this.#upstreams = upstreams;
    this.#recorded.setMaxListeners(0);
  }

  /** Such as `http://127.0.0.1:40123`, for every service. */
  get address(): string {
    return this.#server?.address ?? "";
  }

  /** What `$ECS_AGENT_URI` would be in a task that has these credentials. */
  agentUri(accessKey: string): string {
    return `${this.address}/agent/${accessKey}`;
  }

  async start(): Promise<void> {
    this.#server = await listen((incoming, response) => {
      this.#answer(incoming, response).catch((error: Error) => response.writeHead(500).end(error.message));
    });
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  record(call: RecordedCall): void {
    this.calls.push(call);
    this.#recorded.emit("call");
  }

  /** Settles with the first call that fits, of those to come if none has; fails when there is none in time. */
  async until(what: string, fits: (call: RecordedCall) => boolean, timeoutMs = 45_000): Promise<RecordedCall> {
    const signal = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const found = this.calls.find(fits);
      if (found !== undefined) return found;
      await once(this.#recorded, "call", { signal }).catch(() => {
        throw new Error(`nobody made the call in time: ${what}`);
      });
    }
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const [, agentOf] = AGENT_PATH.exec(incoming.url ?? "") ?? [];
    if (agentOf !== undefined) {
      const asked = JSON.parse(body.toString());
      this.record({ accessKey: agentOf, service: "ecs", operation: "UpdateTaskProtection", input: asked });
      granted({ method: incoming.method, path: incoming.url, body: asked }, response);
      return;
    }
    const call = readCall(incoming, body);
    this.record(call);
    if (call.accessKey === NOBODY) response.writeHead(403).end();
    else forward(incoming, body, this.#upstreams[call.service], response);
  }
}

function readCall({ headers, method, url = "/" }: IncomingMessage, body: Buffer): RecordedCall {
  const { pathname, searchParams } = new URL(url, "http://recorder");
  const [, signedBy = searchParams.get("X-Amz-Credential") ?? ""] =
    /Credential=([^,\s]+)/.exec(headers.authorization ?? "") ?? [];
  const { accessKey, service } = CREDENTIAL.exec(signedBy)?.groups ?? {};
  if (accessKey === undefined || service === undefined) {
    return { accessKey: NOBODY, service: "unsigned", operation: `${method} ${url}`, input: {} };
  }
  const target = String(headers["x-amz-target"] ?? "")
    .split(".")
    .at(-1);
  if (target) return { accessKey, service, operation: target, input: JSON.parse(body.toString()) };
  if (service === "s3") {
    const [, Bucket = "", ...key] = decodeURIComponent(pathname).split("/");
    return { accessKey, service, operation: s3Operation(method, searchParams), input: { Bucket, Key: key.join("/") } };
  }
  const { Action: operation = "unknown", ...input } = Object.fromEntries(new URLSearchParams(body.toString()));
  return { accessKey, service, operation, input };
}

/** The SDK names the operation, but where the method and the parameters of S3's API leave no choice. */
function s3Operation(method: string | undefined, parameters: URLSearchParams): string {
  if (method === "POST" && parameters.has("uploads")) return "CreateMultipartUpload";
  if (method === "POST" && parameters.has("uploadId")) return "CompleteMultipartUpload";
  return parameters.get("x-id") ?? "unknown";
}

/** Hands the request on as it is; a caller that hangs up hangs up on the emulator too. */
function forward(incoming: IncomingMessage, body: Buffer, upstream: string | undefined, response: ServerResponse): void {
  const { method, url = "/", headers } = incoming;
  const { "transfer-encoding": _, ...kept } = headers;
  const onward = forwardRequest(
    `${upstream}${url}`,
    { method, headers: { ...kept, "content-length": body.length } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  onward.end(body);
}
