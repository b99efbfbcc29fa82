/** A message that a receive has hidden, or that was sent with a delay. */
export interface HiddenMessage {
  readonly queueUrl: string;
  readonly messageId: string;
  /** The job ID. */
  readonly body: string;
  /** Undefined for a delayed message, which nobody has received. */
  readonly receiptHandle: string | undefined;
  /** Epoch milliseconds by the world's clock. */
  readonly visibleAt: number;
}

/**
 * What the queues hold, and until when, by the calls that took effect. It decides when a worker's long poll ends and when
 * something is to be waited for; verdicts look at the queues themselves. As in the emulator, a message whose visibility
 * timeout has ended can be hidden or deleted by its old receipt handle until somebody receives.
 */
export class MessageLedger {
  readonly #visible = new Map<string, number>();
  /** By receipt handle or, for delayed messages, by message ID. */
  readonly #hidden = new Map<string, HiddenMessage>();
  readonly #now: () => number;

  /** @param now the world's clock, in epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  sent(queueUrl: string, messageId: string, body: string, delaySeconds: number): void {
    if (delaySeconds === 0) this.#show(queueUrl, 1);
    else
      this.#hidden.set(messageId, { queueUrl, messageId, body, receiptHandle: undefined, visibleAt: this.#after(delaySeconds) });
  }

  /** @param visibilitySeconds the visibility timeout of the receive or its queue. */
  received(
    queueUrl: string,
    messages: readonly { readonly messageId: string; readonly body: string; readonly receiptHandle: string }[],
    visibilitySeconds: number,
  ): void {
    this.#reveal(queueUrl);
    const visibleAt = this.#after(visibilitySeconds);
    for (const message of messages) this.#hidden.set(message.receiptHandle, { queueUrl, ...message, visibleAt });
    this.#show(queueUrl, -messages.length);
  }

  /** Visible messages that a receive did not find: there are none. @returns how many there should have been. */
  foundNoMore(queueUrl: string): number {
    this.#reveal(queueUrl);
    const missing = this.#visible.get(queueUrl) ?? 0;
    this.#visible.delete(queueUrl);
    return missing;
  }

  deadLettered(queueUrl: string): void {
    this.#show(queueUrl, 1);
  }

  visibilityChanged(receiptHandle: string, seconds: number): void {
    const message = this.#hidden.get(receiptHandle);
    if (message === undefined) return;
    if (seconds > 0) {
      this.#hidden.set(receiptHandle, { ...message, visibleAt: this.#after(seconds) });
    } else {
      // The emulator forgets the receipt handle of a message that is handed back.
      this.#hidden.delete(receiptHandle);
      this.#show(message.queueUrl, 1);
    }
  }

  deleted(receiptHandle: string): void {
    this.#hidden.delete(receiptHandle);
  }

  /** Messages that are hidden now. */
  hidden(queueUrl: string): HiddenMessage[] {
    return this.#of(queueUrl).filter(({ visibleAt }) => visibleAt > this.#now());
  }

  /** Messages that can be received now. */
  visible(queueUrl: string): number {
    const shown = this.#of(queueUrl).filter(({ visibleAt }) => visibleAt <= this.#now());
    return (this.#visible.get(queueUrl) ?? 0) + shown.length;
  }

  get isEmpty(): boolean {
    return this.#hidden.size === 0 && [...this.#visible.values()].every((count) => count === 0);
  }

  /** When the next message becomes visible, in epoch milliseconds. */
  nextDue(): number | undefined {
    let next: number | undefined;
    for (const { visibleAt } of this.#hidden.values()) {
      if (visibleAt > this.#now() && (next === undefined || visibleAt < next)) next = visibleAt;
    }
    return next;
  }

  #of(queueUrl: string): HiddenMessage[] {
    return [...this.#hidden.values()].filter((message) => message.queueUrl === queueUrl);
  }

  /** Shows the messages whose time has come: their receipt handles are of no use any more. */
  #reveal(queueUrl: string): void {
    for (const [key, message] of this.#hidden) {
      if (message.queueUrl !== queueUrl || message.visibleAt > this.#now()) continue;
      this.#hidden.delete(key);
      this.#show(queueUrl, 1);
    }
  }

  #show(queueUrl: string, count: number): void {
    this.#visible.set(queueUrl, Math.max(0, (this.#visible.get(queueUrl) ?? 0) + count));
  }

  #after(seconds: number): number {
    return this.#now() + seconds * 1_000;
  }
}
