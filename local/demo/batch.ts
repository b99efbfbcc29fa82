import type { Batch } from "@autoscaling-job-queues/domain/batch";
import type { ApiClient, LinkedJob } from "../api-client.ts";
import type { EventSubscriber } from "../event-subscriber.ts";
import type { DemoView } from "./view.ts";

/** The type of the demo's batch. */
export const BATCH_TYPE = "canary";
/** Jobs of the demo's batch: more than one worker of the type takes at a time. */
export const BATCH_JOBS = 12;
/** How often it is asked about where no event tells. */
const LOOK_MS = 200;

/** A batch that was added, and what became of it. */
export interface DemoBatch {
  readonly batch: Batch;
  /** The last event of it. */
  readonly event: Batch | undefined;
  /** What its `onComplete` added, once it has ended. */
  readonly followUp: LinkedJob | undefined;
}

/** Adds a batch twice under one key, and waits for all that follows: its jobs, its event, and the job of its `onComplete`. */
export async function runBatch(
  api: ApiClient,
  events: EventSubscriber | undefined,
  key: string,
  view: DemoView,
  deadline: AbortSignal,
): Promise<DemoBatch> {
  let event: Batch | undefined;
  const stop = events?.onBatch((told) => {
    if (told.id === id) event = told;
  });
  const items = Array.from({ length: BATCH_JOBS }, (_, number) => ({ input: { op: "echo", value: number } }));
  const asked = { type: BATCH_TYPE, items, onComplete: { type: BATCH_TYPE, input: { op: "echo", value: "all have ended" } } };
  const { id } = (await api.addBatch(asked, key)).body;
  const again = (await api.addBatch(asked, key)).body;
  view.note(`added a batch of ${again.total} jobs twice under its key: still one, ${id}`);
  let batch = await api.batch(id);
  while (!deadline.aborted && (batch.onCompleteJobId === undefined || (events !== undefined && event === undefined))) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    batch = await api.batch(id);
  }
  stop?.();
  const { onCompleteJobId } = batch;
  if (onCompleteJobId === undefined) return { batch, event, followUp: undefined };
  let followUp = await api.jobWhenEnded(onCompleteJobId);
  while (!deadline.aborted && followUp.finishedAt === undefined) followUp = await api.jobWhenEnded(onCompleteJobId);
  view.note(`the batch is ${batch.status}, and job ${onCompleteJobId} followed it`);
  return { batch, event, followUp };
}

/** What the batch came to, for people. */
export function batchLine({ batch: { id, status, total, succeeded, onCompleteJobId = "nothing" }, event }: DemoBatch): string {
  const told = event === undefined ? "" : ", as an event told";
  return `${id} batch: ${status}${told}, ${succeeded} of ${total} succeeded → ${onCompleteJobId}`;
}

/** What should have become of the batch, and did not. */
export function batchProblems({ batch, event, followUp }: DemoBatch): string[] {
  const counts = { total: BATCH_JOBS, succeeded: BATCH_JOBS, failed: 0, cancelled: 0 };
  const told = (followUp?.input as { readonly batch?: unknown } | undefined)?.batch;
  return [
    ...(batch.status === "COMPLETE" && batch.succeeded === BATCH_JOBS ? [] : [`batch ${batch.id} is ${JSON.stringify(batch)}`]),
    ...(event?.status === "COMPLETE" ? [] : [`no event came for the completion of batch ${batch.id}`]),
    ...(followUp?.status === "SUCCEEDED" ? [] : [`the job that follows batch ${batch.id} is ${followUp?.status ?? "missing"}`]),
    ...(JSON.stringify(told) === JSON.stringify({ id: batch.id, ...counts })
      ? []
      : [`that job was told ${JSON.stringify(told)}`]),
  ];
}
