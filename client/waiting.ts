import { hasEnded, type Job } from "./job.ts";
import { JobsApiError } from "./jobs-api-error.ts";
import { pause } from "./pause.ts";

/** The longest that one `GET /jobs/{id}` waits, in seconds (`docs/api.md`). */
export const MAX_WAIT_SECONDS = 25;

/** Requests that wait at a time: each keeps one execution of a Lambda busy. */
export const DEFAULT_CONCURRENCY = 10;

export interface WaitManySettings {
  /** Requests at a time. @default 10 */
  readonly concurrency: number;
  readonly signal: AbortSignal | undefined;
}

/** Reads a job once it has ended, or as it is after so many seconds. */
export type WaitFor = (id: string, waitSeconds: number, signal: AbortSignal) => Promise<Job>;

/**
 * How long each request may wait, in seconds. With more jobs than requests, those in turn must not hold up the others, of which some have
 * ended long since: each is asked after about every 25 s, or as often as the requests allow.
 */
export function waitSecondsFor(jobs: number, concurrency: number): number {
  return Math.max(1, Math.min(MAX_WAIT_SECONDS, Math.floor((MAX_WAIT_SECONDS * concurrency) / jobs)));
}

/** Jobs as they end, the first to end first, as far as can be told. Whoever leaves the loop early ends the requests under way. */
export async function* jobsAsTheyEnd(
  ids: Iterable<string>,
  waitFor: WaitFor,
  { concurrency, signal }: WaitManySettings,
): AsyncGenerator<Job, void, undefined> {
  if (!(Number.isInteger(concurrency) && concurrency > 0)) {
    throw new JobsApiError(`concurrency is ${concurrency}; allowed: a whole number from 1`, { code: "InvalidSetting" });
  }
  const waiting = [...new Set(ids)];
  const asked = new Map<string, Promise<Job>>();
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([left.signal, signal]);
  try {
    while (waiting.length + asked.size > 0) {
      const seconds = waitSecondsFor(waiting.length + asked.size, concurrency);
      for (const id of waiting.splice(0, concurrency - asked.size)) asked.set(id, waitFor(id, seconds, either));
      const job = await Promise.race(asked.values());
      asked.delete(job.id);
      if (hasEnded(job)) yield job;
      else waiting.push(job.id);
    }
  } finally {
    left.abort();
    await Promise.allSettled(asked.values());
  }
}

/** How long to wait where a batch is open and all its jobs have ended, in milliseconds. */
const PAUSE_MS = 1_000;

/**
 * Waits for the last of the jobs of a batch that have not ended, or for a while where there is none: the batch is told of an end a moment
 * after it can be read.
 */
export async function waitForLastJob(
  pending: AsyncIterable<Pick<Job, "id">>,
  waitFor: (id: string, waitSeconds: number, signal?: AbortSignal) => Promise<unknown>,
  signal: AbortSignal | undefined,
): Promise<void> {
  let last: string | undefined;
  for await (const { id } of pending) last = id;
  if (last === undefined) await pause(PAUSE_MS, signal);
  else await waitFor(last, MAX_WAIT_SECONDS, signal);
}
