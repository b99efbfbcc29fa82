import { isTerminal, type StoredJob } from "../../../domain/job.ts";
import type { JobEvents } from "../../../domain/job-events.ts";
import type { JobStore } from "../../../domain/job-store.ts";
import { applyTransition } from "../../../domain/transition-apply.ts";
import type { Invariant } from "../checker/invariants.ts";
import type { Variant } from "./stage.ts";

/** A way in which the product could be broken, as far as its injected dependencies allow. */
export interface BrokenVariant {
  /** Such as "a worker that ...". */
  readonly name: string;
  readonly variant: Variant;
  /** A case that shows it. Its numbers are those of the variant's calls. */
  readonly caseName: string;
  readonly invariant: Invariant;
  /** Whether it breaks an invariant even where nothing crashes. */
  readonly alwaysBroken?: boolean;
}

/** A worker that deletes the message of a job that ended, and publishes the end after that. */
const deletesBeforeItPublishes: Variant = {
  worker: ({ queue, events }) => {
    const handles = new Map<string, string>();
    return {
      queue: {
        receive: async (...asked) => {
          const messages = await queue.receive(...asked);
          for (const { body, receiptHandle } of messages) handles.set(body, receiptHandle);
          return messages;
        },
        setVisibility: (receiptHandle, seconds) => queue.setVisibility(receiptHandle, seconds),
        delete: async () => {},
      },
      events: {
        publish: async (job) => {
          if (isTerminal(job)) await queue.delete(handles.get(job.id) ?? "");
          await events.publish(job);
        },
      },
    };
  },
};

/** An add-job Lambda that creates the item, and sends the message after that. */
const createsBeforeItSends: Variant = {
  api: ({ store, queue }) => {
    let send = async (): Promise<void> => {};
    return {
      queue: (queueUrl) => ({
        send: async (message) => {
          send = () => queue(queueUrl).send(message);
        },
      }),
      store: {
        get: (id) => store.get(id),
        transition: (...write) => store.transition(...write),
        create: async (job, now) => {
          const created = await store.create(job, now);
          await send();
          return created;
        },
      },
    };
  },
};

/** A worker that publishes what it is about to commit. */
const publishesBeforeItCommits: Variant = {
  worker: ({ store, events }) => ({
    store: {
      get: (id) => store.get(id),
      recordProgress: (...progress) => store.recordProgress(...progress),
      transition: async (replaced, name, values) => {
        const job = await store.get(replaced.id);
        const next = job === undefined ? undefined : applyTransition(job, replaced.version, name, values);
        if (next !== undefined) await events.publish(next);
        return await store.transition(replaced, name, values);
      },
    },
  }),
};

/** Publishes no state but those that this process committed itself. */
function publishesOnlyItsOwn(store: Pick<JobStore, "get" | "transition">, events: Pick<JobEvents, "publish">) {
  const own = new Set<string>();
  const version = ({ id, version }: StoredJob): string => `${id}/${version}`;
  return {
    store: {
      get: (id: string) => store.get(id),
      transition: async (...write: Parameters<JobStore["transition"]>) => {
        const outcome = await store.transition(...write);
        if (outcome.applied) own.add(version(outcome.job));
        return outcome;
      },
    },
    events: {
      publish: async (job: StoredJob) => {
        if (own.has(version(job))) await events.publish(job);
      },
    },
  };
}

const workerPublishesOnlyItsOwn: Variant = {
  worker: ({ store, events }) => {
    const broken = publishesOnlyItsOwn(store, events);
    return { ...broken, store: { ...broken.store, recordProgress: (...progress) => store.recordProgress(...progress) } };
  },
};

const deadLetterPublishesOnlyItsOwn: Variant = {
  deadLetter: ({ store, events }) => publishesOnlyItsOwn(store, events),
};

export const BROKEN_VARIANTS: readonly BrokenVariant[] = [
  {
    name: "a worker that deletes a message before it publishes the job's end",
    variant: deletesBeforeItPublishes,
    caseName: "success/worker#1:6:PublishBatch:before",
    invariant: 12,
    alwaysBroken: true,
  },
  {
    name: "a Lambda that creates a job before it sends its message",
    variant: createsBeforeItSends,
    caseName: "success/add#1:3:SendMessageBatch:before",
    invariant: 14,
    alwaysBroken: true,
  },
  {
    name: "a worker that publishes a state before it commits it",
    variant: publishesBeforeItCommits,
    caseName: "success/worker#1:4:UpdateItem:before",
    invariant: 17,
    alwaysBroken: true,
  },
  {
    name: "a worker that replaces a state which it has not published",
    variant: workerPublishesOnlyItsOwn,
    caseName: "retry-then-success/worker#1:5:PublishBatch:before",
    invariant: 16,
  },
  {
    name: "a dead-letter Lambda that does not publish again what one before it committed",
    variant: deadLetterPublishesOnlyItsOwn,
    caseName: "dead-letter/dead-letter#1:4:PublishBatch:before",
    invariant: 18,
    alwaysBroken: true,
  },
];
