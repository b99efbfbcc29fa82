const FIRST_CAPACITY = 1 << 14;

/** States as vectors of small integers, each under an index in the order of its first visit. */
export class StateTable {
  readonly #width: number;
  #states: Uint16Array;
  /** Open addressing: 1 + index, 0 where free. */
  #slots = new Int32Array(2 * FIRST_CAPACITY);
  #size = 0;

  /** @param width numbers of a state, each below 65,536. */
  constructor(width: number) {
    this.#width = width;
    this.#states = new Uint16Array(FIRST_CAPACITY * width);
  }

  get size(): number {
    return this.#size;
  }

  /** The index of a state; adds it where it is new: then the table's `size` grows by one. */
  add(state: Uint16Array): number {
    if (this.#size * this.#width === this.#states.length) this.#grow();
    const slot = this.#find(state);
    const found = this.#slots[slot]!;
    if (found > 0) return found - 1;
    this.#states.set(state, this.#size * this.#width);
    this.#size += 1;
    this.#slots[slot] = this.#size;
    return this.#size - 1;
  }

  /** A view of the state under an index, valid until the next `add`. */
  at(index: number): Uint16Array {
    return this.#states.subarray(index * this.#width, (index + 1) * this.#width);
  }

  #find(state: Uint16Array): number {
    const mask = this.#slots.length - 1;
    let slot = hash(state) & mask;
    for (let found = this.#slots[slot]!; found > 0; found = this.#slots[slot]!) {
      if (this.#equals(found - 1, state)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #equals(index: number, state: Uint16Array): boolean {
    const start = index * this.#width;
    for (let place = 0; place < this.#width; place += 1) {
      if (this.#states[start + place] !== state[place]) return false;
    }
    return true;
  }

  #grow(): void {
    const states = new Uint16Array(this.#states.length * 2);
    states.set(this.#states);
    this.#states = states;
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let index = 0; index < this.#size; index += 1) this.#slots[this.#find(this.at(index))] = index + 1;
  }
}

/** FNV-1a over the numbers, with a last mix for the low bits. */
function hash(state: Uint16Array): number {
  let value = 0x811c9dc5;
  for (let place = 0; place < state.length; place += 1) value = Math.imul(value ^ state[place]!, 0x01000193);
  return Math.imul(value ^ (value >>> 15), 0x2c1b3c6d) ^ (value >>> 13);
}
