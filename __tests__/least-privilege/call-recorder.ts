import { EventEmitter, once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type ListeningServer, listen } from "../../local/aws/listening.ts";
import { answerWith, forwardRequest, type WholeRequest, wholeRequest } from "../support/forward-request.ts";
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

const GET_OBJECT = "GetObject";
/** What a GetObject is besides, where S3 answers that there is no such object: it tells nobody who may not list the bucket. */
export const MISS_OBJECT = "GetMissingObject";

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
    const request = await wholeRequest(incoming);
    const { method, url, body } = request;
    const [, agentOf] = AGENT_PATH.exec(url) ?? [];
    if (agentOf !== undefined) {
      const asked = JSON.parse(body.toString());
      this.record({ accessKey: agentOf, service: "ecs", operation: "UpdateTaskProtection", input: asked });
      granted({ method, path: url, body: asked }, response);
      return;
    }
    const call = readCall(request);
    this.record(call);
    const copied = request.headers["x-amz-copy-source"];
    // To copy is to read the one object and to write the other ("CopyObject", permissions).
    if (typeof copied === "string") this.record({ ...call, operation: GET_OBJECT, input: objectAt(`/${copied}`) });
    if (call.accessKey === NOBODY) {
      response.writeHead(403).end();
      return;
    }
    // A caller that hangs up hangs up on the emulator too.
    const hungUp = new AbortController();
    response.once("close", () => hungUp.abort());
    const answer = await forwardRequest(request, this.#upstreams[call.service] ?? "", { signal: hungUp.signal }).catch(
      () => undefined,
    );
    if (answer === undefined) {
      response.destroy();
      return;
    }
    if (call.operation === GET_OBJECT && answer.status === 404) this.record({ ...call, operation: MISS_OBJECT });
    answerWith(response, answer, method);
  }
}

function readCall({ headers, method, url, body }: WholeRequest): RecordedCall {
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
    const IfNoneMatch = headers["if-none-match"];
    const condition = IfNoneMatch === undefined ? {} : { IfNoneMatch };
    return { accessKey, service, operation: s3Operation(method, searchParams), input: { ...objectAt(pathname), ...condition } };
  }
  if (service === "scheduler") {
    const name = { Name: pathname.split("/").at(-1), ...Object.fromEntries(searchParams) };
    const input = { ...name, ...(body.length === 0 ? {} : JSON.parse(body.toString())) };
    return { accessKey, service, operation: SCHEDULER_OPERATIONS[method] ?? "unknown", input };
  }
  const { Action: operation = "unknown", ...input } = Object.fromEntries(new URLSearchParams(body.toString()));
  return { accessKey, service, operation, input };
}

/** Of the calls about one schedule. */
const SCHEDULER_OPERATIONS: Readonly<Record<string, string>> = {
  POST: "CreateSchedule",
  PUT: "UpdateSchedule",
  DELETE: "DeleteSchedule",
};

/** The object at a path, `/<bucket>/<key>`. */
function objectAt(path: string) {
  const [, Bucket = "", ...key] = decodeURIComponent(path).split("/");
  return { Bucket, Key: key.join("/") };
}

/** The SDK names the operation, but where the method and the parameters of S3's API leave no choice. */
function s3Operation(method: string, parameters: URLSearchParams): string {
  if (method === "POST" && parameters.has("uploads")) return "CreateMultipartUpload";
  if (method === "POST" && parameters.has("uploadId")) return "CompleteMultipartUpload";
  if (method === "HEAD") return "HeadObject";
  return parameters.get("x-id") ?? "unknown";
}
