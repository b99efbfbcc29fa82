/** A value that waits for its turn, and those who wait for it or for the ones whose place it took. */
interface Waiting<Value> {
  readonly value: Value;
  readonly written: PromiseWithResolvers<void>;
}

/** Writes values in order, one at a time: while one is being written, the newest takes the place of all others. */
export class NewestWrite<Value> {
  readonly #write: (value: Value) => Promise<void>;
  readonly #ready: () => Promise<void> | undefined;
  #waiting: Waiting<Value> | undefined;
  #writing: Promise<void> | undefined;

  /** @param ready waited for before each write, where it gives something to wait for. */
  constructor(write: (value: Value) => Promise<void>, ready: () => Promise<void> | undefined = () => undefined) {
    this.#write = write;
    this.#ready = ready;
  }

  /** Settles as the write does of this value or of the one that took its place. */
  put(value: Value): Promise<void> {
    const written = this.#waiting?.written ?? Promise.withResolvers<void>();
    this.#waiting = { value, written };
    this.#writing ??= this.#writeAll();
    return written.promise;
  }

  /** Takes out the value that waits; whoever waits for it hears no more. */
  take(): Value | undefined {
    const value = this.#waiting?.value;
    this.#waiting = undefined;
    return value;
  }

  /** Settles when nothing is being written, nor waits. */
  async idle(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting !== undefined) {
      const ready = this.#ready();
      if (ready !== undefined) await ready;
      const next: Waiting<Value> | undefined = this.#waiting;
      if (next === undefined) break;
      this.#waiting = undefined;
      await this.#write(next.value).then(next.written.resolve, next.written.reject);
    }
    this.#writing = undefined;
  }
}
