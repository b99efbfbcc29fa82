import type { BatchLife } from "./batch-id.ts";
import type { PayloadLocation } from "./job.ts";

/**
 * What a batch asked to have added when it has completed. It is an item of the jobs table apart from the batch's, with a key that begins
 * with no type: workers may write the items of their own type, and the job that is added may be of any.
 */
export interface OnComplete {
  readonly id: string;
  /** Of the job. */
  readonly type: string;
  /** JSON text of an object, without its member `batch`. */
  readonly input?: string;
  readonly inputLocation?: PayloadLocation;
  readonly owner: string;
  readonly groupId: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Of the request that added the batch. */
  readonly traceparent?: string;
  /** Epoch seconds, TTL: as of the batch when it was added. */
  readonly expiresAt: number;
}

/** No job type's name has `#`. */
const PREFIX = "on-complete#";

export function onCompleteKey({ id, createdAt }: BatchLife): string {
  return `${onCompletePrefix(id)}#${createdAt}`;
}

/** What the keys of all that batches asked for begin with. @param of what the IDs of these batches begin with. @default any */
export function onCompletePrefix(of = ""): string {
  return `${PREFIX}${of}`;
}
