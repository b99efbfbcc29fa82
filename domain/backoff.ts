export interface Backoff {
  readonly baseSeconds: number;
  readonly maxSeconds: number;
}

/**
 * Full jitter: a random time up to an exponentially growing bound, so that jobs that failed together do not come back
 * together (AWS Architecture Blog, "Exponential Backoff And Jitter").
 *
 * @param attempt 1 for the delay after the first failure.
 * @param random a number from 0 up to 1.
 * @returns seconds, from 0 to `maxSeconds`.
 */
export function fullJitterSeconds(
  attempt: number,
  { baseSeconds, maxSeconds }: Backoff,
  random: () => number = Math.random,
): number {
  return random() * Math.min(maxSeconds, baseSeconds * 2 ** (attempt - 1));
}
