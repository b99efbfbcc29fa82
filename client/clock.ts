/** AWS takes signatures whose time is less than 5 minutes from its own (Signature Version 4). */
const TOLERATED_MS = 5 * 60_000;

/** The time for signatures: this machine's, until the API shows that it is wrong. */
export class Clock {
  #offsetMs = 0;

  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  /**
   * Sets the clock by an answer that refused a signature. @param date its `Date` header.
   * @returns whether the clock had been wrong by more than AWS bears, so that another try may be taken.
   */
  correct(date: string | null): boolean {
    const theirs = date === null ? Number.NaN : Date.parse(date);
    const isWrong = Math.abs(theirs - this.now().getTime()) >= TOLERATED_MS;
    if (isWrong) this.#offsetMs = theirs - Date.now();
    return isWrong;
  }
}
