import { Readable } from "node:stream";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { jobIdForKey } from "../../domain/job-id.ts";
import { payloadKeys } from "../../domain/payload.ts";
import { samples } from "../../jobs/document/samples.ts";
import { s3Upload } from "../../worker/s3-upload.ts";
import { PART_BYTES } from "../../worker/upload-limits.ts";
import { apiOf, followLinks, upload } from "./api-calls.ts";
import type { RecordedCall } from "./call-recorder.ts";
import type { Deployment } from "./deployment.ts";
import type { EmulatedDeployment } from "./emulated-deployment.ts";
import { runLater } from "./later-scenario.ts";
import { addUpOrders } from "./orders-scenario.ts";
import { MAPPING, workerOf } from "./principals.ts";

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
  /** Alone, once nobody else adds jobs: who has woken the service would leave the Lambda that adds the job nothing to wake. */
  const followedBatch = async (): Promise<void> => {
    const items = [1, 2].map((value) => ({ input: { op: "echo", value } }));
    const onComplete = { type: "canary", input: { op: "echo", value: "x".repeat(LARGE_BYTES) } };
    const asked = { body: { type: "canary", items, onComplete }, headers: { "idempotency-key": "batch" } };
    const { id } = await api("addBatch", asked);
    await published(CANARY, id, "COMPLETE");
    const { name: TableName } = deployment.resource("platform", "aws_dynamodb_table", "jobs_table").attributes;
    await recorder.until(
      "a batch is told what followed it",
      (call) => isCall("on-complete", "UpdateItem")(call) && call.input.TableName === TableName,
    );
    await api("getBatch", { id });
    await api("listBatchJobs", { id });
  };
  const stoppedBatch = async (): Promise<void> => {
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
    await api("whyJob", { id: sleeping });
    await api("jobTypeStatus", { name: "canary", query: { hours: "1" } });
  };
  await Promise.all([
    ...[deadLettered(), keptAliveThenCancelled(), finished(), storedInParts(), resumedFromBucket(), read(), stoppedBatch()],
    runLater(deployment, emulated, { api, published }),
    addUpOrders(deployment, emulated, { add, published }),
  ]);
  await followedBatch();
  await api("pauseJobType", { name: "document" });
  await api("resumeJobType", { name: "document" });
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
  ["on-complete", "UpdateService"],
] as const;

const isCall = (accessKey: string, operation: string) => (call: RecordedCall) =>
  call.accessKey === accessKey && call.operation === operation;

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
