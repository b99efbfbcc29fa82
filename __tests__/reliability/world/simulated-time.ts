import { syncBuiltinESMExports } from "node:module";
import timersPromises from "node:timers/promises";
import { currentProcess, type SimulatedProcess } from "./simulated-process.ts";
import { SimulatedTimer } from "./simulated-timer.ts";

type Callback = (...values: unknown[]) => void;

/**
 * Time that passes only when the harness says so. While it is installed, `Date.now` is the world's clock for all of this
 * Node process, the emulators included, so that visibility timeouts, delays and leases end by it. Timers of simulated
 * processes fire by it too, the backoffs of the SDK among them; everybody else's are real. The jitter of such backoffs is the
 * process's own chance.
 */
export class SimulatedTime {
  readonly #real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
    dateNow: Date.now,
    performanceNow: performance.now.bind(performance),
    delay: timersPromises.setTimeout,
    random: Math.random,
  };
  #timers = new Set<SimulatedTimer>();
  #now = this.#real.dateNow();

  /** Epoch milliseconds. */
  get now(): number {
    return this.#now;
  }

  install(): void {
    const { setTimeout, clearTimeout, setInterval, clearInterval, performanceNow, delay, random } = this.#real;
    const clear = (real: (timer: NodeJS.Timeout) => void) => (timer: unknown) => {
      if (timer instanceof SimulatedTimer) this.#timers.delete(timer);
      else real(timer as NodeJS.Timeout);
    };
    Object.assign(globalThis, {
      setTimeout: (callback: Callback, ms?: number, ...values: unknown[]) => {
        const process = currentProcess();
        return process === undefined ? setTimeout(callback, ms, ...values) : this.#start(process, callback, values, ms, false);
      },
      setInterval: (callback: Callback, ms?: number, ...values: unknown[]) => {
        const process = currentProcess();
        return process === undefined ? setInterval(callback, ms, ...values) : this.#start(process, callback, values, ms, true);
      },
      clearTimeout: clear(clearTimeout),
      clearInterval: clear(clearInterval),
    });
    Date.now = () => this.#now;
    performance.now = () => (currentProcess() === undefined ? performanceNow() : this.#now);
    Math.random = () => currentProcess()?.random() ?? random();
    timersPromises.setTimeout = (async (ms?: number, value?: unknown, options?: { signal?: AbortSignal }) =>
      currentProcess() === undefined
        ? await delay(ms, value, options)
        : await this.#delay(ms, value, options)) as typeof timersPromises.setTimeout;
    syncBuiltinESMExports();
  }

  uninstall(): void {
    const { dateNow, performanceNow, delay, random, ...timers } = this.#real;
    Object.assign(globalThis, timers);
    Date.now = dateNow;
    performance.now = performanceNow;
    Math.random = random;
    timersPromises.setTimeout = delay;
    syncBuiltinESMExports();
  }

  /** Moves the clock on; nothing fires by itself. @param epochMs never less than `now`. */
  advanceTo(epochMs: number): void {
    this.#now = Math.max(this.#now, epochMs);
  }

  /** When the next timer of a running process is due, in epoch milliseconds. */
  nextDue(): number | undefined {
    return this.#next()?.due;
  }

  /** Whether a process that is not gone waits for a time: an interval is no waiting. */
  get hasTimeouts(): boolean {
    for (const { process, intervalMs } of this.#timers) if (intervalMs === undefined && !process.gone) return true;
    return false;
  }

  /** What processes that are not gone wait for: each timer's process, and milliseconds until it is due. */
  waits(): { readonly process: SimulatedProcess; readonly ms: number }[] {
    const living = [...this.#timers].filter(({ process }) => !process.gone);
    return living.map(({ process, due }) => ({ process, ms: due - this.#now }));
  }

  /** Fires the first of the timers that are due. @returns whether there was one. */
  fireDue(): boolean {
    const timer = this.#next();
    if (timer === undefined || timer.due > this.#now) return false;
    if (timer.intervalMs === undefined) this.#timers.delete(timer);
    else timer.due = this.#now + timer.intervalMs;
    timer.process.run(timer.callback);
    return true;
  }

  /** Forgets all timers. */
  clear(): void {
    this.#timers = new Set();
  }

  #next(): SimulatedTimer | undefined {
    let next: SimulatedTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.process.gone) this.#timers.delete(timer);
      else if (timer.process.running && (next === undefined || timer.due < next.due)) next = timer;
    }
    return next;
  }

  #start(process: SimulatedProcess, callback: Callback, values: unknown[], ms = 0, repeats: boolean): SimulatedTimer {
    const wait = Math.max(1, Math.ceil(ms));
    const timer = new SimulatedTimer(process, () => callback(...values), this.#now + wait, repeats ? wait : undefined);
    this.#timers.add(timer);
    return timer;
  }

  async #delay(ms?: number, value?: unknown, { signal }: { signal?: AbortSignal } = {}): Promise<unknown> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => resolve(value), ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
    return await promise;
  }
}
