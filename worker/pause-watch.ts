export interface PauseWatchSettings {
  /** Reads whether the type is paused, as all changes before left it. */
  readonly read: () => Promise<boolean>;
  /** Milliseconds for which an answer holds, from when it was asked for. */
  readonly everyMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onChange: (paused: boolean) => void;
  readonly onError: (error: Error) => void;
}

/** While reading fails, the last answer holds for so long; then nothing starts until it is known again that something may. */
const HOLDS_AT_MOST_MS = 60_000;
/** Milliseconds after which a read that failed is made again. */
const AGAIN_MS = 1_000;

/**
 * Knows whether the worker's type is paused: one read every few seconds, whatever number of jobs ask, and none while none does. A claim that
 * begins later than that after a pause does not find it open; where reads fail, later than a minute.
 */
export class PauseWatch {
  readonly #settings: PauseWatchSettings;
  #known: { readonly paused: boolean; readonly askedAt: number } | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(settings: PauseWatchSettings) {
    this.#settings = settings;
  }

  /** Never throws: what is not known counts as paused. */
  async isPaused(): Promise<boolean> {
    const { everyMs } = this.#settings;
    if (!this.#isKnownFor(everyMs)) await this.#readOnce();
    // The process may have stood still while it waited for the answer.
    if (!this.#isKnownFor(everyMs)) await this.#readOnce();
    return this.#isKnownFor(Math.max(everyMs, HOLDS_AT_MOST_MS)) ? this.#known?.paused === true : true;
  }

  /** A clock that was set back makes an answer one of the future, which is of no use either. */
  #isKnownFor(milliseconds: number): boolean {
    return this.#known !== undefined && this.#isWithin(this.#known.askedAt, milliseconds);
  }

  #isWithin(since: number, milliseconds: number): boolean {
    const age = this.#settings.now() - since;
    return age >= 0 && age < milliseconds;
  }

  async #readOnce(): Promise<void> {
    if (this.#reading === undefined && this.#isWithin(this.#failedAt, AGAIN_MS)) return;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  async #read(): Promise<void> {
    const { read, now, onChange, onError } = this.#settings;
    const askedAt = now();
    try {
      const paused = await read();
      if (paused !== (this.#known?.paused ?? false)) onChange(paused);
      this.#known = { paused, askedAt };
    } catch (error) {
      this.#failedAt = now();
      onError(error as Error);
    }
  }
}
