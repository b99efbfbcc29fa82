/** Of the mean, the share that the newest slot has. */
const NEWEST_SHARE = 0.2;

/** How fast slots fall free, from how long they were held of late. */
export class SlotPace {
  readonly #slots: number;
  #heldMs: number | undefined;

  constructor(slots: number) {
    this.#slots = slots;
  }

  /** A slot fell free, after so many milliseconds. */
  freed(heldMs: number): void {
    this.#heldMs = this.#heldMs === undefined ? heldMs : this.#heldMs + NEWEST_SHARE * (heldMs - this.#heldMs);
  }

  /** It was slower than it seemed to be: nothing is known until a slot falls free. */
  forget(): void {
    this.#heldMs = undefined;
  }

  /** How many messages find a slot within so many milliseconds, when all are busy; 0 while that is not known. */
  freeWithin(milliseconds: number): number {
    return this.#heldMs === undefined ? 0 : Math.floor((this.#slots * milliseconds) / this.#heldMs);
  }
}
