import type { QueueSample } from "../metrics.ts";
import type { Random } from "./random.ts";

const MINUTE = 60;
/** SQS reports a queue for six hours after the last call on it (Amazon SQS: available CloudWatch metrics). */
const ACTIVE_SECONDS = 6 * 3_600;
/** A queue that becomes active again is reported after up to 15 minutes. */
const MOST_AWAKENING_SECONDS = 15 * MINUTE;
/** A minute's sample is there up to a minute after it was taken. */
const MOST_LATE_SECONDS = MINUTE;
/** Older ones are of no alarm here. */
const KEPT_MINUTES = 1_500;

/** What SQS tells CloudWatch of a queue: a sample a minute, late, and none for a queue at rest. */
export class QueueMetrics {
  readonly #random: Random;
  readonly #samples = new Map<number, { readonly sample: QueueSample; readonly availableAt: number }>();
  #activeUntil: number;
  #reportedFrom = 0;

  /** @param isRested whether the queue has been at rest; else it is reported from the start, and always. */
  constructor(random: Random, isRested: boolean) {
    this.#random = random;
    this.#activeUntil = isRested ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }

  /** A call on the queue. */
  called(now: number): void {
    if (now > this.#activeUntil) this.#reportedFrom = now + this.#random.uniform() * MOST_AWAKENING_SECONDS;
    this.#activeUntil = Math.max(this.#activeUntil, now + ACTIVE_SECONDS);
  }

  /** Takes the sample of the minute of `now`; to be called once in each. */
  take(now: number, sample: QueueSample): void {
    if (now > this.#activeUntil || now < this.#reportedFrom) return;
    const minute = Math.floor(now / MINUTE);
    this.#samples.set(minute, { sample, availableAt: now + this.#random.uniform() * MOST_LATE_SECONDS });
    this.#samples.delete(minute - KEPT_MINUTES);
  }

  /** The latest whole minutes, oldest first, as they are known now. */
  latest(now: number, minutes: number): readonly QueueSample[] {
    const ended = Math.floor(now / MINUTE);
    return Array.from({ length: Math.min(minutes, ended) }, (_, index) => {
      const found = this.#samples.get(ended - Math.min(minutes, ended) + index);
      return found !== undefined && found.availableAt <= now ? found.sample : {};
    });
  }
}
