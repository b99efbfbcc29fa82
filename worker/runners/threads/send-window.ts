import { LINE_BURST, lineUnits } from "../../line-limits.ts";

/**
 * Lines of a thread that are under way to the worker, in the units of `LineLimiter`: a burst of them at most. A thread that logs
 * faster than the worker writes would fill the worker's memory.
 */
export class SendWindow {
  #units = LINE_BURST;

  /** Whether a line of so many bytes may be sent now. */
  take(bytes: number): boolean {
    const units = lineUnits(bytes);
    if (this.#units < units) return false;
    this.#units -= units;
    return true;
  }

  /** The worker has written lines of so many units. */
  giveBack(units: number): void {
    this.#units += units;
  }
}

/** The worker's side: says when so many units are written that the thread should hear of it. */
export class WrittenLines {
  #units = 0;

  /** @returns units to give back now; 0 while it is not worth a message. */
  count(bytes: number): number {
    this.#units += lineUnits(bytes);
    if (this.#units < LINE_BURST / 10) return 0;
    const units = this.#units;
    this.#units = 0;
    return units;
  }
}
