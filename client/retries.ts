import { JobsApiError } from "./jobs-api-error.ts";
import { pause } from "./pause.ts";

/** How a call is tried again that met a 429, a 503 or a broken connection. */
export interface RetrySettings {
  /** How often it is tried in all. @default 5 */
  readonly tries: number;
  /** The longest pause after the first failure, in milliseconds; it doubles with each further one. @default 200 */
  readonly baseMs: number;
  /** The longest pause of all, in milliseconds. @default 20,000 */
  readonly maxMs: number;
}

export const RETRIES: RetrySettings = { tries: 5, baseMs: 200, maxMs: 20_000 };

/** A server that asks for more patience than this, in seconds, is left alone: the caller is told, with `retryAfterSeconds`. */
const MAX_RETRY_AFTER_SECONDS = 60;

/** Too many requests, and a service that is overloaded, slow or restarting. */
const RETRIED_STATUSES: ReadonlySet<unknown> = new Set([429, 503]);

/**
 * Milliseconds before the next try: full jitter, a random time up to an exponential bound, so that callers who failed together do not
 * come back together; and never before the server asked for.
 *
 * @param failures tries so far, from 1.
 * @param random from 0 to 1.
 */
export function retryDelayMs(
  failures: number,
  askedSeconds: number | undefined,
  { baseMs, maxMs }: RetrySettings,
  random: number,
): number {
  return (askedSeconds ?? 0) * 1_000 + random * Math.min(maxMs, baseMs * 2 ** (failures - 1));
}

/** `Retry-After` in seconds: it is a number of them, or a date (RFC 9110, 10.2.3). @param now epoch milliseconds. */
export function retryAfterSeconds(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  // Dates begin with the day's name; the parser takes much else for one.
  const date = /^[A-Z]/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1_000));
}

/** Whether trying again may help, and the server does not ask for too long a pause. */
function isRetried(error: unknown, alsoRetried: (error: JobsApiError) => boolean): error is JobsApiError {
  if (!(error instanceof JobsApiError) || (error.retryAfterSeconds ?? 0) > MAX_RETRY_AFTER_SECONDS) return false;
  return error.code === "NetworkError" || RETRIED_STATUSES.has(error.status) || alsoRetried(error);
}

export interface RetryOptions {
  readonly settings: RetrySettings;
  readonly signal?: AbortSignal | undefined;
  /** What else is tried again. @default nothing */
  readonly alsoRetried?: (error: JobsApiError) => boolean;
}

/** Runs what may be repeated without harm until it succeeds, may not be repeated, or has been tried often enough. */
export async function withRetries<T>(
  run: () => Promise<T>,
  { settings, signal, alsoRetried = () => false }: RetryOptions,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    signal?.throwIfAborted();
    try {
      return await run();
    } catch (error) {
      if (failures >= settings.tries || !isRetried(error, alsoRetried)) throw error;
      await pause(retryDelayMs(failures, error.retryAfterSeconds, settings, Math.random()), signal);
    }
  }
}
