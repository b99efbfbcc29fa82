import { Readable } from "node:stream";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { jobIdForKey } from "../../domain/job-id.ts";
import { payloadKeys } from "../../domain/payload.ts";
import { type Operation, ROUTES } from "../../domain/routes.ts";
import type { ApiResponse } from "../../handlers/http/event.ts";
import { samples } from "../../jobs/document/samples.ts";
import { s3Upload } from "../../worker/s3-upload.ts";
import { PART_BYTES } from "../../worker/upload-limits.ts";
import { apiEvent, type RequestParts } from "../handlers/api-event.ts";
import type { RecordedCall } from "./call-recorder.ts";
import { arnsOf } from "./deployed-arns.ts";
import type { Deployment } from "./deployment.ts";
import type { EmulatedDeployment } from "./emulated-deployment.ts";
import { runLater } from "./later-scenario.ts";
import { addUpOrders } from "./orders-scenario.ts";
import { API_GATEWAY, MAPPING, workerOf } from "./principals.ts";

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Answer = any;
export type CallApi = (operation: Operation, parts?: RequestParts) => Promise<Answer>;

const CANARY = workerOf("canary");
const DOCUMENT = workerOf("document");
/** Past the size that fits a job's item, so that it goes to S3. */
const LARGE_BYTES = 20_000;

/** Has every principal make every call that it makes: all that is done through the API, by workers, and to dead letters. */
export async function runScenarios(deployment: Deployment, emulated: EmulatedDeployment): Promise<void> {
  const { recorder, send, startWorker } = emulated;
  const api = apiOf(deployment, emulated);
  const add = async (body: object, headers = {}): Promise<string> => (await api("addJob", { body, headers })).id;
  const canary = async (input: object, rest = {}) => await add({ type: "canary", input, ...rest });
  const published = (accessKey: string, id: string, status: string) =>
    recorder.until(
      `${accessKey} publishes ${id} as ${status}`,
      (call) => call.accessKey === accessKey && tells(call, id, status),
    );

  const keyed = { type: "canary", input: { op: "echo", value: 1 } };
  await add(keyed, { "idempotency-key": "once" });
  await add(keyed, { "idempotency-key": "once" });
  const data = await upload(api);
  const [largeInput, largeResult, digested, flaky, resumed, sleeping, delayed, doomed, report] = await Promise.all([
    canary({ op: "echo", value: "x".repeat(LARGE_BYTES) }),
    canary({ op: "result", bytes: LARGE_BYTES }),
    canary({ op: "digest" }, { files: { data } }),
    canary({ op: "flaky", failures: 1 }),
    canary({ op: "checkpoints", steps: 2, failAt: 1 }),
    canary({ op: "sleep", seconds: 60 }),
    canary({ op: "echo", value: 2 }, { delaySeconds: 600 }),
    canary({ op: "echo", value: 3 }, { delaySeconds: 600 }),
    add({ type: "document", input: (await samples())[2]?.input }),
  ]);
  await send("canary", "queue", jobIdForKey("canary", "nobody", "added this job"));
  startWorker("canary");
  startWorker("document");

  const deadLettered = async (): Promise<void> => {
    await send("canary", "dead_letter_queue", doomed);
    await published("dead-letter", doomed, "FAILED");
  };
  const keptAliveThenCancelled = async (): Promise<void> => {
    await published(CANARY, sleeping, "RUNNING");
    await send("canary", "dead_letter_queue", sleeping);
    await recorder.until("a dead letter goes back to its queue", isCall("dead-letter", "SendMessageBatch"));
    await recorder.until("a lease is extended", extendsLease);
    await api("cancelJob", { id: sleeping });
    await published(CANARY, sleeping, "CANCELLED");
  };
  const finished = async (): Promise<void> => {
    await published(CANARY, flaky, "QUEUED");
    await published(CANARY, resumed, "SUCCEEDED");
    await published(CANARY, largeInput, "SUCCEEDED");
    await published(CANARY, largeResult, "SUCCEEDED");
    await published(CANARY, digested, "SUCCEEDED");
    await published(DOCUMENT, report, "SUCCEEDED");
    for (const id of [largeInput, largeResult, digested, report]) await followLinks(await api("getJob", { id }));
    for (const id of [largeInput, digested]) await published(CANARY, (await api("retryJob", { id })).id, "SUCCEEDED");
  };
  const storedInParts = async (): Promise<void> => {
    const { attributes } = deployment.resource("platform", "aws_s3_bucket", "results_bucket");
    const object = { bucket: String(attributes.bucket), key: `results/canary/${largeResult}/1/files/parts.bin` };
    const upload = s3Upload({ client: emulated.s3ClientOf(CANARY) });
    await upload(object, Readable.from(partAndMore()), "application/octet-stream", undefined);
    const cut = partAndMore({ isCut: true });
    await upload(object, Readable.from(cut), "application/octet-stream", undefined).catch(() => {});
  };
  const resumedFromBucket = async (): Promise<void> => {
    const { attributes } = deployment.resource("platform", "aws_s3_bucket", "results_bucket");
    const object = { Bucket: String(attributes.bucket), Key: payloadKeys.checkpoint("canary", resumed, "1") };
    const client = emulated.s3ClientOf(CANARY);
    await client.send(new PutObjectCommand({ ...object, Body: "1" }));
    await client.send(new GetObjectCommand(object));
  };
  const batched = async (): Promise<void> => {
    const items = [1, 2].map((value) => ({ input: { op: "echo", value } }));
    const onComplete = { type: "canary", input: { op: "echo", value: "x".repeat(LARGE_BYTES) } };
    const asked = { body: { type: "canary", items, onComplete }, headers: { "idempotency-key": "batch" } };
    const { id } = await api("addBatch", asked);
    await published(CANARY, id, "COMPLETE");
    await recorder.until("a batch is told what followed it", isCall("on-complete", "UpdateItem"));
    await api("getBatch", { id });
    await api("listBatchJobs", { id });
    const sleeping = [1, 2].map(() => ({ input: { op: "sleep", seconds: 60 } }));
    const stopped = { body: { type: "canary", items: sleeping }, headers: { "idempotency-key": "stopped" } };
    await api("addBatch", stopped);
    const { id: open } = await api("addBatch", stopped);
    await api("cancelBatch", { id: open });
    await recorder.until(`somebody publishes ${open} as COMPLETE`, (call) => tells(call, open, "COMPLETE"));
  };
  const read = async (): Promise<void> => {
    await api("cancelJob", { id: delayed });
    await api("listJobs", { query: { type: "canary" } });
    await api("listJobs");
    await api("listJobTypes");
    await api("describeApi");
  };
  await Promise.all([
    ...[deadLettered(), keptAliveThenCancelled(), finished(), storedInParts(), resumedFromBucket(), read(), batched()],
    runLater(deployment, emulated, { api, published }),
    addUpOrders(deployment, emulated, { add, published }),
  ]);
  for (const [accessKey, operation] of LAST_CALLS) {
    await recorder.until(`${accessKey} calls ${operation}`, isCall(accessKey, operation));
  }
}

/** More than an upload takes in one call. */
async function* partAndMore({ isCut = false } = {}): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(PART_BYTES + 1);
  if (isCut) throw new Error("the content ends early");
}

/** Calls that follow upon what the scenarios wait for. */
const LAST_CALLS = [
  [CANARY, "AbortMultipartUpload"],
  [CANARY, "GetItem"],
  [CANARY, "BatchGetItem"],
  [CANARY, "DeleteMessageBatch"],
  [CANARY, "ChangeMessageVisibilityBatch"],
  [DOCUMENT, "DeleteMessageBatch"],
  [MAPPING, "DeleteMessageBatch"],
] as const;

const isCall = (accessKey: string, operation: string) => (call: RecordedCall) =>
  call.accessKey === accessKey && call.operation === operation;

function apiOf(deployment: Deployment, { recorder, invoke }: EmulatedDeployment): CallApi {
  const { api, lambda: functionArn } = arnsOf(deployment);
  return async (operation, parts) => {
    const { lambda, method } = ROUTES[operation];
    const event = apiEvent(operation, parts);
    const input = { functionArn: functionArn(lambda), sourceArn: `${api}/$default/${method}${event.rawPath}` };
    recorder.record({ accessKey: API_GATEWAY, service: "lambda", operation: "Invoke", input });
    const { statusCode, body } = (await invoke(lambda, event)) as ApiResponse;
    if (statusCode >= 400) throw new Error(`${operation} answered ${statusCode}: ${body}`);
    return JSON.parse(body);
  };
}

function tells({ operation, input }: RecordedCall, id: string, status: string): boolean {
  if (operation !== "PublishBatch") return false;
  return Object.entries(input).some(
    ([name, value]) => name.endsWith(".Message") && String(value).includes(`"${id}"`) && String(value).includes(`"${status}"`),
  );
}

function extendsLease({ accessKey, operation, input }: RecordedCall): boolean {
  const { ExpressionAttributeNames: names } = input as { readonly ExpressionAttributeNames?: Readonly<Record<string, string>> };
  return accessKey === CANARY && operation === "UpdateItem" && names?.["#attribute"] === "leaseExpiresAt";
}

/** Uploads a file for a canary job, as a caller of the API does. @returns what the job names. */
export async function upload(api: CallApi): Promise<string> {
  const content = "a,b\n1,2\n";
  const body = { type: "canary", name: "data", bytes: content.length, contentType: "text/csv" };
  const { upload: id, url, headers } = await api("createUpload", { body });
  const { status } = await fetch(url, { method: "PUT", headers, body: content });
  if (status !== 200) throw new Error(`${url} answered ${status}`);
  return id;
}

/** Downloads whatever a job links to, as a caller of the API does. */
export async function followLinks({ inputUrl, resultUrl, result, files }: Answer): Promise<void> {
  const links: string[] = [inputUrl, resultUrl, result?.pdf?.url, files?.data.url].filter((link) => link !== undefined);
  if (links.length === 0) throw new Error("the job links to nothing");
  for (const link of links) {
    const { status } = await fetch(link);
    if (status !== 200) throw new Error(`${link} answered ${status}`);
  }
}
