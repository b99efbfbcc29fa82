import path from "node:path";
import { type BuildAppOptions, buildApp } from "fauxqs";
import { completeS3, emulatedS3Store } from "./emulated-s3.ts";
import { type EmulatedSqsStore, emulatedSqsStore } from "./emulated-sqs-store.ts";
import { keptStores } from "./kept-messaging.ts";
import { KeptObjects } from "./kept-objects.ts";
import { type RequestCounter, targetOperation } from "./request-counter.ts";

type App = ReturnType<typeof buildApp>;

/**
 * Starts fauxqs, which is SQS, SNS and S3 at one address.
 *
 * @param folder that keeps their state. @default it is in memory
 * @returns its address, such as `http://127.0.0.1:40123`.
 */
export async function startMessagingEmulator(counter: RequestCounter, folder?: string): Promise<string> {
  const stores = folder === undefined ? await storesInMemory() : await storesOnDisk(folder);
  const { sqsStore, s3Store } = stores;
  const app = buildApp({ logger: false, stores: stores as unknown as BuildAppOptions["stores"] & {} });
  countRequests(app, counter);
  refuseUndelivered(app);
  keepTimeForMetrics(app, sqsStore);
  returnAbandonedReceives(app, sqsStore);
  // Last, as it answers some calls itself.
  await completeS3(app, s3Store, folder === undefined ? undefined : new KeptObjects(path.join(folder, "objects")));
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  // Those that were kept have the address of another run.
  for (const queue of sqsStore.allQueues()) Object.assign(queue, { url: `${address}${new URL(queue.url).pathname}` });
  return address;
}

async function storesInMemory() {
  const [sqsStore, s3Store] = await Promise.all([emulatedSqsStore(), emulatedS3Store()]);
  return { sqsStore, s3Store };
}

async function storesOnDisk(folder: string) {
  const { db, ...stores } = await keptStores(folder);
  // What is written outlives this process at once, and a power cut but for the last moments.
  db.exec("PRAGMA journal_mode = WAL");
  db.exec("PRAGMA synchronous = NORMAL");
  return stores;
}

function countRequests(app: App, counter: RequestCounter): void {
  app.addHook("preHandler", async ({ headers, method, body }) => {
    const sqsOperation = targetOperation(headers);
    const snsOperation = (body as { readonly Action?: unknown } | undefined)?.Action;
    if (sqsOperation !== undefined) counter.count("sqs", sqsOperation, headers);
    else if (typeof snsOperation === "string") counter.count("sns", snsOperation, headers);
    else counter.count("s3", method, headers);
  });
}

/** fauxqs takes subscriptions of every protocol and delivers to queues: whoever has another must not wait for events that never come. */
function refuseUndelivered(app: App): void {
  app.addHook("preHandler", async ({ body }, reply) => {
    const { Action, Protocol = "sqs" } = (body ?? {}) as { readonly Action?: unknown; readonly Protocol?: unknown };
    if (Action !== "Subscribe" || Protocol === "sqs") return;
    const reason =
      "on one machine the platform's SNS delivers to SQS queues only, so this subscription would never get an event; " +
      "use the protocol sqs, and hand on from the queue (docs/events.md)";
    return reply
      .code(400)
      .type("text/xml")
      .send(snsError("InvalidParameter", `Invalid parameter: Protocol Reason: ${reason}`));
  });
}

/** An error as SNS answers it. @param message without characters that XML escapes. */
function snsError(code: string, message: string): string {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${error}</ErrorResponse>`;
}

/** fauxqs moves messages when they are received: without a worker, a delay would never end in a queue's metrics. */
function keepTimeForMetrics(app: App, store: EmulatedSqsStore): void {
  app.addHook("preHandler", async ({ headers, body }) => {
    if (targetOperation(headers) !== "GetQueueAttributes") return;
    store.getQueue((body as { readonly QueueUrl?: string }).QueueUrl ?? "")?.processTimers();
  });
}

/** fauxqs hands messages to receivers that hung up; SQS does not, or else each stopped worker would hide a job. */
function returnAbandonedReceives(app: App, store: EmulatedSqsStore): void {
  app.addHook("onSend", async ({ headers, body, raw }, _reply, payload) => {
    if (targetOperation(headers) !== "ReceiveMessage" || !raw.socket.destroyed || typeof payload !== "string") return;
    const queue = store.getQueue((body as { readonly QueueUrl?: string }).QueueUrl ?? "");
    const { Messages = [] } = JSON.parse(payload) as { readonly Messages?: readonly { readonly ReceiptHandle: string }[] };
    for (const { ReceiptHandle } of Messages) queue?.changeVisibility(ReceiptHandle, 0);
  });
}
