import type { SimulatedProcess } from "./simulated-process.ts";

/** What `setTimeout` and `setInterval` give to a simulated process. It keeps no event loop alive. */
export class SimulatedTimer {
  readonly process: SimulatedProcess;
  readonly callback: () => void;
  readonly intervalMs: number | undefined;
  /** Epoch milliseconds. */
  due: number;

  constructor(process: SimulatedProcess, callback: () => void, due: number, intervalMs: number | undefined) {
    this.process = process;
    this.callback = callback;
    this.due = due;
    this.intervalMs = intervalMs;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}
