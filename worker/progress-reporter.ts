import type { Progress } from "@autoscaling-job-queues/domain/job";
import { MAX_MESSAGE_CHARACTERS } from "@autoscaling-job-queues/domain/limits";

/** Writes a job's progress: the first report at once, then the newest one, at most once in `intervalMs`. */
export class ProgressReporter {
  readonly #write: (progress: Progress) => Promise<unknown>;
  readonly #intervalMs: number;
  #newest: Progress | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** @param write must not throw; progress is not worth failing a job for. */
  constructor(write: (progress: Progress) => Promise<unknown>, intervalMs: number) {
    this.#write = write;
    this.#intervalMs = intervalMs;
  }

  report(fraction: number, message?: string): void {
    if (this.#stopped) return;
    this.#newest = {
      fraction,
      ...(message === undefined ? {} : { message: message.slice(0, MAX_MESSAGE_CHARACTERS).toWellFormed() }),
    };
    if (this.#timer === undefined) this.#flush();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#newest === undefined) return;
    void this.#write(this.#newest);
    this.#newest = undefined;
    this.#timer = setTimeout(() => this.#flush(), this.#intervalMs);
  }
}
