/**
 * Those who may add to a batch soon. Whoever waits for others to share a call waits in vain once everybody here waits, too: a job that is
 * alone is told of at once, and the last of many are.
 */
export class Company {
  #present = 0;
  #waiting = 0;
  #batches = new Set<() => void>();

  enter(): void {
    this.#present += 1;
  }

  leave(): void {
    this.#present -= 1;
    this.#look();
  }

  /** An entry waits for others. @param send sends its batch soon. */
  wait(send: () => void): void {
    this.#waiting += 1;
    this.#batches.add(send);
    this.#look();
  }

  /** So many entries wait no longer. */
  went(entries: number): void {
    this.#waiting -= entries;
  }

  #look(): void {
    if (this.#waiting < this.#present) return;
    const batches = this.#batches;
    this.#batches = new Set();
    for (const send of batches) send();
  }
}
