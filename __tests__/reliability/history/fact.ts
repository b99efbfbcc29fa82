import type { Batch, StoredBatch } from "../../../domain/batch.ts";
import type { BatchLife } from "../../../domain/batch-id.ts";
import type { Checkpoint, Job, StoredJob } from "../../../domain/job.ts";

/** Of what a process did in an attempt. */
interface OfAttempt {
  readonly by: string;
  readonly jobId: string;
  readonly attempt: number;
}

/** Of what became of a message; `messageId` is SQS's. */
interface OfMessage {
  readonly queue: string;
  readonly messageId: string;
  readonly jobId: string;
}

/**
 * What happened, in the order in which it took effect: one fact after the other makes a history, whoever recorded it (the
 * model, a simulated world over the emulators, a proxy before real processes). The checker reads nothing else.
 */
export type Fact =
  /** The table took a version: a job's creation or a transition. Leases and progress make none. */
  | { readonly kind: "committed"; readonly by: string; readonly job: StoredJob }
  /** The table took an extension of a claim's lease, until `leaseExpiresAt` (epoch milliseconds). */
  | ({ readonly kind: "leaseExtended"; readonly leaseExpiresAt: number } & OfAttempt)
  /** The table took a checkpoint of a claim. */
  | ({ readonly kind: "checkpointTaken"; readonly checkpoint: Checkpoint } & OfAttempt)
  /** Nobody knows whether the table took a version: the write got no answer, not even where this was recorded. */
  | { readonly kind: "unanswered"; readonly by: string; readonly jobId: string }
  /** SNS took an event. */
  | { readonly kind: "published"; readonly by: string; readonly event: Job }
  /** The table took a batch, or ends of its jobs. */
  | { readonly kind: "batchCommitted"; readonly by: string; readonly batch: StoredBatch }
  /** The table took what is to be added when a batch has completed: a job of this type. */
  | { readonly kind: "followUpAsked"; readonly by: string; readonly batch: BatchLife; readonly type: string }
  /** SNS took the event of a batch. */
  | { readonly kind: "batchPublished"; readonly by: string; readonly event: Batch }
  /** A caller who asked for a batch got an answer, of the Lambda invocation `by`; `batch` is its body where that is one. */
  | {
      readonly kind: "batchAnswered";
      readonly by: string;
      readonly idempotencyKey: string;
      readonly status: number;
      readonly batch?: Batch;
    }
  /** A subscriber got an event. */
  | { readonly kind: "delivered"; readonly event: Job }
  /** SQS took a message. */
  | ({ readonly kind: "sent"; readonly by: string } & OfMessage)
  /** SQS gave a message, so many seconds after its sending by SQS's clock. */
  | ({ readonly kind: "received"; readonly by: string; readonly ageSeconds: number } & OfMessage)
  /** SQS took a delete: from now on the message may be gone. */
  | ({ readonly kind: "deleted"; readonly by: string } & OfMessage)
  /** SQS moved a message to the queue of dead letters. */
  | ({ readonly kind: "deadLettered" } & OfMessage)
  /** The scheduler took a schedule that will send the job's message. */
  | { readonly kind: "scheduled"; readonly by: string; readonly jobId: string }
  /** The schedule of a job is gone: it was deleted, or what it invoked has come to its end. */
  | { readonly kind: "unscheduled"; readonly by: string; readonly jobId: string }
  /** A schedule that a job type declares was due: a job is to be added. ISO 8601. */
  | { readonly kind: "due"; readonly type: string; readonly schedule: string; readonly scheduledTime: string }
  /**
   * A caller got an answer of the API; `job` is its body where that is a job. `asked` is how many facts had been recorded when
   * it asked; a client without it waits for each answer before it asks again.
   */
  | {
      readonly kind: "answered";
      readonly client: string;
      readonly asked?: number;
      readonly request: ApiRequest;
      readonly status: number;
      readonly job?: Job;
    }
  /** A worker of `type` with room for `concurrency` jobs began to poll `queue`. */
  | {
      readonly kind: "workerStarted";
      readonly by: string;
      readonly type: string;
      readonly queue: string;
      readonly concurrency: number;
    }
  /** A handler began to run, from a checkpoint if it got one. */
  | ({ readonly kind: "handlerStarted"; readonly resumedFrom?: CheckpointName } & OfAttempt)
  /** A handler began to store a checkpoint, or heard that this one, or a later one of its own, is stored. */
  | ({ readonly kind: "checkpointBegun" | "checkpointStored"; readonly number: number } & OfAttempt)
  /** A handler came to its end; `retryAfterSeconds` is the delay that it asked for before another attempt, if it did. */
  | ({ readonly kind: "handlerEnded"; readonly retryAfterSeconds?: number } & OfAttempt)
  /** The process heard that it is to shut down (SIGTERM), `at` this time by its own clock (epoch milliseconds). */
  | { readonly kind: "told"; readonly by: string; readonly at?: number }
  /** The process is gone: `how` tells whether it was killed, be it by its own crash, or shut down and came to its end. */
  | { readonly kind: "gone"; readonly by: string; readonly how: "killed" | "exited" }
  /** The table took a change of a type's control, made `at` this time by its writer's clock (ISO 8601). */
  | { readonly kind: "controlled"; readonly by: string; readonly type: string; readonly paused: boolean; readonly at: string }
  /** The desired count of a type's service was set, while its queue held so many messages. */
  | { readonly kind: "scaled"; readonly type: string; readonly desired: number; readonly messages: number };

/** The checkpoint that an attempt's handler stored as its first, second or later one. */
export interface CheckpointName {
  readonly attempt: number;
  /** From 1. */
  readonly number: number;
}

export type ApiRequest =
  | {
      readonly operation: "add";
      readonly owner: string;
      /** The job type that is asked for; empty where the request names none. */
      readonly type: string;
      /** One caller's, for one type. */
      readonly idempotencyKey?: string;
      /** Equal for requests that ask for the same. */
      readonly payload: string;
      readonly delaySeconds?: number;
    }
  | { readonly operation: "cancel" | "get" | "retry"; readonly jobId: string };

/** What is left when everything has settled. */
export interface FinalState {
  /** The table's items. */
  readonly jobs: readonly StoredJob[];
  /** Messages that are left, in the queues of jobs and of dead letters. */
  readonly messages: readonly { readonly queue: string; readonly jobId: string }[];
  /** Whether an object of the bucket can be read. */
  readonly hasObject: (key: string) => boolean;
}

/**
 * A recorded run. `settled` says that faults have stopped and the world was left to itself until nothing more happened, so
 * that liveness can be demanded.
 */
export interface History {
  readonly facts: readonly Fact[];
  readonly settled: boolean;
  readonly final?: FinalState;
}
