import type { ReceivedMessage } from "@autoscaling-job-queues/domain/job-queue";

export interface AheadSettings {
  /** Milliseconds after which a message that has not been taken is handed back. */
  readonly atMostMs: number;
  /** Milliseconds of a clock that is never set. */
  readonly clock: () => number;
  /** Hands a message back; must not throw. */
  readonly handBack: (message: ReceivedMessage) => Promise<void>;
  /** Called when messages have waited for too long. */
  readonly onLate: () => void;
}

/**
 * Messages that were received before there was a slot for them, oldest first. They are hidden from other workers, so that none stays for
 * long: each is taken, or handed back, long before its visibility timeout ends.
 */
export class Ahead {
  readonly #settings: AheadSettings;
  #waiting: { readonly message: ReceivedMessage; readonly since: number }[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #handBacks = new Set<Promise<void>>();

  constructor(settings: AheadSettings) {
    this.#settings = settings;
  }

  get size(): number {
    return this.#waiting.length;
  }

  add(message: ReceivedMessage): void {
    this.#waiting.push({ message, since: this.#settings.clock() });
    this.#timer ??= this.#later(this.#settings.atMostMs);
  }

  /** The oldest that has not waited for too long: the timer is late where a handler blocks the thread. */
  take(): ReceivedMessage | undefined {
    this.#handBackLate();
    return this.#waiting.shift()?.message;
  }

  /** Hands all back. */
  clear(): void {
    for (const { message } of this.#waiting.splice(0)) this.#handBack(message);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Settles when no hand-back is under way. */
  async settled(): Promise<void> {
    while (this.#handBacks.size > 0) await Promise.all(this.#handBacks);
  }

  #handBackLate(): void {
    const { atMostMs, clock, onLate } = this.#settings;
    const begin = clock() - atMostMs;
    const [oldest] = this.#waiting;
    if (oldest === undefined || oldest.since > begin) return;
    // What came with it is about to be late, too.
    this.clear();
    onLate();
  }

  #later(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = undefined;
      this.#handBackLate();
      const [oldest] = this.#waiting;
      if (oldest !== undefined) this.#timer ??= this.#later(oldest.since + this.#settings.atMostMs - this.#settings.clock());
    }, milliseconds);
  }

  #handBack(message: ReceivedMessage): void {
    const handBack = this.#settings.handBack(message).finally(() => this.#handBacks.delete(handBack));
    this.#handBacks.add(handBack);
  }
}
