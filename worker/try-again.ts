import { setTimeout as delay } from "node:timers/promises";
import { fullJitterSeconds } from "@autoscaling-job-queues/domain/backoff";

export interface TryAgainSettings {
  /** Milliseconds from the first failure. */
  readonly giveUpMs: number;
  /** Ends the tries early. */
  readonly pointless?: () => boolean;
  readonly onFailure?: (error: Error) => void;
}

const BACKOFF = { baseSeconds: 0.2, maxSeconds: 5 };

/**
 * Makes a call until it succeeds. The SDK has retried each failure already, so this outlives outages of a minute.
 *
 * @throws the last error, when the time is up or another try is pointless.
 */
export async function tryAgain<Result>(
  call: () => Promise<Result>,
  { giveUpMs, pointless = () => false, onFailure = () => {} }: TryAgainSettings,
): Promise<Result> {
  let firstFailure: number | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      onFailure(error as Error);
      firstFailure ??= performance.now();
      if (pointless() || performance.now() - firstFailure > giveUpMs) throw error;
      await delay(1_000 * fullJitterSeconds(attempt, BACKOFF));
    }
  }
}
