import type { FileNameOf, InputOf, TypedJobType, TypeOrName } from "./job-type.ts";
import type { UploadProgress } from "./put-file.ts";

export interface CallOptions {
  /** Ends the call, whatever it waits for; it throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What a job is added with, beside its type and input. */
export interface AddOptions<Type extends TypedJobType = TypedJobType> extends CallOptions {
  /** Files by the names that the type declares: what `upload` gave for each. */
  readonly files?: { readonly [Name in FileNameOf<Type>]?: string };
  /** Seconds that the job is kept from the workers, up to a year. Not together with `runAt`. */
  readonly delaySeconds?: number;
  /** When the job is due, up to a year ahead: a Date, or a text with its distance from UTC, such as `2026-12-24T18:00:00+01:00`. */
  readonly runAt?: Date | string;
  /** The tenant, for fairness among those with many jobs and those with few. @default the owner */
  readonly groupId?: string;
  /** Labels of your own, by which jobs can be listed. */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Names this request, so that it adds one job however often it is made: today, and when your own process does its work again after a
   * crash. @default a random one, which only the tries of this call share
   */
  readonly idempotencyKey?: string;
  /** The place of the call in a trace (W3C Trace Context), which the job and its events then have. @default none */
  readonly traceparent?: string;
}

/** One job of a batch. */
export interface BatchItem<Type extends TypedJobType = TypedJobType>
  extends Pick<AddOptions<Type>, "files" | "groupId" | "tags"> {
  readonly input: InputOf<Type>;
}

/** What a batch is added with, beside its type and items. */
export interface AddBatchOptions extends CallOptions {
  /**
   * A job that is added when all jobs of the batch have ended, whatever their ends. Its input gets a member `batch`: the batch's `id`,
   * `total`, `succeeded`, `failed` and `cancelled`. Its type must take that, as those do that declare `followedBatch`.
   */
  readonly onComplete?: { readonly type: TypeOrName<TypedJobType>; readonly input: Readonly<Record<string, unknown>> };
  /** Labels of all its jobs; an item's own of the same name come first. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Names this request: made again under it, it goes on where it stopped. @default a random one, which only the tries of this call share */
  readonly idempotencyKey?: string;
  /** The place of the call in a trace (W3C Trace Context), which the jobs and their events then have. @default none */
  readonly traceparent?: string;
}

export interface RetryOptions extends CallOptions {
  /** The place of the call in a trace (W3C Trace Context). @default that of the job that is done again */
  readonly traceparent?: string;
}

export interface WaitAllOptions extends CallOptions {
  /** Requests at a time. @default 10 */
  readonly concurrency?: number;
}

export interface PauseOptions extends CallOptions {
  /** What the type is paused for, in one line of at most 500 characters: everybody who lists the job types reads it. */
  readonly reason?: string;
}

export interface UploadOptions extends CallOptions {
  /** Size of a stream, which does not tell it. */
  readonly bytes?: number;
  /** @default that of a Blob */
  readonly contentType?: string;
  readonly onProgress?: (progress: UploadProgress) => void;
}
