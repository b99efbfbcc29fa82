/** A task that ran for so long had started well. */
const STARTED_WELL_MS = 10_000;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;

/** Delays the replacement of tasks that end soon after their start, ever longer, as ECS throttles such a service. */
export class CrashLog {
  readonly #crashes = new Map<string, { readonly count: number; readonly heldUntil: number }>();

  /**
   * Notes that a task ended by itself.
   *
   * @returns milliseconds to wait for its replacement.
   */
  crashed(service: string, now: number, ranMs: number): number {
    if (ranMs >= STARTED_WELL_MS) {
      this.#crashes.delete(service);
      return 0;
    }
    const count = (this.#crashes.get(service)?.count ?? 0) + 1;
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (count - 1));
    this.#crashes.set(service, { count, heldUntil: now + delayMs });
    return delayMs;
  }

  /**
   * Tasks in a row that ended soon after their start: none once one has started well (ECS: `failedTasks` of a deployment).
   *
   * @param startedAt when the oldest task that runs was started; infinite where none does.
   */
  failed(service: string, now: number, startedAt: number): number {
    return now - startedAt >= STARTED_WELL_MS ? 0 : (this.#crashes.get(service)?.count ?? 0);
  }

  /** Until when no task of the service starts, in epoch milliseconds. */
  heldUntil(service: string): number {
    return this.#crashes.get(service)?.heldUntil ?? 0;
  }

  /** Forgets a service's crashes, as its tasks run something else now. */
  forget(service: string): void {
    this.#crashes.delete(service);
  }
}
