import type { Batch } from "@autoscaling-job-queues/domain/batch";
import type { Job } from "@autoscaling-job-queues/domain/job";
import { type ConsumedQueue, consumeQueue } from "./aws/queue-consumer.ts";

/** A version of a job, as the events topic published it. SNS may deliver one twice, and versions out of order. */
export type JobEvent = Omit<Job, "progress">;

export interface EventSubscriber {
  /** @returns a function that ends it. */
  onEvent(listener: (event: JobEvent) => void): () => void;
  /** The same for batches that have completed. */
  onBatch(listener: (batch: Batch) => void): () => void;
  stop(): Promise<void>;
}

/** A queue that is subscribed to the topic, with raw delivery. */
export interface EventSubscriberSettings extends ConsumedQueue {
  /** Told in one sentence when events could not be received. */
  readonly report: (line: string) => void;
}

/** A subscriber of the events topic, as a team that follows its jobs would have one. */
export function startEventSubscriber({ report, ...queue }: EventSubscriberSettings): EventSubscriber {
  const listeners = new Set<(event: JobEvent) => void>();
  const ofBatches = new Set<(batch: Batch) => void>();
  const loop = consumeQueue(queue, {
    handle: async (messages) => {
      for (const { Body = "", MessageAttributes } of messages) {
        if (MessageAttributes?.kind?.StringValue === "batch") tell(ofBatches, JSON.parse(Body) as Batch);
        else tell(listeners, JSON.parse(Body) as JobEvent);
      }
      return messages;
    },
    onError: (error) => report(`events could not be received: ${error.message}`),
  });
  return {
    onEvent: (listener) => listenTo(listeners, listener),
    onBatch: (listener) => listenTo(ofBatches, listener),
    stop: () => loop.stop(),
  };
}

function tell<Event>(listeners: ReadonlySet<(event: Event) => void>, event: Event): void {
  for (const listener of listeners) listener(event);
}

function listenTo<Event>(listeners: Set<(event: Event) => void>, listener: (event: Event) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
