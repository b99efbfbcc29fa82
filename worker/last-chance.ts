import type { ReceivedMessage } from "@autoscaling-job-queues/domain/job-queue";

/**
 * The one place of a worker for a job whose worker died and that is on its last attempt. It may be the job that brings
 * workers down; run beside it, others would lose their last attempt with it. The place belongs to one receive, not to the job:
 * a second message of the same job, which is only put back, must not free it.
 */
export class LastChance {
  #holder: ReceivedMessage | undefined;

  /** @returns whether the place is this receive's. */
  acquire(message: ReceivedMessage): boolean {
    this.#holder ??= message;
    return this.#holder === message;
  }

  /** Frees the place, if it is this receive's. */
  release(message: ReceivedMessage): void {
    if (this.#holder === message) this.#holder = undefined;
  }
}
