/** How long the main thread's turns must stand still before it counts as blocked, in milliseconds. */
const BLOCKED_MS = 3_000;

/**
 * Sees whether the main thread is blocked, by a counter that it raises as it turns. Time is counted in the ticks of the
 * watching thread, so that a process that was stopped as a whole (SIGSTOP) does not look blocked when it goes on.
 */
export class MainThreadWatch {
  readonly #pulse: Int32Array;
  readonly #ticksUntilBlocked: number;
  #lastPulse = -1;
  #ticks = 0;

  constructor(pulse: Int32Array, tickMs: number) {
    this.#pulse = pulse;
    this.#ticksUntilBlocked = Math.ceil(BLOCKED_MS / tickMs);
  }

  /** To be called once a tick. */
  isBlocked(): boolean {
    const pulse = Atomics.load(this.#pulse, 0);
    this.#ticks = pulse === this.#lastPulse ? this.#ticks + 1 : 0;
    this.#lastPulse = pulse;
    return this.#ticks >= this.#ticksUntilBlocked;
  }
}
