/** What is to happen, in order of time; what is at the same time happens in the order in which it was asked for. */
export class Timeline {
  readonly #heap: { readonly at: number; readonly order: number; readonly act: () => void }[] = [];
  #order = 0;
  #now = 0;

  /** Seconds since the start. */
  get now(): number {
    return this.#now;
  }

  /** @param at seconds since the start; what is past happens next. */
  at(at: number, act: () => void): void {
    const heap = this.#heap;
    const entry = { at: Math.max(at, this.#now), order: this.#order, act };
    this.#order += 1;
    let place = heap.push(entry) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(entry, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = entry;
  }

  /** Does the next thing. @returns false when there is none. */
  step(): boolean {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined) return false;
    if (heap.length > 0) this.#sink(last);
    this.#now = first.at;
    first.act();
    return true;
  }

  #sink(entry: { readonly at: number; readonly order: number; readonly act: () => void }): void {
    const heap = this.#heap;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const [leftEntry, rightEntry] = [heap[left], heap[left + 1]];
      if (leftEntry === undefined) break;
      const goesRight = rightEntry !== undefined && isBefore(rightEntry, leftEntry);
      const next = goesRight ? rightEntry : leftEntry;
      if (!isBefore(next, entry)) break;
      heap[place] = next;
      place = goesRight ? left + 1 : left;
    }
    heap[place] = entry;
  }
}

function isBefore(one: { at: number; order: number }, other: { at: number; order: number }): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
