import { setTimeout as delay } from "node:timers/promises";
import { fullJitterSeconds } from "./backoff.ts";
import type { Company } from "./company.ts";

/** Why one entry of a batch failed. */
export interface EntryFailure {
  readonly code: string;
  readonly message: string;
  /** The entry itself is wrong (AWS `SenderFault`): sending it again cannot help. */
  readonly senderFault: boolean;
}

export interface BatcherSettings<Entry> {
  /**
   * Sends one batch. Returns each entry's failure, by its place in the batch, an Error where it is its caller's to try again; throws when
   * all of it failed.
   */
  readonly send: (entries: readonly Entry[]) => Promise<ReadonlyMap<number, EntryFailure | Error>>;
  readonly maxEntries: number;
  /** @default unlimited */
  readonly maxBytes?: number;
  /** Size of one entry, in bytes. */
  readonly bytesOf?: (entry: Entry) => number;
  /** Milliseconds that an entry waits for others. @default 0: only for entries added in the same turn of the event loop */
  readonly lingerMs?: number;
  /** Whose entries it waits for: once all of them wait, none lingers. @default anybody's */
  readonly company?: Company | undefined;
  /** Tries for an entry that failed within a batch that went through. @default 5 */
  readonly tries?: number;
}

interface Waiting<Entry> {
  readonly entry: Entry;
  tries: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class BatchEntryError extends Error {
  readonly code: string;
  constructor({ code, message }: EntryFailure) {
    super(`${code}: ${message}`);
    this.name = "BatchEntryError";
    this.code = code;
  }
}

/**
 * Gathers entries of concurrent callers into batch calls. Each caller learns the fate of its own entry; entries that
 * fail within a batch that AWS answered with 200 are sent again, with full jitter.
 */
export class Batcher<Entry> {
  readonly #settings: Required<Omit<BatcherSettings<Entry>, "company">>;
  readonly #company: Company | undefined;
  #waiting: Waiting<Entry>[] = [];
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;

  constructor({ company, ...settings }: BatcherSettings<Entry>) {
    this.#company = company;
    this.#settings = { maxBytes: Number.POSITIVE_INFINITY, bytesOf: () => 0, lingerMs: 0, tries: 5, ...settings };
  }

  /** Adds an entry; settles when its batch has been answered. */
  add(entry: Entry): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#enqueue({ entry, tries: 0, resolve, reject });
    return promise;
  }

  #enqueue(waiting: Waiting<Entry>): void {
    this.#waiting.push(waiting);
    this.#company?.wait(this.#flushSoon);
    if (this.#waiting.length >= this.#settings.maxEntries) {
      this.#flush();
    } else if (this.#timer === undefined) {
      const { lingerMs } = this.#settings;
      this.#timer = lingerMs === 0 ? setImmediate(this.#flush) : setTimeout(this.#flush, lingerMs);
    }
  }

  /** With what is added in this turn of the event loop. */
  readonly #flushSoon = (): void => {
    if (this.#waiting.length === 0) return;
    this.#clearTimer();
    this.#timer = setImmediate(this.#flush);
  };

  readonly #flush = (): void => {
    this.#clearTimer();
    while (this.#waiting.length > 0) void this.#send(this.#takeBatch());
  };

  #clearTimer(): void {
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
    this.#timer = undefined;
  }

  #takeBatch(): Waiting<Entry>[] {
    const { maxEntries, maxBytes, bytesOf } = this.#settings;
    let count = 0;
    let bytes = 0;
    for (const { entry } of this.#waiting.slice(0, maxEntries)) {
      bytes += bytesOf(entry);
      if (count > 0 && bytes > maxBytes) break;
      count += 1;
    }
    this.#company?.went(count);
    return this.#waiting.splice(0, count);
  }

  async #send(batch: readonly Waiting<Entry>[]): Promise<void> {
    try {
      const failures = await this.#settings.send(batch.map(({ entry }) => entry));
      for (const [index, waiting] of batch.entries()) {
        const failure = failures.get(index);
        if (failure === undefined) waiting.resolve();
        else if (failure instanceof Error) waiting.reject(failure);
        else void this.#sendAgain(waiting, failure);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error as Error);
    }
  }

  async #sendAgain(waiting: Waiting<Entry>, failure: EntryFailure): Promise<void> {
    waiting.tries += 1;
    if (failure.senderFault || waiting.tries >= this.#settings.tries) {
      waiting.reject(new BatchEntryError(failure));
      return;
    }
    await delay(1_000 * fullJitterSeconds(waiting.tries, { baseSeconds: 0.05, maxSeconds: 1 }));
    this.#enqueue(waiting);
  }
}

/** The `Failed` entries of an SQS or SNS batch answer, by the place that each entry's `Id` names. */
export function entryFailures(
  failed: readonly {
    Id?: string | undefined;
    Code?: string | undefined;
    Message?: string | undefined;
    SenderFault?: boolean | undefined;
  }[] = [],
): Map<number, EntryFailure> {
  return new Map(
    failed.map(({ Id, Code, Message, SenderFault }) => [
      Number(Id),
      { code: Code ?? "Unknown", message: Message ?? "no message", senderFault: SenderFault ?? false },
    ]),
  );
}
