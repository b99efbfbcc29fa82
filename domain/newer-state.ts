import type { Job } from "./job.ts";

/** What tells which of two states of one job ID is the newer. */
export type StateOrder = Pick<Job, "createdAt" | "version">;

/**
 * Whether a state of a job ID is newer than another one: it was created later or, of one creation, its version is higher. The
 * version alone does not tell. An idempotency key that is used again after its job has expired makes a job with the same ID that
 * begins at version 1.
 *
 * A subscriber that keeps the newest event of each ID ends with the stored state, in whatever order events come and however often.
 *
 * @example
 * ```ts
 * const known = newest.get(event.id);
 * if (known === undefined || isNewerState(event, known)) newest.set(event.id, event);
 * ```
 */
export function isNewerState(state: StateOrder, other: StateOrder): boolean {
  // ISO 8601 in UTC with milliseconds, all of one length: as text they stand in the order of time.
  return state.createdAt === other.createdAt ? state.version > other.version : state.createdAt > other.createdAt;
}
