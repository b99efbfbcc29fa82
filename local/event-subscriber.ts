import type { Job } from "@autoscaling-job-queues/domain/job";
import { type ConsumedQueue, consumeQueue } from "./aws/queue-consumer.ts";

/** A version of a job, as the events topic published it. SNS may deliver one twice, and versions out of order. */
export type JobEvent = Omit<Job, "progress">;

export interface EventSubscriber {
  /** @returns a function that ends it. */
  onEvent(listener: (event: JobEvent) => void): () => void;
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
  const loop = consumeQueue(queue, {
    handle: async (messages) => {
      for (const { Body = "" } of messages) {
        const event = JSON.parse(Body) as JobEvent;
        for (const listener of listeners) listener(event);
      }
      return messages;
    },
    onError: (error) => report(`events could not be received: ${error.message}`),
  });
  return {
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => loop.stop(),
  };
}
